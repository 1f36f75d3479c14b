// Cross-entropy of probabilities, row by row, as Keras computes it: divided by their sum, then kept off 0 and 1.
import { log4 } from "./exponential";
import { loadPart, storePart, sumLanes } from "./lanes";

/** The sum of a row: four sums of every fourth number, ascending, then those of the lanes. */
// @ts-ignore: decorator
@inline
function sumOf(x: usize, bytes: usize): f32 {
  let sums = f32x4.splat(0);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) sums = f32x4.add(sums, v128.load(x + at));
  if (at < bytes) sums = f32x4.add(sums, loadPart(x + at, bytes - at));
  return sumLanes(sums);
}

/** x, but no less than `low` and no more than `high`; NaN stays NaN. */
// @ts-ignore: decorator
@inline
function bounded(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high);
}

/** losses[row] = -(the row's sum of target · log q), where q = x / (the sum of x), no less than `low`, no more than `high`. */
export function categoricalCrossentropy(
  target: usize,
  x: usize,
  losses: usize,
  rows: i32,
  columns: i32,
  low: f32,
  high: f32,
): void {
  const bytes = <usize>columns << 2;
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  for (let row = 0; row < rows; row++) {
    const totals = f32x4.splat(sumOf(x, bytes));
    let sums = f32x4.splat(0);
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      const q = bounded(f32x4.div(v128.load(x + at), totals), lows, highs);
      sums = f32x4.add(sums, f32x4.mul(v128.load(target + at), log4(q)));
    }
    if (at < bytes) {
      const rest = bytes - at;
      const q = bounded(f32x4.div(loadPart(x + at, rest), totals), lows, highs);
      sums = f32x4.add(sums, f32x4.mul(loadPart(target + at, rest), log4(q)));
    }
    store<f32>(losses, -sumLanes(sums));
    losses += 4;
    target += bytes;
    x += bytes;
  }
}

/** The gradient at q = x / total: -dy · target / q where low ≤ q ≤ high, else 0. */
// @ts-ignore: decorator
@inline
function slope(dy: v128, target: v128, q: v128, low: v128, high: v128): v128 {
  const inside = v128.and(f32x4.ge(q, low), f32x4.le(q, high));
  return v128.and(f32x4.neg(f32x4.div(f32x4.mul(dy, target), q)), inside);
}

/**
 * dx = (s - the row's sum of s · q) / (the sum of x), where s is the slope at q = x / (the sum of x). Both sums run in the
 * same order.
 */
export function categoricalCrossentropyGradient(
  dy: usize,
  target: usize,
  x: usize,
  dx: usize,
  rows: i32,
  columns: i32,
  low: f32,
  high: f32,
): void {
  const bytes = <usize>columns << 2;
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  for (let row = 0; row < rows; row++) {
    const total = sumOf(x, bytes);
    const totals = f32x4.splat(total);
    const slopes = f32x4.splat(load<f32>(dy));
    let sums = f32x4.splat(0);
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      const q = f32x4.div(v128.load(x + at), totals);
      const s = slope(slopes, v128.load(target + at), q, lows, highs);
      v128.store(dx + at, s);
      sums = f32x4.add(sums, f32x4.mul(s, q));
    }
    if (at < bytes) {
      const rest = bytes - at;
      const q = f32x4.div(loadPart(x + at, rest), totals);
      const s = slope(slopes, loadPart(target + at, rest), q, lows, highs);
      storePart(dx + at, s, rest);
      sums = f32x4.add(sums, f32x4.mul(s, q));
    }
    const mean = sumLanes(sums);
    const means = f32x4.splat(mean);
    for (at = 0; at + 16 <= bytes; at += 16) {
      v128.store(dx + at, f32x4.div(f32x4.sub(v128.load(dx + at), means), totals));
    }
    for (; at < bytes; at += 4) store<f32>(dx + at, (load<f32>(dx + at) - mean) / total);
    dy += 4;
    target += bytes;
    x += bytes;
    dx += bytes;
  }
}
