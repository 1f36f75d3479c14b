// out = a ∘ b for two tensors seen as [rows,columns], each of which may be whole, one row for all, one number a row, or one
// number for all.

/** How a factor is laid out. */
const WHOLE: i32 = 0;
const ROW: i32 = 1;
const COLUMN: i32 = 2;
const NUMBER: i32 = 3;

const ADD: i32 = 0;
const SUBTRACT: i32 = 1;
const MULTIPLY: i32 = 2;
const DIVIDE: i32 = 3;

export function add(a: usize, b: usize, out: usize, rows: i32, columns: i32, aKind: i32, bKind: i32): void {
  binary(ADD, a, b, out, rows, columns, aKind, bKind);
}

export function subtract(a: usize, b: usize, out: usize, rows: i32, columns: i32, aKind: i32, bKind: i32): void {
  binary(SUBTRACT, a, b, out, rows, columns, aKind, bKind);
}

export function multiply(a: usize, b: usize, out: usize, rows: i32, columns: i32, aKind: i32, bKind: i32): void {
  binary(MULTIPLY, a, b, out, rows, columns, aKind, bKind);
}

export function divide(a: usize, b: usize, out: usize, rows: i32, columns: i32, aKind: i32, bKind: i32): void {
  binary(DIVIDE, a, b, out, rows, columns, aKind, bKind);
}

// @ts-ignore: decorator
@inline
function binary(op: i32, a: usize, b: usize, out: usize, rows: i32, columns: i32, aKind: i32, bKind: i32): void {
  const bytes = <usize>columns << 2;
  const aStep: usize = aKind == WHOLE ? bytes : aKind == COLUMN ? 4 : 0;
  const bStep: usize = bKind == WHOLE ? bytes : bKind == COLUMN ? 4 : 0;
  const aSpread = aKind == WHOLE || aKind == ROW;
  const bSpread = bKind == WHOLE || bKind == ROW;
  for (let row = 0; row < rows; row++) {
    let at: usize = 0;
    if (aSpread && bSpread) {
      for (; at + 16 <= bytes; at += 16) v128.store(out + at, vectors(op, v128.load(a + at), v128.load(b + at)));
      for (; at < bytes; at += 4) store<f32>(out + at, numbers(op, load<f32>(a + at), load<f32>(b + at)));
    } else if (aSpread) {
      const y = load<f32>(b);
      const ys = f32x4.splat(y);
      for (; at + 16 <= bytes; at += 16) v128.store(out + at, vectors(op, v128.load(a + at), ys));
      for (; at < bytes; at += 4) store<f32>(out + at, numbers(op, load<f32>(a + at), y));
    } else {
      const x = load<f32>(a);
      const xs = f32x4.splat(x);
      for (; at + 16 <= bytes; at += 16) v128.store(out + at, vectors(op, xs, v128.load(b + at)));
      for (; at < bytes; at += 4) store<f32>(out + at, numbers(op, x, load<f32>(b + at)));
    }
    a += aStep;
    b += bStep;
    out += bytes;
  }
}

// @ts-ignore: decorator
@inline
function vectors(op: i32, a: v128, b: v128): v128 {
  if (op == ADD) return f32x4.add(a, b);
  if (op == SUBTRACT) return f32x4.sub(a, b);
  if (op == MULTIPLY) return f32x4.mul(a, b);
  return f32x4.div(a, b);
}

// @ts-ignore: decorator
@inline
function numbers(op: i32, a: f32, b: f32): f32 {
  if (op == ADD) return a + b;
  if (op == SUBTRACT) return a - b;
  if (op == MULTIPLY) return a * b;
  return a / b;
}
