// The matrix product: C[rows,columns] = A[rows,depth] · B[depth,columns] in float32, either factor transposed.
//
// Order of summation: every element of C is ((0 + a₀b₀) + a₁b₁) + … with k ascending, each product and each sum rounded
// to float32. The lanes of a vector hold different elements of C and are never added together. So the result does not
// depend on the shape of the blocks, on where an element lies, or on the machine.
//
// C is made in strips of 4 rows, strips in blocks of 8 columns whose sums live in registers over the whole depth. Where
// rows or columns are no multiple of that, the last block lies over the one before it and gives the same bits again.
import { transpose, transpose4x4 } from "./transpose";

/** Bytes of a row of a packed panel of B: 8 columns. */
const PANEL_ROW: usize = 32;

/** Elements of B from which on it is packed: a smaller one is in the first-level cache anyhow. */
const PACK_FROM: i32 = 8192;

/** 4 rows × 8 columns of C. */
// @ts-ignore: decorator
@inline
function block4x8(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize,
  c: usize, cRow: usize,
  depth: i32,
): void {
  let s00 = f32x4.splat(0), s01 = s00;
  let s10 = s00, s11 = s00;
  let s20 = s00, s21 = s00;
  let s30 = s00, s31 = s00;
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
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
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
  depth: i32,
): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
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
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  v128.store(c, s0);
  v128.store(c1, s1);
  v128.store(c2, s2);
  v128.store(c2 + cRow, s3);
}

/** 4 rows × 1 column of C: four independent chains of additions. */
// @ts-ignore: decorator
@inline
function block4x1(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize,
  c: usize, cRow: usize,
  depth: i32,
): void {
  let s0: f32 = 0, s1: f32 = 0, s2: f32 = 0, s3: f32 = 0;
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
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  store<f32>(c, s0);
  store<f32>(c1, s1);
  store<f32>(c2, s2);
  store<f32>(c2 + cRow, s3);
}

/** 1 row × 16 columns of C. */
// @ts-ignore: decorator
@inline
function block1x16(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, depth: i32): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
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
function block1x4(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, depth: i32): void {
  let s0 = f32x4.splat(0);
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
function block1x1(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, depth: i32): void {
  let s: f32 = 0;
  for (let k = 0; k < depth; k++) {
    s += load<f32>(a) * load<f32>(b);
    a += aColumn;
    b += bRow;
  }
  store<f32>(c, s);
}

/** 4 rows of C; blocks of 8 columns of B begin `bBlock` bytes apart, the last of them with column `columns - 8`. */
function strip(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bBlock: usize, bLast: usize,
  c: usize,
  columns: i32, depth: i32,
): void {
  const cRow = <usize>columns << 2;
  let j = 0;
  if (columns >= 8) {
    for (; j + 8 <= columns; j += 8) {
      block4x8(a, aRow, aColumn, b, bRow, c + (<usize>j << 2), cRow, depth);
      b += bBlock;
    }
    if (j < columns) block4x8(a, aRow, aColumn, bLast, bRow, c + (<usize>(columns - 8) << 2), cRow, depth);
  } else if (columns >= 4) {
    block4x4(a, aRow, aColumn, b, bRow, c, cRow, depth);
    const last = <usize>(columns - 4) << 2;
    if (last > 0) block4x4(a, aRow, aColumn, b + last, bRow, c + last, cRow, depth);
  } else {
    for (; j < columns; j++) block4x1(a, aRow, aColumn, b + (<usize>j << 2), bRow, c + (<usize>j << 2), cRow, depth);
  }
}

/** 1 row of C; rows of B are contiguous. */
function row(a: usize, aColumn: usize, b: usize, c: usize, columns: i32, depth: i32): void {
  const bRow = <usize>columns << 2;
  let j = 0;
  for (; j + 16 <= columns; j += 16) block1x16(a, aColumn, b + (<usize>j << 2), bRow, c + (<usize>j << 2), depth);
  for (; j + 4 <= columns; j += 4) block1x4(a, aColumn, b + (<usize>j << 2), bRow, c + (<usize>j << 2), depth);
  for (; j < columns; j++) block1x1(a, aColumn, b + (<usize>j << 2), bRow, c + (<usize>j << 2), depth);
}

/** Panel of 8 columns from `first` on: `depth` rows of 32 bytes. */
function packPanel(b: usize, transposed: bool, to: usize, first: i32, columns: i32, depth: i32): void {
  if (!transposed) {
    const bRow = <usize>columns << 2;
    b += <usize>first << 2;
    for (let k = 0; k < depth; k++) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, 16), 16);
      b += bRow;
      to += PANEL_ROW;
    }
    return;
  }
  const column = <usize>depth << 2;
  b += <usize>first * column;
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    transpose4x4(b, column, to, PANEL_ROW);
    transpose4x4(b + 4 * column, column, to + 16, PANEL_ROW);
    b += 16;
    to += 128;
  }
  for (; k < depth; k++) {
    for (let j: usize = 0; j < 8; j++) store<f32>(to + (j << 2), load<f32>(b + j * column));
    b += 4;
    to += PANEL_ROW;
  }
}

/** All panels of B, one after the other; the last may lie over the one before it. */
function packPanels(b: usize, transposed: bool, to: usize, columns: i32, depth: i32): void {
  for (let j = 0; j < columns; j += 8) {
    packPanel(b, transposed, to, min(j, columns - 8), columns, depth);
    to += <usize>depth << 5;
  }
}

/** 4 neighbouring columns of a matrix, as `depth` rows of 16 bytes. */
function copyStrip(from: usize, fromRow: usize, to: usize, depth: i32): void {
  const end = to + (<usize>depth << 4);
  for (; to < end; to += 16) {
    v128.store(to, v128.load(from));
    from += fromRow;
  }
}

// @ts-ignore: decorator
@inline
function isPacked(rows: i32, columns: i32, depth: i32, transposeB: bool): bool {
  return rows >= 4 && columns >= 8 && (transposeB || (rows >= 32 && columns * depth >= PACK_FROM));
}

/** Bytes of scratch that `matMul` needs. */
export function matMulScratch(rows: i32, columns: i32, depth: i32, transposeA: bool, transposeB: bool): usize {
  const ofStrip = transposeA ? <usize>depth << 4 : 0;
  const ofPanels = isPacked(rows, columns, depth, transposeB) ? <usize>((columns + 7) >> 3) * (<usize>depth << 5) : 0;
  return ofStrip + max(ofPanels, transposeB ? <usize>(depth * columns) << 2 : 0);
}

/**
 * `count` products, one after the other; depth 0 gives zeros.
 *
 * The factors of a product begin `aStep` and `bStep` bytes after those of the one before it: 0 where a factor serves all.
 */
export function matMul(
  a: usize, b: usize, c: usize, scratch: usize,
  count: i32, aStep: i32, bStep: i32,
  rows: i32, columns: i32, depth: i32,
  transposeA: bool, transposeB: bool,
): void {
  const aRow: usize = transposeA ? 4 : <usize>depth << 2;
  const aColumn: usize = transposeA ? <usize>rows << 2 : 4;
  const cRow = <usize>columns << 2;
  const packed = isPacked(rows, columns, depth, transposeB);
  // A strip of a transposed A is copied where it is read more than once.
  const copied = transposeA && columns > 8;
  const panels = scratch + (transposeA ? <usize>depth << 4 : 0);
  const panelBytes = <usize>depth << 5;
  const bRow = packed ? PANEL_ROW : cRow;
  const bBlock = packed ? panelBytes : PANEL_ROW;
  let prepared: usize = 0;
  for (let index = 0; index < count; index++) {
    let from = b;
    if (packed || transposeB) {
      if (b != prepared) {
        if (packed) packPanels(b, transposeB, panels, columns, depth);
        else transpose(b, panels, columns, depth);
      }
      prepared = b;
      from = panels;
    }
    const last = packed ? panels + <usize>(columns >> 3) * panelBytes : from + (<usize>(columns - 8) << 2);
    for (let i = 0; i < rows && rows < 4; i++) {
      row(a + <usize>i * aRow, aColumn, from, c + <usize>i * cRow, columns, depth);
    }
    for (let i = 0; i < rows && rows >= 4; i += 4) {
      const first = <usize>min(i, rows - 4);
      const ai = a + first * aRow;
      const ci = c + first * cRow;
      if (copied) {
        copyStrip(ai, aColumn, scratch, depth);
        strip(scratch, 4, 16, from, bRow, bBlock, last, ci, columns, depth);
      } else {
        strip(ai, aRow, aColumn, from, bRow, bBlock, last, ci, columns, depth);
      }
    }
    a += <usize>aStep;
    b += <usize>bStep;
    c += <usize>rows * cRow;
  }
}
