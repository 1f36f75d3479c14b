/** x[rows,columns] += bias[columns] in float32, in place. */
export function addBias(x: usize, bias: usize, rows: i32, columns: i32): void {
  const end4 = (<usize>(columns & ~3)) << 2;
  const end = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    let offset: usize = 0;
    for (; offset < end4; offset += 16) {
      v128.store(x + offset, f32x4.add(v128.load(x + offset), v128.load(bias + offset)));
    }
    for (; offset < end; offset += 4) {
      store<f32>(x + offset, load<f32>(x + offset) + load<f32>(bias + offset));
    }
    x += end;
  }
}
