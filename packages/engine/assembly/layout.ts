// How convolutions lay out what they read: padded images, tables of addresses, packed panels.
import { PANEL_ROW } from "./tiles";

/** Number of panels of 8 columns. */
// @ts-ignore: decorator
@inline
export function panelCount(columns: i32): i32 {
  return (columns + 7) >> 3;
}

/** Images taken at a time: enough of small ones that few tiles of 4 positions are left incomplete. */
// @ts-ignore: decorator
@inline
export function groupSize(batch: i32, positions: i32): i32 {
  return max(1, min(batch, (95 + positions) / max(1, positions)));
}

/** Rows (or columns) of the input that `out` rows of the output reach over. */
// @ts-ignore: decorator
@inline
export function reach(out: i32, stride: i32, filter: i32, dilation: i32): i32 {
  return (out - 1) * stride + (filter - 1) * dilation + 1;
}

/** table[image, row, column] = byte offset of that position, as u32. */
export function fillTable(
  table: usize,
  images: i32, imageBytes: usize,
  rows: i32, rowBytes: usize,
  columns: i32, columnBytes: usize,
): void {
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < rows; row++) {
      let offset = <usize>image * imageBytes + <usize>row * rowBytes;
      for (let column = 0; column < columns; column++) {
        store<u32>(table, <u32>offset);
        table += 4;
        offset += columnBytes;
      }
    }
  }
}

/** Copies images between a border that is there already; what lies beyond the padded size is left out. */
export function copyInside(
  from: usize, to: usize, images: i32,
  height: i32, width: i32, pixelBytes: usize,
  top: i32, left: i32, paddedHeight: i32, paddedWidth: i32,
): void {
  const fromRow = <usize>width * pixelBytes;
  const toRow = <usize>paddedWidth * pixelBytes;
  const bytes = <usize>max(0, min(width, paddedWidth - left)) * pixelBytes;
  const rows = min(height, paddedHeight - top);
  for (let image = 0; image < images; image++) {
    let source = from + <usize>image * <usize>height * fromRow;
    let target = to + <usize>image * <usize>paddedHeight * toRow + <usize>top * toRow + <usize>left * pixelBytes;
    for (let row = 0; row < rows; row++) {
      memory.copy(target, source, bytes);
      source += fromRow;
      target += toRow;
    }
  }
}

/** Packs B[depth,columns] of any strides into panels; `panelBytes` lie between the starts of two panels. */
export function packPanels(
  from: usize, rowBytes: usize, columnBytes: usize,
  to: usize, panelBytes: usize,
  depth: i32, columns: i32,
): void {
  for (let j = 0; j < columns; j += 8) {
    let source = from + <usize>j * columnBytes;
    let target = to;
    const width = min(8, columns - j);
    const whole = width == 8 && columnBytes == 4;
    for (let k = 0; k < depth; k++) {
      if (whole) {
        v128.store(target, v128.load(source));
        v128.store(target, v128.load(source, 16), 16);
      } else {
        let column = 0;
        for (; column < width; column++) {
          store<f32>(target + (<usize>column << 2), load<f32>(source + <usize>column * columnBytes));
        }
        for (; column < 8; column++) store<f32>(target + (<usize>column << 2), 0);
      }
      source += rowBytes;
      target += PANEL_ROW;
    }
    to += panelBytes;
  }
}

/** Sets `count` numbers to 0. */
export function zero(x: usize, count: i32): void {
  memory.fill(x, 0, <usize>count << 2);
}
