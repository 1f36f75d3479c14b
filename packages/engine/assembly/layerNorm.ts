// Layer normalisation: x and y are [rows,columns], gamma and beta [columns], mean and variance [rows].
//
// Order of summation within a row: four sums of every fourth element, ascending, then (0 + 2) + (1 + 3), then the last
// columns % 4 elements; over rows (dgamma, dbeta): ascending.

/** y = (x - mean) · gamma / sqrt(variance + epsilon) + beta, with the mean and the (population) variance of each row. */
export function layerNorm(
  x: usize, gamma: usize, beta: usize, y: usize, mean: usize, variance: usize,
  rows: i32, columns: i32, epsilon: f32,
): void {
  const bytes = <usize>columns << 2;
  const vectors = bytes & ~15;
  for (let row = 0; row < rows; row++) {
    let sum = f32x4.splat(0);
    let at: usize = 0;
    for (; at < vectors; at += 16) sum = f32x4.add(sum, v128.load(x + at));
    let total = lanes(sum);
    for (; at < bytes; at += 4) total += load<f32>(x + at);
    const m: f32 = total / <f32>columns;
    const center = f32x4.splat(m);
    sum = f32x4.splat(0);
    for (at = 0; at < vectors; at += 16) {
      const away = f32x4.sub(v128.load(x + at), center);
      sum = f32x4.add(sum, f32x4.mul(away, away));
    }
    total = lanes(sum);
    for (; at < bytes; at += 4) {
      const away = load<f32>(x + at) - m;
      total += away * away;
    }
    const v: f32 = total / <f32>columns;
    store<f32>(mean, m);
    store<f32>(variance, v);
    const r: f32 = 1 / sqrt(v + epsilon);
    const scale = f32x4.splat(r);
    for (at = 0; at < vectors; at += 16) {
      const normed = f32x4.mul(f32x4.sub(v128.load(x + at), center), scale);
      v128.store(y + at, f32x4.add(f32x4.mul(normed, v128.load(gamma + at)), v128.load(beta + at)));
    }
    for (; at < bytes; at += 4) {
      store<f32>(y + at, (load<f32>(x + at) - m) * r * load<f32>(gamma + at) + load<f32>(beta + at));
    }
    x += bytes;
    y += bytes;
    mean += 4;
    variance += 4;
  }
}

/** Gradients of layerNorm's y. */
export function layerNormGradient(
  x: usize, dy: usize, gamma: usize, mean: usize, variance: usize,
  dx: usize, dgamma: usize, dbeta: usize,
  rows: i32, columns: i32, epsilon: f32,
): void {
  const bytes = <usize>columns << 2;
  const vectors = bytes & ~15;
  memory.fill(dgamma, 0, bytes);
  memory.fill(dbeta, 0, bytes);
  for (let row = 0; row < rows; row++) {
    const m = load<f32>(mean);
    const r: f32 = 1 / sqrt(load<f32>(variance) + epsilon);
    const center = f32x4.splat(m), scale = f32x4.splat(r);
    let sums = f32x4.splat(0), products = sums;
    let at: usize = 0;
    for (; at < vectors; at += 16) {
      const g = v128.load(dy + at);
      const normed = f32x4.mul(f32x4.sub(v128.load(x + at), center), scale);
      v128.store(dbeta + at, f32x4.add(v128.load(dbeta + at), g));
      v128.store(dgamma + at, f32x4.add(v128.load(dgamma + at), f32x4.mul(g, normed)));
      const weighted = f32x4.mul(g, v128.load(gamma + at));
      sums = f32x4.add(sums, weighted);
      products = f32x4.add(products, f32x4.mul(weighted, normed));
    }
    let sum = lanes(sums), product = lanes(products);
    for (; at < bytes; at += 4) {
      const g = load<f32>(dy + at);
      const normed = (load<f32>(x + at) - m) * r;
      store<f32>(dbeta + at, load<f32>(dbeta + at) + g);
      store<f32>(dgamma + at, load<f32>(dgamma + at) + g * normed);
      const weighted = g * load<f32>(gamma + at);
      sum += weighted;
      product += weighted * normed;
    }
    const a: f32 = sum / <f32>columns, b: f32 = product / <f32>columns;
    const as = f32x4.splat(a), bs = f32x4.splat(b);
    for (at = 0; at < vectors; at += 16) {
      const weighted = f32x4.mul(v128.load(dy + at), v128.load(gamma + at));
      const normed = f32x4.mul(f32x4.sub(v128.load(x + at), center), scale);
      v128.store(dx + at, f32x4.mul(f32x4.sub(f32x4.sub(weighted, as), f32x4.mul(normed, bs)), scale));
    }
    for (; at < bytes; at += 4) {
      const normed = (load<f32>(x + at) - m) * r;
      store<f32>(dx + at, (load<f32>(dy + at) * load<f32>(gamma + at) - a - normed * b) * r);
    }
    x += bytes;
    dy += bytes;
    dx += bytes;
    mean += 4;
    variance += 4;
  }
}

// @ts-ignore: decorator
@inline
function lanes(sums: v128): f32 {
  return f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 2) +
    (f32x4.extract_lane(sums, 1) + f32x4.extract_lane(sums, 3));
}
