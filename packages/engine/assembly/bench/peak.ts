// The most that SIMD gives: multiplications and additions in registers, no memory. The benchmark compiles it; the engine
// does not contain it.

/** Twelve independent chains of `count` multiplications and additions of four numbers: 96 · count operations. */
export function peak(count: i32, factor: f32, start: f32): f32 {
  const f = f32x4.splat(factor);
  let s0 = f32x4.splat(start), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
  let s6 = f32x4.splat(-start), s7 = s6, s8 = s6, s9 = s6, s10 = s6, s11 = s6;
  for (let i = 0; i < count; i++) {
    s0 = f32x4.add(s0, f32x4.mul(f, s0));
    s1 = f32x4.add(s1, f32x4.mul(f, s1));
    s2 = f32x4.add(s2, f32x4.mul(f, s2));
    s3 = f32x4.add(s3, f32x4.mul(f, s3));
    s4 = f32x4.add(s4, f32x4.mul(f, s4));
    s5 = f32x4.add(s5, f32x4.mul(f, s5));
    s6 = f32x4.add(s6, f32x4.mul(f, s6));
    s7 = f32x4.add(s7, f32x4.mul(f, s7));
    s8 = f32x4.add(s8, f32x4.mul(f, s8));
    s9 = f32x4.add(s9, f32x4.mul(f, s9));
    s10 = f32x4.add(s10, f32x4.mul(f, s10));
    s11 = f32x4.add(s11, f32x4.mul(f, s11));
  }
  const first = f32x4.add(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), f32x4.add(s4, s5));
  const second = f32x4.add(f32x4.add(f32x4.add(s6, s7), f32x4.add(s8, s9)), f32x4.add(s10, s11));
  return f32x4.extract_lane(f32x4.add(first, second), 0);
}
