/**
 * out[segment,:] = the sum of the rows of x[rows,columns] whose id (int32) is that segment, in float32 from 0 on, in the
 * order of the rows; rows with other ids are left out.
 */
export function segmentSum(x: usize, ids: usize, out: usize, rows: i32, columns: i32, segments: i32): void {
  const bytes = <usize>columns << 2;
  const whole = bytes & ~15;
  memory.fill(out, 0, <usize>segments * bytes);
  for (let row = 0; row < rows; row++) {
    const id = load<i32>(ids + (<usize>row << 2));
    if (id >= 0 && id < segments) {
      const target = out + <usize>id * bytes;
      let offset: usize = 0;
      for (; offset < whole; offset += 16) {
        v128.store(target + offset, f32x4.add(v128.load(target + offset), v128.load(x + offset)));
      }
      for (; offset < bytes; offset += 4) {
        store<f32>(target + offset, load<f32>(target + offset) + load<f32>(x + offset));
      }
    }
    x += bytes;
  }
}
