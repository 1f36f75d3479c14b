// The matrix product every kernel here is built on: C[M,N] = A[M,K] · B[K,N] in float32.
//
// Addresses are byte offsets into TensorFlow.js's own memory and strides are bytes. A may have any strides, so that a
// transposed A costs nothing; rows of B and of C are contiguous.
//
// Order of summation: every element of C is ((0 + a₀b₀) + a₁b₁) + … with k ascending, each product and each sum rounded
// to float32. Blocks over k store the partial sum and load it again, which changes no bit; the lanes of a vector hold
// different elements of C and are never added together. So the result does not depend on the shape of the blocks, on
// where an element lies, or on the machine.

/** Depth of a block over k: 256 rows of an 8-column panel of B are 8 kB and stay in the first-level cache. */
const BLOCK_DEPTH: i32 = 256;

/** 4 rows × 8 columns of C: eight accumulators live in registers over the whole depth. */
// @ts-ignore: decorator
@inline
function block4x8(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize,
  c: usize, cRow: usize,
  depth: i32, accumulate: bool,
): void {
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s00 = f32x4.splat(0), s01 = s00;
  let s10 = s00, s11 = s00;
  let s20 = s00, s21 = s00;
  let s30 = s00, s31 = s00;
  if (accumulate) {
    s00 = v128.load(c); s01 = v128.load(c, 16);
    s10 = v128.load(c1); s11 = v128.load(c1, 16);
    s20 = v128.load(c2); s21 = v128.load(c2, 16);
    s30 = v128.load(c3); s31 = v128.load(c3, 16);
  }
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(a0, b0));
    s01 = f32x4.add(s01, f32x4.mul(a0, b1));
    const p1 = a + aRow;
    const a1 = v128.load32_splat(p1);
    s10 = f32x4.add(s10, f32x4.mul(a1, b0));
    s11 = f32x4.add(s11, f32x4.mul(a1, b1));
    const p2 = p1 + aRow;
    const a2 = v128.load32_splat(p2);
    s20 = f32x4.add(s20, f32x4.mul(a2, b0));
    s21 = f32x4.add(s21, f32x4.mul(a2, b1));
    const p3 = p2 + aRow;
    const a3 = v128.load32_splat(p3);
    s30 = f32x4.add(s30, f32x4.mul(a3, b0));
    s31 = f32x4.add(s31, f32x4.mul(a3, b1));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s00); v128.store(c, s01, 16);
  v128.store(c1, s10); v128.store(c1, s11, 16);
  v128.store(c2, s20); v128.store(c2, s21, 16);
  v128.store(c3, s30); v128.store(c3, s31, 16);
}

/** 4 rows × 4 columns of C. */
// @ts-ignore: decorator
@inline
function block4x4(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize,
  c: usize, cRow: usize,
  depth: i32, accumulate: bool,
): void {
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  if (accumulate) {
    s0 = v128.load(c);
    s1 = v128.load(c1);
    s2 = v128.load(c2);
    s3 = v128.load(c3);
  }
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(a), b0));
    const p1 = a + aRow;
    s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(p1), b0));
    const p2 = p1 + aRow;
    s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(p2), b0));
    const p3 = p2 + aRow;
    s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(p3), b0));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s0);
  v128.store(c1, s1);
  v128.store(c2, s2);
  v128.store(c3, s3);
}

/** 4 rows × 1 column of C: four independent chains of additions. */
// @ts-ignore: decorator
@inline
function block4x1(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize,
  c: usize, cRow: usize,
  depth: i32, accumulate: bool,
): void {
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s0: f32 = 0, s1: f32 = 0, s2: f32 = 0, s3: f32 = 0;
  if (accumulate) {
    s0 = load<f32>(c);
    s1 = load<f32>(c1);
    s2 = load<f32>(c2);
    s3 = load<f32>(c3);
  }
  for (let k = 0; k < depth; k++) {
    const b0 = load<f32>(b);
    s0 += load<f32>(a) * b0;
    const p1 = a + aRow;
    s1 += load<f32>(p1) * b0;
    const p2 = p1 + aRow;
    s2 += load<f32>(p2) * b0;
    const p3 = p2 + aRow;
    s3 += load<f32>(p3) * b0;
    a += aColumn;
    b += bRow;
  }
  store<f32>(c, s0);
  store<f32>(c1, s1);
  store<f32>(c2, s2);
  store<f32>(c3, s3);
}

/** 1 row × 16 columns of C. */
// @ts-ignore: decorator
@inline
function block1x16(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, depth: i32, accumulate: bool): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  if (accumulate) {
    s0 = v128.load(c);
    s1 = v128.load(c, 16);
    s2 = v128.load(c, 32);
    s3 = v128.load(c, 48);
  }
  for (let k = 0; k < depth; k++) {
    const a0 = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(a0, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(a0, v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(a0, v128.load(b, 32)));
    s3 = f32x4.add(s3, f32x4.mul(a0, v128.load(b, 48)));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
  v128.store(c, s2, 32);
  v128.store(c, s3, 48);
}

/** 1 row × 4 columns of C. */
// @ts-ignore: decorator
@inline
function block1x4(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, depth: i32, accumulate: bool): void {
  let s0 = f32x4.splat(0);
  if (accumulate) s0 = v128.load(c);
  for (let k = 0; k < depth; k++) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(a), v128.load(b)));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s0);
}

/** One element of C. */
// @ts-ignore: decorator
@inline
function block1x1(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, depth: i32, accumulate: bool): void {
  let s: f32 = 0;
  if (accumulate) s = load<f32>(c);
  for (let k = 0; k < depth; k++) {
    s += load<f32>(a) * load<f32>(b);
    a += aColumn;
    b += bRow;
  }
  store<f32>(c, s);
}

/** All of C over one block of k: rows in fours, columns in eights, then what is left over. */
function panel(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize,
  c: usize, cRow: usize,
  rows: i32, columns: i32, depth: i32, accumulate: bool,
): void {
  const rows4 = rows & ~3;
  let j = 0;
  for (; j + 8 <= columns; j += 8) {
    const bj = b + (<usize>j << 2);
    const cj = c + (<usize>j << 2);
    for (let i = 0; i < rows4; i += 4) {
      block4x8(a + <usize>i * aRow, aRow, aColumn, bj, bRow, cj + <usize>i * cRow, cRow, depth, accumulate);
    }
  }
  for (; j + 4 <= columns; j += 4) {
    const bj = b + (<usize>j << 2);
    const cj = c + (<usize>j << 2);
    for (let i = 0; i < rows4; i += 4) {
      block4x4(a + <usize>i * aRow, aRow, aColumn, bj, bRow, cj + <usize>i * cRow, cRow, depth, accumulate);
    }
  }
  for (; j < columns; j++) {
    const bj = b + (<usize>j << 2);
    const cj = c + (<usize>j << 2);
    for (let i = 0; i < rows4; i += 4) {
      block4x1(a + <usize>i * aRow, aRow, aColumn, bj, bRow, cj + <usize>i * cRow, cRow, depth, accumulate);
    }
  }
  for (let i = rows4; i < rows; i++) {
    const ai = a + <usize>i * aRow;
    const ci = c + <usize>i * cRow;
    j = 0;
    for (; j + 16 <= columns; j += 16) {
      block1x16(ai, aColumn, b + (<usize>j << 2), bRow, ci + (<usize>j << 2), depth, accumulate);
    }
    for (; j + 4 <= columns; j += 4) {
      block1x4(ai, aColumn, b + (<usize>j << 2), bRow, ci + (<usize>j << 2), depth, accumulate);
    }
    for (; j < columns; j++) {
      block1x1(ai, aColumn, b + (<usize>j << 2), bRow, ci + (<usize>j << 2), depth, accumulate);
    }
  }
}

/** C[rows,columns] = A[rows,depth] · B[depth,columns]; depth 0 gives zeros. */
export function gemm(
  a: usize, aRowBytes: i32, aColumnBytes: i32,
  b: usize, bRowBytes: i32,
  c: usize, cRowBytes: i32,
  rows: i32, columns: i32, depth: i32,
): void {
  const aRow = <usize>aRowBytes, aColumn = <usize>aColumnBytes, bRow = <usize>bRowBytes, cRow = <usize>cRowBytes;
  let k = 0;
  do {
    panel(
      a + <usize>k * aColumn, aRow, aColumn,
      b + <usize>k * bRow, bRow,
      c, cRow,
      rows, columns, min(BLOCK_DEPTH, depth - k), k > 0,
    );
    k += BLOCK_DEPTH;
  } while (k < depth);
}
