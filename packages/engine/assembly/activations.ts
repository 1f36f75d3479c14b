// Activation functions and their gradients, number by number.
import { exp4, expMinusOne4, tanh4 } from "./exponential";
import { loadPart, storePart } from "./lanes";

const RELU: i32 = 0;
const SIGMOID: i32 = 1;
const TANH: i32 = 2;
const SQUARE: i32 = 3;
const RELU6: i32 = 4;
const LEAKY_RELU: i32 = 5;
const CLIP: i32 = 6;
const ELU: i32 = 7;

// @ts-ignore: decorator
@inline
function unary(op: i32, x: v128): v128 {
  // NaN stays NaN and -0 becomes 0, as with tfjs's max(x, 0).
  if (op == RELU) return v128.bitselect(x, v128.and(x, f32x4.ne(x, x)), f32x4.gt(x, f32x4.splat(0)));
  if (op == SIGMOID) {
    const one = f32x4.splat(1);
    const e = exp4(f32x4.neg(f32x4.abs(x)));
    return f32x4.div(v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0))), f32x4.add(one, e));
  }
  if (op == TANH) return tanh4(x);
  if (op == ELU) return v128.bitselect(x, expMinusOne4(x), f32x4.ge(x, f32x4.splat(0)));
  return f32x4.mul(x, x);
}

// @ts-ignore: decorator
@inline
function mapUnary(op: i32, x: usize, y: usize, count: i32): void {
  const bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(y + at, unary(op, v128.load(x + at)));
  if (at < bytes) storePart(y + at, unary(op, loadPart(x + at, bytes - at)), bytes - at);
}

export function relu(x: usize, y: usize, count: i32): void {
  mapUnary(RELU, x, y, count);
}

export function sigmoid(x: usize, y: usize, count: i32): void {
  mapUnary(SIGMOID, x, y, count);
}

export function tanh(x: usize, y: usize, count: i32): void {
  mapUnary(TANH, x, y, count);
}

export function square(x: usize, y: usize, count: i32): void {
  mapUnary(SQUARE, x, y, count);
}

export function elu(x: usize, y: usize, count: i32): void {
  mapUnary(ELU, x, y, count);
}

/** In this order of factors NaN becomes `low`, and -0 becomes 0 if it is a bound, as with tfjs on x64. */
// @ts-ignore: decorator
@inline
function bounded(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(high, f32x4.pmax(low, x));
}

/** y = x, but no less than `low` and no more than `high`. */
export function clip(x: usize, y: usize, count: i32, low: f32, high: f32): void {
  const bytes = <usize>count << 2;
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(y + at, bounded(v128.load(x + at), lows, highs));
  if (at < bytes) storePart(y + at, bounded(loadPart(x + at, bytes - at), lows, highs), bytes - at);
}

/** What dy is multiplied by at x (or, for sigmoid, tanh and elu, at the activation y). */
// @ts-ignore: decorator
@inline
function gradient(op: i32, dy: v128, x: v128, low: v128, high: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  if (op == SIGMOID) return f32x4.mul(dy, f32x4.mul(x, f32x4.sub(one, x)));
  if (op == TANH) return f32x4.mul(f32x4.sub(one, f32x4.mul(x, x)), dy);
  if (op == ELU) return v128.bitselect(dy, f32x4.mul(dy, f32x4.add(x, one)), f32x4.ge(x, zero));
  if (op == LEAKY_RELU) return v128.bitselect(dy, f32x4.mul(dy, low), f32x4.gt(x, zero));
  if (op == CLIP) return v128.and(dy, v128.and(f32x4.ge(x, low), f32x4.le(x, high)));
  // tfjs multiplies by a step that is NaN at NaN.
  const inside = op == RELU6 ? v128.and(f32x4.gt(x, zero), f32x4.le(x, high)) : f32x4.gt(x, zero);
  return f32x4.mul(dy, v128.bitselect(one, v128.and(x, f32x4.ne(x, x)), inside));
}

// @ts-ignore: decorator
@inline
function mapGradient(op: i32, dy: usize, x: usize, dx: usize, count: i32, low: f32, high: f32): void {
  const bytes = <usize>count << 2;
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    v128.store(dx + at, gradient(op, v128.load(dy + at), v128.load(x + at), lows, highs));
  }
  if (at < bytes) {
    const rest = bytes - at;
    storePart(dx + at, gradient(op, loadPart(dy + at, rest), loadPart(x + at, rest), lows, highs), rest);
  }
}

/** The activations that products and convolutions finish with. */
const FINISH_RELU: i32 = 1;
const FINISH_RELU6: i32 = 2;
const FINISH_SIGMOID: i32 = 3;
const FINISH_TANH: i32 = 4;

// @ts-ignore: decorator
@inline
function finish(activation: i32, x: v128): v128 {
  if (activation == FINISH_RELU) return unary(RELU, x);
  if (activation == FINISH_RELU6) {
    // NaN and -0 become 0, as with tfjs.
    const positive = v128.and(x, f32x4.gt(x, f32x4.splat(0)));
    return f32x4.min(positive, f32x4.splat(6));
  }
  if (activation == FINISH_SIGMOID) return unary(SIGMOID, x);
  if (activation == FINISH_TANH) return unary(TANH, x);
  return x;
}

/** x[rows,columns] = activation(x + bias[columns]) in place; the activation is 0 (none) or one of those above. */
export function finishRows(x: usize, bias: usize, rows: i32, columns: i32, hasBias: bool, activation: i32): void {
  if (!hasBias && activation == 0) return;
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      let value = v128.load(x + at);
      if (hasBias) value = f32x4.add(value, v128.load(bias + at));
      v128.store(x + at, finish(activation, value));
    }
    if (at < bytes) {
      const rest = bytes - at;
      let value = loadPart(x + at, rest);
      if (hasBias) value = f32x4.add(value, loadPart(bias + at, rest));
      storePart(x + at, finish(activation, value), rest);
    }
    x += bytes;
  }
}

export function reluGradient(dy: usize, x: usize, dx: usize, count: i32): void {
  mapGradient(RELU, dy, x, dx, count, 0, 0);
}

export function relu6Gradient(dy: usize, x: usize, dx: usize, count: i32): void {
  mapGradient(RELU6, dy, x, dx, count, 0, 6);
}

export function leakyReluGradient(dy: usize, x: usize, dx: usize, count: i32, alpha: f32): void {
  mapGradient(LEAKY_RELU, dy, x, dx, count, alpha, 0);
}

export function eluGradient(dy: usize, y: usize, dx: usize, count: i32): void {
  mapGradient(ELU, dy, y, dx, count, 0, 0);
}

export function sigmoidGradient(dy: usize, y: usize, dx: usize, count: i32): void {
  mapGradient(SIGMOID, dy, y, dx, count, 0, 0);
}

export function tanhGradient(dy: usize, y: usize, dx: usize, count: i32): void {
  mapGradient(TANH, dy, y, dx, count, 0, 0);
}

/** dx = dy where low ≤ x ≤ high, else 0. */
export function clipGradient(dy: usize, x: usize, dx: usize, count: i32, low: f32, high: f32): void {
  mapGradient(CLIP, dy, x, dx, count, low, high);
}

/** y = x where x ≥ 0, else x · alpha, with one alpha a column. */
export function prelu(x: usize, alpha: usize, y: usize, rows: i32, columns: i32): void {
  const bytes = <usize>columns << 2;
  const zero = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      const value = v128.load(x + at);
      v128.store(y + at, v128.bitselect(f32x4.mul(value, v128.load(alpha + at)), value, f32x4.lt(value, zero)));
    }
    for (; at < bytes; at += 4) {
      const value = load<f32>(x + at);
      store<f32>(y + at, value < 0 ? value * load<f32>(alpha + at) : value);
    }
    x += bytes;
    y += bytes;
  }
}
