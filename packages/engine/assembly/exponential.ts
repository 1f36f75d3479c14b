// exp, log and tanh of four numbers at once: the same operations on every machine. The polynomials are those of S.
// Moshier's Cephes library (expf, logf, tanhf); all stay within 2 units in the last place of float32.

/** The n of the 2^n that is nearest to exp(x). */
// @ts-ignore: decorator
@inline
function nearestPower(x: v128): v128 {
  return f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
}

/** x - n ln 2, with ln 2 in two parts, the first exact, so that the remainder keeps all its bits. */
// @ts-ignore: decorator
@inline
function remainder(x: v128, n: v128): v128 {
  return f32x4.sub(
    f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375))),
    f32x4.mul(n, f32x4.splat(-2.12194440e-4)),
  );
}

/** (exp(r) - 1 - r) / r² for remainders. */
// @ts-ignore: decorator
@inline
function series(r: v128): v128 {
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  return f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
}

/** exp(x): 0 below about -104, infinite above about 88.7, NaN at NaN. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  // What vanishes is set aside: computing with numbers below float32's normal ones takes a hundred times as long.
  const vanishes = f32x4.lt(x, f32x4.splat(-104));
  // Unlike min, pmin (and pmax elsewhere) is one instruction of the processor; in this order of factors it keeps NaN.
  const bounded = v128.andnot(f32x4.pmin(x, f32x4.splat(89)), vanishes);
  const n = nearestPower(bounded);
  const r = remainder(bounded, n);
  const p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), series(r)), r), f32x4.splat(1));
  // 2^n in two halves: n reaches beyond the exponents of float32 at both ends.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const bias = i32x4.splat(127);
  const first = i32x4.shl(i32x4.add(half, bias), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(whole, half), bias), 23);
  return v128.andnot(f32x4.mul(f32x4.mul(p, first), second), vanishes);
}

/** exp(x) - 1 for x ≤ 0, without losing the bits of a small x. */
// @ts-ignore: decorator
@inline
export function expMinusOne4(x: v128): v128 {
  const bounded = f32x4.pmax(x, f32x4.splat(-25));
  const n = nearestPower(bounded);
  const r = remainder(bounded, n);
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  const minusOne = f32x4.add(f32x4.mul(f32x4.mul(r, r), series(r)), r);
  return f32x4.add(f32x4.mul(power, minusOne), f32x4.sub(power, f32x4.splat(1)));
}

/** log(x) of positive numbers that are not below float32's normal ones; NaN at NaN. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  // x = 2^e · m, with m between √½ and √2.
  const half = i32x4.splat(0x3f3504f3);
  const offset = i32x4.sub(x, half);
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  const m = i32x4.add(v128.and(offset, i32x4.splat(0x007fffff)), half);
  const r = f32x4.sub(m, f32x4.splat(1));
  const square = f32x4.mul(r, r);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.sub(f32x4.mul(p, r), f32x4.splat(1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.1676998740e-1));
  p = f32x4.sub(f32x4.mul(p, r), f32x4.splat(1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.4249322787e-1));
  p = f32x4.sub(f32x4.mul(p, r), f32x4.splat(1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(2.0000714765e-1));
  p = f32x4.sub(f32x4.mul(p, r), f32x4.splat(2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(3.3333331174e-1));
  const small = f32x4.sub(
    f32x4.sub(f32x4.mul(f32x4.mul(p, r), square), f32x4.mul(e, f32x4.splat(2.12194440e-4))),
    f32x4.mul(square, f32x4.splat(0.5)),
  );
  const log = f32x4.add(f32x4.add(r, small), f32x4.mul(e, f32x4.splat(0.693359375)));
  return v128.bitselect(log, x, f32x4.eq(x, x));
}

// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-3.33332819422e-1));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const one = f32x4.splat(1);
  const away = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(exp4(f32x4.add(size, size)), one)));
  const sign = v128.and(x, i32x4.splat(i32.MIN_VALUE));
  return v128.or(v128.bitselect(near, away, f32x4.lt(size, f32x4.splat(0.625))), sign);
}
