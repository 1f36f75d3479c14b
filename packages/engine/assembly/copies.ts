// Copies between tensors. Sizes and strides of rows are bytes.

/** Copies `rows` rows of `bytes` bytes; `fromStride` and `toStride` lie between the starts of two rows. */
export function copyRows(from: usize, to: usize, rows: i32, bytes: i32, fromStride: i32, toStride: i32): void {
  for (let row = 0; row < rows; row++) {
    memory.copy(to, from, <usize>bytes);
    from += <usize>fromStride;
    to += <usize>toStride;
  }
}

export function intToFloat(from: usize, to: usize, count: i32): void {
  const bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(to + at, f32x4.convert_i32x4_s(v128.load(from + at)));
  for (; at < bytes; at += 4) store<f32>(to + at, <f32>load<i32>(from + at));
}

/** Rounds towards 0; NaN becomes 0, what lies beyond int32 its nearest end. */
export function floatToInt(from: usize, to: usize, count: i32): void {
  const bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(to + at, i32x4.trunc_sat_f32x4_s(v128.load(from + at)));
  for (; at < bytes; at += 4) {
    store<i32>(to + at, i32x4.extract_lane(i32x4.trunc_sat_f32x4_s(f32x4.splat(load<f32>(from + at))), 0));
  }
}

export function boolToFloat(from: usize, to: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) store<f32>(to + (i << 2), <f32>load<u8>(from + i));
}

export function boolToInt(from: usize, to: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) store<i32>(to + (i << 2), <i32>load<u8>(from + i));
}
