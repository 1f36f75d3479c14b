// Rows of numbers as vectors of four lanes, whose last one may be a part.

/** Vectors of four, then a last vector of the rest, padded with zeros: `f` sees every number as a lane of a vector. */
// @ts-ignore: decorator
@inline
export function loadPart(from: usize, bytes: usize): v128 {
  const first = load<f32>(from);
  const second: f32 = bytes > 4 ? load<f32>(from, 4) : 0;
  const third: f32 = bytes > 8 ? load<f32>(from, 8) : 0;
  return f32x4(first, second, third, 0);
}

// @ts-ignore: decorator
@inline
export function storePart(to: usize, value: v128, bytes: usize): void {
  store<f32>(to, f32x4.extract_lane(value, 0));
  if (bytes > 4) store<f32>(to, f32x4.extract_lane(value, 1), 4);
  if (bytes > 8) store<f32>(to, f32x4.extract_lane(value, 2), 8);
}

/** The lanes of a part; zeros in those behind it. */
// @ts-ignore: decorator
@inline
export function keepPart(value: v128, bytes: usize): v128 {
  return v128.and(value, i32x4.lt_s(i32x4(0, 4, 8, 12), i32x4.splat(<i32>bytes)));
}

/** The sum of the lanes: (0 + 2) + (1 + 3). */
// @ts-ignore: decorator
@inline
export function sumLanes(sums: v128): f32 {
  return f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 2) +
    (f32x4.extract_lane(sums, 1) + f32x4.extract_lane(sums, 3));
}
