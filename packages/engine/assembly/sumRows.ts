/**
 * out[group,column] = (the sum over the rows of x[group,row,column]) / divisor, in float32.
 *
 * Order of summation: from 0 on, over the rows ascending: that of summing each column after a transposition.
 */
export function sumRows(x: usize, out: usize, groups: i32, rows: i32, columns: i32, divisor: f32): void {
  const bytes = <usize>columns << 2;
  const divisors = f32x4.splat(divisor);
  for (let group = 0; group < groups; group++) {
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
      v128.store(out + column, f32x4.div(s0, divisors));
      v128.store(out + column, f32x4.div(s1, divisors), 16);
      v128.store(out + column, f32x4.div(s2, divisors), 32);
      v128.store(out + column, f32x4.div(s3, divisors), 48);
    }
    for (; column + 16 <= bytes; column += 16) {
      let sum = f32x4.splat(0);
      let p = x + column;
      for (let row = 0; row < rows; row++) {
        sum = f32x4.add(sum, v128.load(p));
        p += bytes;
      }
      v128.store(out + column, f32x4.div(sum, divisors));
    }
    for (; column < bytes; column += 4) {
      let sum: f32 = 0;
      let p = x + column;
      for (let row = 0; row < rows; row++) {
        sum += load<f32>(p);
        p += bytes;
      }
      store<f32>(out + column, sum / divisor);
    }
    x += <usize>rows * bytes;
    out += bytes;
  }
}
