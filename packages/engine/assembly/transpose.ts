/** to[columns,rows] = from[rows,columns]ᵀ in float32, in tiles of 16 × 16 so that both sides stay in the cache. */
export function transpose(from: usize, to: usize, rows: i32, columns: i32): void {
  const fromRow = <usize>columns << 2;
  const toRow = <usize>rows << 2;
  for (let i0 = 0; i0 < rows; i0 += 16) {
    const i1 = min(i0 + 16, rows);
    for (let j0 = 0; j0 < columns; j0 += 16) {
      const j1 = min(j0 + 16, columns);
      let i = i0;
      for (; i + 4 <= i1; i += 4) {
        let j = j0;
        for (; j + 4 <= j1; j += 4) {
          transpose4x4(
            from + <usize>i * fromRow + (<usize>j << 2), fromRow,
            to + <usize>j * toRow + (<usize>i << 2), toRow,
          );
        }
        for (; j < j1; j++) {
          for (let r = i; r < i + 4; r++) copy(from + <usize>r * fromRow + (<usize>j << 2), to + <usize>j * toRow + (<usize>r << 2));
        }
      }
      for (; i < i1; i++) {
        for (let j = j0; j < j1; j++) copy(from + <usize>i * fromRow + (<usize>j << 2), to + <usize>j * toRow + (<usize>i << 2));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function copy(from: usize, to: usize): void {
  store<f32>(to, load<f32>(from));
}

/** to[4,4] = from[4,4]ᵀ; rows begin `fromRow` and `toRow` bytes apart. */
// @ts-ignore: decorator
@inline
export function transpose4x4(from: usize, fromRow: usize, to: usize, toRow: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + fromRow);
  const r2 = v128.load(from + 2 * fromRow);
  const r3 = v128.load(from + 3 * fromRow);
  // Pairs of rows interleaved: low01 = r0[0] r1[0] r0[1] r1[1], high01 = r0[2] r1[2] r0[3] r1[3].
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to + toRow, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(to + 2 * toRow, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(to + 3 * toRow, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}
