// The norm of several tensors together, and their scaling to it.

/** total' = total + the sum of the squares of x, in float64 with numbers ascending; both totals are single float64s. */
export function addSquaresTo(x: usize, total: usize, next: usize, count: i32): void {
  let sum = load<f64>(total);
  for (let at: usize = 0; at < <usize>count << 2; at += 4) {
    const value = <f64>load<f32>(x + at);
    sum += value * value;
  }
  store<f64>(next, sum);
}

/** y = x · min(1, most / √total), the factor rounded to float32. */
export function clipToNorm(x: usize, total: usize, y: usize, count: i32, most: f32): void {
  const norm = sqrt<f64>(load<f64>(total));
  const factor: f32 = norm > <f64>most ? <f32>(<f64>most / norm) : norm == norm ? 1 : f32.NaN;
  const factors = f32x4.splat(factor);
  const bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(y + at, f32x4.mul(v128.load(x + at), factors));
  for (; at < bytes; at += 4) store<f32>(y + at, load<f32>(x + at) * factor);
}
