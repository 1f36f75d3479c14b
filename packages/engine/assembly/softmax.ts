// Softmax and its cross-entropy, row by row.
import { exp4, log4 } from "./exponential";
import { keepPart, loadPart, storePart, sumLanes } from "./lanes";

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
      sums = f32x4.add(sums, keepPart(e, rest));
    }
    const total = sumLanes(sums);
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
    const total = sumLanes(sums);
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

/** The sum of exp(x - top) over a row, in the order of softmax's. */
// @ts-ignore: decorator
@inline
function sumOfExponentials(x: usize, bytes: usize, top: v128): f32 {
  let sums = f32x4.splat(0);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) sums = f32x4.add(sums, exp4(f32x4.sub(v128.load(x + at), top)));
  if (at < bytes) {
    const rest = bytes - at;
    sums = f32x4.add(sums, keepPart(exp4(f32x4.sub(loadPart(x + at, rest), top)), rest));
  }
  return sumLanes(sums);
}

/**
 * losses[row] = -(the row's sum of labels · log softmax(x)), where log softmax(x) = x - (max + log(the sum of exp(x -
 * max))). Both sums run in the order of softmax's.
 */
export function softmaxCrossEntropy(labels: usize, x: usize, losses: usize, rows: i32, columns: i32): void {
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    const top = f32x4.splat(largest(x, bytes));
    const logs = f32x4.add(top, log4(f32x4.splat(sumOfExponentials(x, bytes, top))));
    let sums = f32x4.splat(0);
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      sums = f32x4.add(sums, f32x4.mul(v128.load(labels + at), f32x4.sub(v128.load(x + at), logs)));
    }
    if (at < bytes) {
      const rest = bytes - at;
      sums = f32x4.add(sums, f32x4.mul(loadPart(labels + at, rest), f32x4.sub(loadPart(x + at, rest), logs)));
    }
    store<f32>(losses, -sumLanes(sums));
    losses += 4;
    labels += bytes;
    x += bytes;
  }
}

/** dx = dy[row] · (softmax(x) - labels), with the sum of softmax's. */
export function softmaxCrossEntropyGradient(
  dy: usize,
  labels: usize,
  x: usize,
  dx: usize,
  rows: i32,
  columns: i32,
): void {
  softmax(x, dx, rows, columns);
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    const slope = load<f32>(dy);
    const slopes = f32x4.splat(slope);
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      v128.store(dx + at, f32x4.mul(slopes, f32x4.sub(v128.load(dx + at), v128.load(labels + at))));
    }
    for (; at < bytes; at += 4) store<f32>(dx + at, slope * (load<f32>(dx + at) - load<f32>(labels + at)));
    dy += 4;
    labels += bytes;
    dx += bytes;
  }
}
