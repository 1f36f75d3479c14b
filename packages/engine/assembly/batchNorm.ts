// Batch normalisation in training: x and y are [positions,channels], everything else is [channels].
//
// Order of summation of every column sum: chunks of CHUNK rows, each summed from 0 on with rows ascending, and the
// chunks added up ascending. Channels never mix, so that their number does not matter to the bits.

const CHUNK: i32 = 256;

/**
 * y = (x - mean) · gamma / sqrt(variance + epsilon) + beta, with the mean and the (population) variance of x; the moving
 * statistics move by `decay` of the way towards these.
 */
export function batchNorm(
  x: usize, gamma: usize, beta: usize, movingMean: usize, movingVariance: usize,
  y: usize, mean: usize, variance: usize, nextMean: usize, nextVariance: usize,
  positions: i32, channels: i32, epsilon: f32, decay: f32,
): void {
  const bytes = <usize>channels << 2;
  memory.fill(mean, 0, bytes);
  memory.fill(variance, 0, bytes);
  for (let first = 0; first < positions; first += CHUNK) {
    addSums(x + <usize>first * bytes, mean, min(CHUNK, positions - first), bytes);
  }
  divide(mean, bytes, <f32>positions);
  for (let first = 0; first < positions; first += CHUNK) {
    addSquares(x + <usize>first * bytes, mean, variance, min(CHUNK, positions - first), bytes);
  }
  divide(variance, bytes, <f32>positions);
  move(movingMean, mean, nextMean, bytes, decay);
  move(movingVariance, variance, nextVariance, bytes, decay);
  const rows = blockRows(bytes);
  for (let first = 0; first < positions; first += rows) {
    const offset = <usize>first * bytes;
    normalize(x + offset, gamma, beta, mean, variance, y + offset, min(rows, positions - first), bytes, epsilon);
  }
}

/**
 * y = (x - mean) · scale / sqrt(variance + epsilon) + offset with statistics that are given. Division and addition are
 * in float64, as in tfjs's own kernel.
 */
export function fusedBatchNorm(
  x: usize, mean: usize, variance: usize, offset: usize, scale: usize, y: usize,
  positions: i32, channels: i32, epsilon: f32,
): void {
  const bytes = <usize>channels << 2;
  const rows = blockRows(bytes);
  for (let first = 0; first < positions; first += rows) {
    const start = <usize>first * bytes;
    useStatistics(x + start, mean, variance, offset, scale, y + start, min(rows, positions - first), bytes, epsilon);
  }
}

/** Gradients of batchNorm's y; dbeta and dgamma are the sums of dy and of dy times what was scaled by gamma. */
export function batchNormGradient(
  x: usize, dy: usize, gamma: usize, mean: usize, variance: usize,
  dx: usize, dgamma: usize, dbeta: usize,
  positions: i32, channels: i32, epsilon: f32,
): void {
  const bytes = <usize>channels << 2;
  memory.fill(dgamma, 0, bytes);
  memory.fill(dbeta, 0, bytes);
  for (let first = 0; first < positions; first += CHUNK) {
    const offset = <usize>first * bytes;
    addProducts(x + offset, dy + offset, mean, dgamma, dbeta, min(CHUNK, positions - first), bytes);
  }
  for (let at: usize = 0; at < bytes; at += 4) {
    store<f32>(dgamma + at, inverseRoot(variance + at, epsilon) * load<f32>(dgamma + at));
  }
  const rows = blockRows(bytes);
  for (let first = 0; first < positions; first += rows) {
    const offset = <usize>first * bytes;
    addBack(
      x + offset, dy + offset, gamma, mean, variance, dgamma, dbeta, dx + offset,
      min(rows, positions - first), bytes, epsilon, <f32>positions,
    );
  }
}

/** Rows of which input and output stay in a processor's nearest cache while one column after another is worked out. */
// @ts-ignore: decorator
@inline
function blockRows(bytes: usize): i32 {
  return max(1, <i32>(8192 / bytes));
}

// @ts-ignore: decorator
@inline
function inverseRoot(variance: usize, epsilon: f32): f32 {
  return 1 / sqrt(load<f32>(variance) + epsilon);
}

// @ts-ignore: decorator
@inline
function inverseRoots(variance: usize, epsilon: f32): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(v128.load(variance), f32x4.splat(epsilon))));
}

/** dx = k · (dy - dbeta / count - (x - mean) · r · dgamma / count), where r = 1 / sqrt(variance + epsilon), k = gamma · r. */
function addBack(
  x: usize, dy: usize, gamma: usize, mean: usize, variance: usize, dgamma: usize, dbeta: usize, dx: usize,
  rows: i32, bytes: usize, epsilon: f32, count: f32,
): void {
  const counts = f32x4.splat(count);
  let column: usize = 0;
  for (; column + 16 <= bytes; column += 16) {
    const m = v128.load(mean + column);
    const r = inverseRoots(variance + column, epsilon);
    const k = f32x4.mul(r, v128.load(gamma + column));
    const a = f32x4.div(v128.load(dbeta + column), counts);
    const b = f32x4.div(f32x4.mul(r, v128.load(dgamma + column)), counts);
    let at = column;
    for (let row = 0; row < rows; row++) {
      const away = f32x4.mul(f32x4.sub(v128.load(x + at), m), b);
      v128.store(dx + at, f32x4.mul(k, f32x4.sub(f32x4.sub(v128.load(dy + at), a), away)));
      at += bytes;
    }
  }
  for (; column < bytes; column += 4) {
    const m = load<f32>(mean + column);
    const r = inverseRoot(variance + column, epsilon);
    const k = r * load<f32>(gamma + column);
    const a = load<f32>(dbeta + column) / count;
    const b = (r * load<f32>(dgamma + column)) / count;
    let at = column;
    for (let row = 0; row < rows; row++) {
      store<f32>(dx + at, k * (load<f32>(dy + at) - a - (load<f32>(x + at) - m) * b));
      at += bytes;
    }
  }
}

/** out += the column sums of x[rows]. */
function addSums(x: usize, out: usize, rows: i32, bytes: usize): void {
  let column: usize = 0;
  for (; column + 64 <= bytes; column += 64) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let p = x + column;
    for (let row = 0; row < rows; row++) {
      s0 = f32x4.add(s0, v128.load(p));
      s1 = f32x4.add(s1, v128.load(p, 16));
      s2 = f32x4.add(s2, v128.load(p, 32));
      s3 = f32x4.add(s3, v128.load(p, 48));
      p += bytes;
    }
    const to = out + column;
    v128.store(to, f32x4.add(v128.load(to), s0));
    v128.store(to, f32x4.add(v128.load(to, 16), s1), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), s2), 32);
    v128.store(to, f32x4.add(v128.load(to, 48), s3), 48);
  }
  for (; column + 16 <= bytes; column += 16) {
    let sum = f32x4.splat(0);
    let p = x + column;
    for (let row = 0; row < rows; row++) {
      sum = f32x4.add(sum, v128.load(p));
      p += bytes;
    }
    v128.store(out + column, f32x4.add(v128.load(out + column), sum));
  }
  for (; column < bytes; column += 4) {
    let sum: f32 = 0;
    let p = x + column;
    for (let row = 0; row < rows; row++) {
      sum += load<f32>(p);
      p += bytes;
    }
    store<f32>(out + column, load<f32>(out + column) + sum);
  }
}

/** out += the column sums of (x[rows] - mean)². */
function addSquares(x: usize, mean: usize, out: usize, rows: i32, bytes: usize): void {
  let column: usize = 0;
  for (; column + 32 <= bytes; column += 32) {
    const m0 = v128.load(mean + column), m1 = v128.load(mean + column, 16);
    let s0 = f32x4.splat(0), s1 = s0;
    let p = x + column;
    for (let row = 0; row < rows; row++) {
      const d0 = f32x4.sub(v128.load(p), m0), d1 = f32x4.sub(v128.load(p, 16), m1);
      s0 = f32x4.add(s0, f32x4.mul(d0, d0));
      s1 = f32x4.add(s1, f32x4.mul(d1, d1));
      p += bytes;
    }
    const to = out + column;
    v128.store(to, f32x4.add(v128.load(to), s0));
    v128.store(to, f32x4.add(v128.load(to, 16), s1), 16);
  }
  for (; column + 16 <= bytes; column += 16) {
    const m = v128.load(mean + column);
    let sum = f32x4.splat(0);
    let p = x + column;
    for (let row = 0; row < rows; row++) {
      const d = f32x4.sub(v128.load(p), m);
      sum = f32x4.add(sum, f32x4.mul(d, d));
      p += bytes;
    }
    v128.store(out + column, f32x4.add(v128.load(out + column), sum));
  }
  for (; column < bytes; column += 4) {
    const m = load<f32>(mean + column);
    let sum: f32 = 0;
    let p = x + column;
    for (let row = 0; row < rows; row++) {
      const d = load<f32>(p) - m;
      sum += d * d;
      p += bytes;
    }
    store<f32>(out + column, load<f32>(out + column) + sum);
  }
}

/** products += the column sums of dy · (x - mean), sums += those of dy. */
function addProducts(x: usize, dy: usize, mean: usize, products: usize, sums: usize, rows: i32, bytes: usize): void {
  let column: usize = 0;
  for (; column + 32 <= bytes; column += 32) {
    const m0 = v128.load(mean + column), m1 = v128.load(mean + column, 16);
    let p0 = f32x4.splat(0), p1 = p0, s0 = p0, s1 = p0;
    let at = column;
    for (let row = 0; row < rows; row++) {
      const g0 = v128.load(dy + at), g1 = v128.load(dy + at, 16);
      s0 = f32x4.add(s0, g0);
      s1 = f32x4.add(s1, g1);
      p0 = f32x4.add(p0, f32x4.mul(g0, f32x4.sub(v128.load(x + at), m0)));
      p1 = f32x4.add(p1, f32x4.mul(g1, f32x4.sub(v128.load(x + at, 16), m1)));
      at += bytes;
    }
    v128.store(products + column, f32x4.add(v128.load(products + column), p0));
    v128.store(products + column, f32x4.add(v128.load(products + column, 16), p1), 16);
    v128.store(sums + column, f32x4.add(v128.load(sums + column), s0));
    v128.store(sums + column, f32x4.add(v128.load(sums + column, 16), s1), 16);
  }
  for (; column + 16 <= bytes; column += 16) {
    const m = v128.load(mean + column);
    let product = f32x4.splat(0), sum = product;
    let at = column;
    for (let row = 0; row < rows; row++) {
      const g = v128.load(dy + at);
      sum = f32x4.add(sum, g);
      product = f32x4.add(product, f32x4.mul(g, f32x4.sub(v128.load(x + at), m)));
      at += bytes;
    }
    v128.store(products + column, f32x4.add(v128.load(products + column), product));
    v128.store(sums + column, f32x4.add(v128.load(sums + column), sum));
  }
  for (; column < bytes; column += 4) {
    const m = load<f32>(mean + column);
    let product: f32 = 0, sum: f32 = 0;
    let at = column;
    for (let row = 0; row < rows; row++) {
      const g = load<f32>(dy + at);
      sum += g;
      product += g * (load<f32>(x + at) - m);
      at += bytes;
    }
    store<f32>(products + column, load<f32>(products + column) + product);
    store<f32>(sums + column, load<f32>(sums + column) + sum);
  }
}

function normalize(
  x: usize, gamma: usize, beta: usize, mean: usize, variance: usize, y: usize,
  rows: i32, bytes: usize, epsilon: f32,
): void {
  let column: usize = 0;
  for (; column + 16 <= bytes; column += 16) {
    const m = v128.load(mean + column);
    const k = f32x4.mul(inverseRoots(variance + column, epsilon), v128.load(gamma + column));
    const b = v128.load(beta + column);
    let at = column;
    for (let row = 0; row < rows; row++) {
      v128.store(y + at, f32x4.add(f32x4.mul(f32x4.sub(v128.load(x + at), m), k), b));
      at += bytes;
    }
  }
  for (; column < bytes; column += 4) {
    const m = load<f32>(mean + column);
    const k: f32 = inverseRoot(variance + column, epsilon) * load<f32>(gamma + column);
    const b = load<f32>(beta + column);
    let at = column;
    for (let row = 0; row < rows; row++) {
      store<f32>(y + at, (load<f32>(x + at) - m) * k + b);
      at += bytes;
    }
  }
}

function useStatistics(
  x: usize, mean: usize, variance: usize, offset: usize, scale: usize, y: usize,
  rows: i32, bytes: usize, epsilon: f32,
): void {
  const e = f32x4.splat(epsilon);
  let column: usize = 0;
  for (; column + 16 <= bytes; column += 16) {
    const m = v128.load(mean + column);
    const k = v128.load(scale + column);
    const root = f32x4.sqrt(f32x4.add(v128.load(variance + column), e));
    const root0 = f64x2.promote_low_f32x4(root), root1 = f64x2.promote_low_f32x4(upper(root));
    const b = v128.load(offset + column);
    const b0 = f64x2.promote_low_f32x4(b), b1 = f64x2.promote_low_f32x4(upper(b));
    let at = column;
    for (let row = 0; row < rows; row++) {
      const scaled = f32x4.mul(f32x4.sub(v128.load(x + at), m), k);
      const y0 = f64x2.add(f64x2.div(f64x2.promote_low_f32x4(scaled), root0), b0);
      const y1 = f64x2.add(f64x2.div(f64x2.promote_low_f32x4(upper(scaled)), root1), b1);
      const low = f32x4.demote_f64x2_zero(y0), high = f32x4.demote_f64x2_zero(y1);
      v128.store(y + at, v128.shuffle<i64>(low, high, 0, 2));
      at += bytes;
    }
  }
  for (; column < bytes; column += 4) {
    const m = load<f32>(mean + column);
    const k = load<f32>(scale + column);
    const root: f32 = sqrt(load<f32>(variance + column) + epsilon);
    const b = <f64>load<f32>(offset + column);
    let at = column;
    for (let row = 0; row < rows; row++) {
      const scaled: f32 = (load<f32>(x + at) - m) * k;
      store<f32>(y + at, <f32>(<f64>scaled / <f64>root + b));
      at += bytes;
    }
  }
}

/** The upper two lanes of four, as the lower two. */
// @ts-ignore: decorator
@inline
function upper(lanes: v128): v128 {
  return v128.shuffle<i64>(lanes, lanes, 1, 1);
}

function divide(x: usize, bytes: usize, divisor: f32): void {
  for (let at = x; at < x + bytes; at += 4) store<f32>(at, load<f32>(at) / divisor);
}

/** next = value - (value - target) · decay. */
function move(value: usize, target: usize, next: usize, bytes: usize, decay: f32): void {
  for (let at: usize = 0; at < bytes; at += 4) {
    const old = load<f32>(value + at);
    store<f32>(next + at, old - (old - load<f32>(target + at)) * decay);
  }
}
