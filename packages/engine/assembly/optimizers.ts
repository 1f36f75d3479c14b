// One training step of one variable of `count` numbers. Every number goes through the operations, and the roundings, of
// tfjs's own optimizers, in their order. `rate`, `momentum` and the powers of beta are addresses of single numbers.
//
// One thing differs: moments that fall below float32's normal numbers become 0. Those of a unit that is dead would never
// get there (0.9 times the smallest number is the smallest number), arithmetic with them takes a hundred times as long, and
// no weight is changed by so little.

/** x, with 0 for what lies below float32's normal numbers. */
// @ts-ignore: decorator
@inline
function normal4(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(1.17549435e-38)));
}

// @ts-ignore: decorator
@inline
function normal(x: f32): f32 {
  return abs(x) < 1.17549435e-38 ? 0 : x;
}

/** value' = rate · gradient + value; the rate is negative. */
export function sgd(value: usize, gradient: usize, rate: usize, next: usize, count: i32): void {
  const c = load<f32>(rate);
  const cs = f32x4.splat(c);
  const bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    v128.store(next + at, f32x4.add(f32x4.mul(cs, v128.load(gradient + at)), v128.load(value + at)));
  }
  for (; at < bytes; at += 4) store<f32>(next + at, c * load<f32>(gradient + at) + load<f32>(value + at));
}

/** sum' = momentum · sum + gradient; value' = rate · sum' + value, or Nesterov's rate · (gradient + sum' · momentum) + value. */
export function momentumSgd(
  value: usize, gradient: usize, sum: usize, rate: usize, momentum: usize,
  next: usize, nextSum: usize, count: i32, nesterov: bool,
): void {
  const c = load<f32>(rate), m = load<f32>(momentum);
  const cs = f32x4.splat(c), ms = f32x4.splat(m);
  const bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const g = v128.load(gradient + at);
    const s = normal4(f32x4.add(f32x4.mul(ms, v128.load(sum + at)), g));
    const way = nesterov ? f32x4.add(g, f32x4.mul(s, ms)) : s;
    v128.store(nextSum + at, s);
    v128.store(next + at, f32x4.add(f32x4.mul(cs, way), v128.load(value + at)));
  }
  for (; at < bytes; at += 4) {
    const g = load<f32>(gradient + at);
    const s = normal(m * load<f32>(sum + at) + g);
    const way = nesterov ? g + s * m : s;
    store<f32>(nextSum + at, s);
    store<f32>(next + at, c * way + load<f32>(value + at));
  }
}

/**
 * square' = square · decay + gradient² · fresh, way' = way · momentum + gradient · rate / √(square' + epsilon), value' =
 * value - way'; centered (`average` not 0) with average' = average · decay + gradient · fresh under the root as
 * √(square' - (average'² + epsilon)), tfjs's own sign of epsilon.
 */
export function rmsprop(
  value: usize, gradient: usize, square: usize, way: usize, average: usize,
  next: usize, nextSquare: usize, nextWay: usize, nextAverage: usize, count: i32,
  rate: f32, decay: f32, fresh: f32, momentum: f32, epsilon: f32,
): void {
  const rates = f32x4.splat(rate), decays = f32x4.splat(decay), freshes = f32x4.splat(fresh);
  const momenta = f32x4.splat(momentum), epsilons = f32x4.splat(epsilon);
  const bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const g = v128.load(gradient + at);
    const s = normal4(f32x4.add(f32x4.mul(v128.load(square + at), decays), f32x4.mul(f32x4.mul(g, g), freshes)));
    let under: v128;
    if (average != 0) {
      const a = normal4(f32x4.add(f32x4.mul(v128.load(average + at), decays), f32x4.mul(g, freshes)));
      v128.store(nextAverage + at, a);
      under = f32x4.sub(s, f32x4.add(f32x4.mul(a, a), epsilons));
    } else {
      under = f32x4.add(s, epsilons);
    }
    const w = normal4(f32x4.add(
      f32x4.mul(v128.load(way + at), momenta),
      f32x4.div(f32x4.mul(g, rates), f32x4.sqrt(under)),
    ));
    v128.store(nextSquare + at, s);
    v128.store(nextWay + at, w);
    v128.store(next + at, f32x4.sub(v128.load(value + at), w));
  }
  for (; at < bytes; at += 4) {
    const g = load<f32>(gradient + at);
    const s = normal(load<f32>(square + at) * decay + g * g * fresh);
    let under: f32 = s + epsilon;
    if (average != 0) {
      const a = normal(load<f32>(average + at) * decay + g * fresh);
      store<f32>(nextAverage + at, a);
      under = s - (a * a + epsilon);
    }
    const w = normal(load<f32>(way + at) * momentum + (g * rate) / sqrt<f32>(under));
    store<f32>(nextSquare + at, s);
    store<f32>(nextWay + at, w);
    store<f32>(next + at, load<f32>(value + at) - w);
  }
}

/**
 * first' = first · beta1 + gradient · fresh1, second' = second · beta2 + gradient² · fresh2, value' = (first' / (1 - power1)) /
 * (√(second' / (1 - power2)) + epsilon) · rate + value · keep; the rate is negative, and keep is below 1 where weights decay.
 */
export function adam(
  value: usize, gradient: usize, first: usize, second: usize, power1: usize, power2: usize,
  next: usize, nextFirst: usize, nextSecond: usize, count: i32,
  beta1: f32, fresh1: f32, beta2: f32, fresh2: f32, rate: f32, epsilon: f32, keep: f32,
): void {
  const c1: f32 = 1 - load<f32>(power1), c2: f32 = 1 - load<f32>(power2);
  const beta1s = f32x4.splat(beta1), fresh1s = f32x4.splat(fresh1), c1s = f32x4.splat(c1);
  const beta2s = f32x4.splat(beta2), fresh2s = f32x4.splat(fresh2), c2s = f32x4.splat(c2);
  const rates = f32x4.splat(rate), epsilons = f32x4.splat(epsilon), keeps = f32x4.splat(keep);
  const bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const g = v128.load(gradient + at);
    const m = normal4(f32x4.add(f32x4.mul(v128.load(first + at), beta1s), f32x4.mul(g, fresh1s)));
    const v = normal4(f32x4.add(f32x4.mul(v128.load(second + at), beta2s), f32x4.mul(f32x4.mul(g, g), fresh2s)));
    const root = f32x4.add(f32x4.sqrt(f32x4.div(v, c2s)), epsilons);
    v128.store(nextFirst + at, m);
    v128.store(nextSecond + at, v);
    const way = f32x4.mul(f32x4.div(f32x4.div(m, c1s), root), rates);
    v128.store(next + at, f32x4.add(way, f32x4.mul(v128.load(value + at), keeps)));
  }
  for (; at < bytes; at += 4) {
    const g = load<f32>(gradient + at);
    const m = normal(load<f32>(first + at) * beta1 + g * fresh1);
    const v = normal(load<f32>(second + at) * beta2 + g * g * fresh2);
    store<f32>(nextFirst + at, m);
    store<f32>(nextSecond + at, v);
    store<f32>(next + at, (m / c1 / (sqrt<f32>(v / c2) + epsilon)) * rate + load<f32>(value + at) * keep);
  }
}

/** out = x · factor. */
export function scale(x: usize, out: usize, count: i32, factor: f32): void {
  for (let at: usize = 0; at < <usize>count << 2; at += 4) store<f32>(out + at, load<f32>(x + at) * factor);
}
