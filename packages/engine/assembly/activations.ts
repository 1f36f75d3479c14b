// Activation functions and their gradients, number by number, and softmax, row by row.
import { exp4, expMinusOne4, tanh4 } from "./exponential";

/** Vectors of four, then a last vector of the rest, padded with zeros: `f` sees every number as a lane of a vector. */
// @ts-ignore: decorator
@inline
function loadPart(from: usize, bytes: usize): v128 {
  const first = load<f32>(from);
  const second: f32 = bytes > 4 ? load<f32>(from, 4) : 0;
  const third: f32 = bytes > 8 ? load<f32>(from, 8) : 0;
  return f32x4(first, second, third, 0);
}

// @ts-ignore: decorator
@inline
function storePart(to: usize, value: v128, bytes: usize): void {
  store<f32>(to, f32x4.extract_lane(value, 0));
  if (bytes > 4) store<f32>(to, f32x4.extract_lane(value, 1), 4);
  if (bytes > 8) store<f32>(to, f32x4.extract_lane(value, 2), 8);
}

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

/** The largest of at least one number; any of them if one is NaN, for then the sum of a softmax is NaN anyway. */
// @ts-ignore: decorator
@inline
function largest(x: usize, bytes: usize): f32 {
  if (bytes < 16) {
    let most: f32 = load<f32>(x);
    for (let at: usize = 4; at < bytes; at += 4) most = max(most, load<f32>(x + at));
    return most;
  }
  // This vector may lie over the ones before it.
  let four = v128.load(x + bytes - 16);
  for (let at: usize = 0; at + 16 <= bytes; at += 16) four = f32x4.pmax(four, v128.load(x + at));
  four = f32x4.pmax(four, i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1));
}

/**
 * y[row] = exp(x - max) / (the sum of these).
 *
 * Order of summation: four sums of every fourth number, ascending, the last of them padded with zeros; then (0 + 2) +
 * (1 + 3).
 */
export function softmax(x: usize, y: usize, rows: i32, columns: i32): void {
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    const top = f32x4.splat(largest(x, bytes));
    let sums = f32x4.splat(0);
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      const e = exp4(f32x4.sub(v128.load(x + at), top));
      v128.store(y + at, e);
      sums = f32x4.add(sums, e);
    }
    if (at < bytes) {
      const rest = bytes - at;
      const e = exp4(f32x4.sub(loadPart(x + at, rest), top));
      storePart(y + at, e, rest);
      sums = f32x4.add(sums, loadPart(y + at, rest));
    }
    const total = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 2) +
      (f32x4.extract_lane(sums, 1) + f32x4.extract_lane(sums, 3));
    const totals = f32x4.splat(total);
    for (at = 0; at + 16 <= bytes; at += 16) v128.store(y + at, f32x4.div(v128.load(y + at), totals));
    for (; at < bytes; at += 4) store<f32>(y + at, load<f32>(y + at) / total);
    x += bytes;
    y += bytes;
  }
}

/** dx = dy · y - (the row's sum of dy · y) · y; the sum runs in the order of softmax's. */
export function softmaxGradient(dy: usize, y: usize, dx: usize, rows: i32, columns: i32): void {
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    let sums = f32x4.splat(0);
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      const product = f32x4.mul(v128.load(dy + at), v128.load(y + at));
      v128.store(dx + at, product);
      sums = f32x4.add(sums, product);
    }
    if (at < bytes) {
      const rest = bytes - at;
      const product = f32x4.mul(loadPart(dy + at, rest), loadPart(y + at, rest));
      storePart(dx + at, product, rest);
      sums = f32x4.add(sums, product);
    }
    const total = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 2) +
      (f32x4.extract_lane(sums, 1) + f32x4.extract_lane(sums, 3));
    const totals = f32x4.splat(total);
    for (at = 0; at + 16 <= bytes; at += 16) {
      v128.store(dx + at, f32x4.sub(v128.load(dx + at), f32x4.mul(totals, v128.load(y + at))));
    }
    for (; at < bytes; at += 4) store<f32>(dx + at, load<f32>(dx + at) - total * load<f32>(y + at));
    dy += bytes;
    y += bytes;
    dx += bytes;
  }
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
