// The tiles of C that convolutions are built of: 4 rows × 8 (or 4) columns, whose rows of A may lie anywhere.
//
// Order of summation: as in gemm.ts, every element of C is ((0 + a₀b₀) + a₁b₁) + … in float32, in the order in which the
// loops below run, whatever tile it falls into.
//
// B is packed in panels of 8 columns, rows of 32 bytes one after the other, with zeros where there is no column.

/** Bytes of a row of a packed panel. */
export const PANEL_ROW: usize = 32;
/** Bytes of a tile of 4 × 8. */
export const TILE: usize = 128;

/** C = Σ over taps t and d < depth of A(row + taps[t] + 4·d) · B(t·depth + d), 4 rows × 8 columns. */
// @ts-ignore: decorator
@inline
export function gather4x8(
  a0: usize, a1: usize, a2: usize, a3: usize,
  taps: usize, tapCount: i32, depth: i32,
  b: usize,
  c0: usize, c1: usize, c2: usize, c3: usize,
): void {
  let s00 = f32x4.splat(0), s01 = s00;
  let s10 = s00, s11 = s00;
  let s20 = s00, s21 = s00;
  let s30 = s00, s31 = s00;
  for (let t = 0; t < tapCount; t++) {
    const tap = <usize>load<u32>(taps + (<usize>t << 2));
    let p0 = a0 + tap;
    let p1 = a1 + tap;
    let p2 = a2 + tap;
    let p3 = a3 + tap;
    const end = p0 + (<usize>depth << 2);
    while (p0 < end) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const r0 = v128.load32_splat(p0);
      s00 = f32x4.add(s00, f32x4.mul(r0, b0));
      s01 = f32x4.add(s01, f32x4.mul(r0, b1));
      const r1 = v128.load32_splat(p1);
      s10 = f32x4.add(s10, f32x4.mul(r1, b0));
      s11 = f32x4.add(s11, f32x4.mul(r1, b1));
      const r2 = v128.load32_splat(p2);
      s20 = f32x4.add(s20, f32x4.mul(r2, b0));
      s21 = f32x4.add(s21, f32x4.mul(r2, b1));
      const r3 = v128.load32_splat(p3);
      s30 = f32x4.add(s30, f32x4.mul(r3, b0));
      s31 = f32x4.add(s31, f32x4.mul(r3, b1));
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      b += PANEL_ROW;
    }
  }
  v128.store(c0, s00); v128.store(c0, s01, 16);
  v128.store(c1, s10); v128.store(c1, s11, 16);
  v128.store(c2, s20); v128.store(c2, s21, 16);
  v128.store(c3, s30); v128.store(c3, s31, 16);
}

/** The same for the first 4 columns of a panel. */
// @ts-ignore: decorator
@inline
export function gather4x4(
  a0: usize, a1: usize, a2: usize, a3: usize,
  taps: usize, tapCount: i32, depth: i32,
  b: usize,
  c0: usize, c1: usize, c2: usize, c3: usize,
): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let t = 0; t < tapCount; t++) {
    const tap = <usize>load<u32>(taps + (<usize>t << 2));
    let p0 = a0 + tap;
    let p1 = a1 + tap;
    let p2 = a2 + tap;
    let p3 = a3 + tap;
    const end = p0 + (<usize>depth << 2);
    while (p0 < end) {
      const b0 = v128.load(b);
      s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(p0), b0));
      s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(p1), b0));
      s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(p2), b0));
      s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(p3), b0));
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      b += PANEL_ROW;
    }
  }
  v128.store(c0, s0);
  v128.store(c1, s1);
  v128.store(c2, s2);
  v128.store(c3, s3);
}

/** C += Σ over positions i of A(positions[i] + 4·row) · B(i): 4 neighbouring rows × 8 columns; C's rows are 32 bytes. */
// @ts-ignore: decorator
@inline
export function correlate4x8(a: usize, positions: usize, count: i32, b: usize, c: usize): void {
  let s00 = v128.load(c), s01 = v128.load(c, 16);
  let s10 = v128.load(c, 32), s11 = v128.load(c, 48);
  let s20 = v128.load(c, 64), s21 = v128.load(c, 80);
  let s30 = v128.load(c, 96), s31 = v128.load(c, 112);
  const end = positions + (<usize>count << 2);
  while (positions < end) {
    const p = a + <usize>load<u32>(positions);
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const r0 = v128.load32_splat(p);
    s00 = f32x4.add(s00, f32x4.mul(r0, b0));
    s01 = f32x4.add(s01, f32x4.mul(r0, b1));
    const r1 = v128.load32_splat(p, 4);
    s10 = f32x4.add(s10, f32x4.mul(r1, b0));
    s11 = f32x4.add(s11, f32x4.mul(r1, b1));
    const r2 = v128.load32_splat(p, 8);
    s20 = f32x4.add(s20, f32x4.mul(r2, b0));
    s21 = f32x4.add(s21, f32x4.mul(r2, b1));
    const r3 = v128.load32_splat(p, 12);
    s30 = f32x4.add(s30, f32x4.mul(r3, b0));
    s31 = f32x4.add(s31, f32x4.mul(r3, b1));
    positions += 4;
    b += PANEL_ROW;
  }
  v128.store(c, s00); v128.store(c, s01, 16);
  v128.store(c, s10, 32); v128.store(c, s11, 48);
  v128.store(c, s20, 64); v128.store(c, s21, 80);
  v128.store(c, s30, 96); v128.store(c, s31, 112);
}

/** The same for the first 4 columns of a panel. */
// @ts-ignore: decorator
@inline
export function correlate4x4(a: usize, positions: usize, count: i32, b: usize, c: usize): void {
  let s0 = v128.load(c);
  let s1 = v128.load(c, 32);
  let s2 = v128.load(c, 64);
  let s3 = v128.load(c, 96);
  const end = positions + (<usize>count << 2);
  while (positions < end) {
    const p = a + <usize>load<u32>(positions);
    const b0 = v128.load(b);
    s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(p), b0));
    s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(p, 4), b0));
    s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(p, 8), b0));
    s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(p, 12), b0));
    positions += 4;
    b += PANEL_ROW;
  }
  v128.store(c, s0);
  v128.store(c, s1, 32);
  v128.store(c, s2, 64);
  v128.store(c, s3, 96);
}
