// Two-dimensional convolution of images [batch, height, width, channels] with filters [height, width, in, out], and its
// gradient with respect to the images, in float32, for any strides, dilations and padding. That with respect to the filter
// is in convolutionFilter.ts.
//
// Every parameter list ends with the sizes of the forward convolution: batch, H × W × C (input), OH × OW × F (output),
// KH × KW (filter), strides, dilations, padding above and at the left. What lies outside an image is zero, and is
// multiplied like any number.
//
// Order of summation, each in float32 from 0 on:
//   output:         over the filter's rows, its columns, the input's channels, ascending;
//   input gradient: over the filter's rows, its columns, the output's channels, ascending.
import { copyInside, fillTable, groupSize, packPanels, panelCount, reach } from "./layout";
import { gather4x4, gather4x8, TILE } from "./tiles";

/** C[targets[i],:] = Σ A(positions[i] + tap) · B for all positions and columns; `spare` is room for a tile. */
function gather(
  a: usize, positions: usize, count: i32,
  taps: usize, tapCount: i32, depth: i32,
  panels: usize, columns: i32,
  c: usize, targets: usize, spare: usize,
): void {
  const panelBytes = <usize>(tapCount * depth) << 5;
  for (let j = 0; j < columns; j += 8) {
    const cj = c + (<usize>j << 2);
    const width = min(8, columns - j);
    const direct = width == 8 || width == 4;
    for (let i = 0; i < count; i += 4) {
      // Beyond the last position it is computed again: the same bits go to the same place.
      const i0 = <usize>i << 2;
      const i1 = <usize>min(i + 1, count - 1) << 2;
      const i2 = <usize>min(i + 2, count - 1) << 2;
      const i3 = <usize>min(i + 3, count - 1) << 2;
      const a0 = a + <usize>load<u32>(positions + i0);
      const a1 = a + <usize>load<u32>(positions + i1);
      const a2 = a + <usize>load<u32>(positions + i2);
      const a3 = a + <usize>load<u32>(positions + i3);
      const c0 = cj + <usize>load<u32>(targets + i0);
      const c1 = cj + <usize>load<u32>(targets + i1);
      const c2 = cj + <usize>load<u32>(targets + i2);
      const c3 = cj + <usize>load<u32>(targets + i3);
      const d0 = direct ? c0 : spare;
      const d1 = direct ? c1 : spare + 32;
      const d2 = direct ? c2 : spare + 64;
      const d3 = direct ? c3 : spare + 96;
      if (width > 4) gather4x8(a0, a1, a2, a3, taps, tapCount, depth, panels, d0, d1, d2, d3);
      else gather4x4(a0, a1, a2, a3, taps, tapCount, depth, panels, d0, d1, d2, d3);
      if (!direct) {
        for (let column: usize = 0; column < <usize>width << 2; column += 4) {
          store<f32>(c0 + column, load<f32>(d0 + column));
          store<f32>(c1 + column, load<f32>(d1 + column));
          store<f32>(c2 + column, load<f32>(d2 + column));
          store<f32>(c3 + column, load<f32>(d3 + column));
        }
      }
    }
    panels += panelBytes;
  }
}

/** Bytes of scratch that `convolve` needs. */
export function convolveScratch(
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, F: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, dilationH: i32, dilationW: i32, top: i32, left: i32,
): usize {
  const images = <usize>groupSize(batch, OH * OW);
  const tables = (<usize>(KH * KW) << 2) + ((images * <usize>(OH * OW)) << 3);
  const panels = <usize>panelCount(F) * (<usize>(KH * KW * C) << 5);
  const image = (<usize>reach(OH, strideH, KH, dilationH) * <usize>(reach(OW, strideW, KW, dilationW) * C)) << 2;
  return TILE + tables + panels + images * image;
}

/** y[batch,OH,OW,F] = x[batch,H,W,C] ∗ filter[KH,KW,C,F]. */
export function convolve(
  x: usize, filter: usize, y: usize, scratch: usize,
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, F: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, dilationH: i32, dilationW: i32, top: i32, left: i32,
): void {
  const pixel = <usize>C << 2;
  const images = groupSize(batch, OH * OW);
  const count = images * OH * OW;
  const PH = reach(OH, strideH, KH, dilationH);
  const PW = reach(OW, strideW, KW, dilationW);
  const padded = top > 0 || left > 0 || PH > H || PW > W;
  const rowBytes = <usize>(padded ? PW : W) * pixel;
  const imageBytes = <usize>(padded ? PH : H) * rowBytes;
  // Neighbouring columns of the filter read neighbouring pixels: a row of the filter is one run.
  const runs = dilationW == 1 ? 1 : KW;
  const tapCount = KH * runs;
  const depth = dilationW == 1 ? KW * C : C;

  const taps = scratch + TILE;
  const positions = taps + (<usize>tapCount << 2);
  const targets = positions + (<usize>count << 2);
  const panels = targets + (<usize>count << 2);
  const panelBytes = <usize>(tapCount * depth) << 5;
  const inside = panels + <usize>panelCount(F) * panelBytes;
  fillTable(taps, 1, 0, KH, <usize>dilationH * rowBytes, runs, <usize>dilationW * pixel);
  fillTable(positions, images, imageBytes, OH, <usize>strideH * rowBytes, OW, <usize>strideW * pixel);
  fillTable(targets, 1, 0, 1, 0, count, <usize>F << 2);
  packPanels(filter, <usize>F << 2, 4, panels, panelBytes, tapCount * depth, F);
  if (padded) memory.fill(inside, 0, <usize>images * imageBytes);

  for (let image = 0; image < batch; image += images) {
    const n = min(images, batch - image);
    const from = x + (<usize>image * <usize>(H * W)) * pixel;
    if (padded) copyInside(from, inside, n, H, W, pixel, top, left, PH, PW);
    gather(
      padded ? inside : from, positions, n * OH * OW,
      taps, tapCount, depth,
      panels, F,
      y + ((<usize>image * <usize>(OH * OW * F)) << 2), targets, scratch,
    );
  }
}

/** Rows (or columns) of zeros that the input gradient needs before the output gradient. */
// @ts-ignore: decorator
@inline
function before(filter: i32, dilation: i32, stride: i32, pad: i32): i32 {
  return max(0, ((filter - 1) * dilation - pad) / stride);
}

/** Rows (or columns) that the input gradient reads, without those before. */
// @ts-ignore: decorator
@inline
function readable(size: i32, out: i32, stride: i32, pad: i32): i32 {
  return max(out, (size - 1 + pad) / stride + 1);
}

/** Bytes of scratch that `convolveInputGradient` needs. */
export function convolveInputGradientScratch(
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, F: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, dilationH: i32, dilationW: i32, top: i32, left: i32,
): usize {
  const rows = (H + strideH - 1) / strideH;
  const columns = (W + strideW - 1) / strideW;
  const images = <usize>groupSize(batch, rows * columns);
  const tables = (<usize>(KH * KW) << 2) + ((images * <usize>(rows * columns)) << 3);
  const panels = <usize>panelCount(C) * (<usize>(KH * KW * F) << 5);
  const PH = before(KH, dilationH, strideH, top) + readable(H, OH, strideH, top);
  const PW = before(KW, dilationW, strideW, left) + readable(W, OW, strideW, left);
  return TILE + tables + panels + ((images * <usize>PH * <usize>(PW * F)) << 2);
}

/**
 * dx[batch,H,W,C]: the gradient of the convolution with respect to its input.
 *
 * Input rows that are equal modulo the stride meet the same rows of the filter, so that dx is made of strideH · strideW
 * convolutions of dy without stride, each with its own taps; none of them adds to what another has written.
 */
export function convolveInputGradient(
  dy: usize, filter: usize, dx: usize, scratch: usize,
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, F: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, dilationH: i32, dilationW: i32, top: i32, left: i32,
): void {
  const pixel = <usize>F << 2;
  const dxPixel = <usize>C << 2;
  const dxRow = <usize>W * dxPixel;
  const dxImage = <usize>H * dxRow;
  const above = before(KH, dilationH, strideH, top);
  const beside = before(KW, dilationW, strideW, left);
  const PH = above + readable(H, OH, strideH, top);
  const PW = beside + readable(W, OW, strideW, left);
  const padded = PH != OH || PW != OW;
  const rowBytes = <usize>PW * pixel;
  const imageBytes = <usize>PH * rowBytes;
  const images = groupSize(batch, ((H + strideH - 1) / strideH) * ((W + strideW - 1) / strideW));
  const most = images * ((H + strideH - 1) / strideH) * ((W + strideW - 1) / strideW);

  const taps = scratch + TILE;
  const positions = taps + (<usize>(KH * KW) << 2);
  const targets = positions + (<usize>most << 2);
  const panels = targets + (<usize>most << 2);
  const inside = panels + <usize>panelCount(C) * (<usize>(KH * KW * F) << 5);
  if (padded) memory.fill(inside, 0, <usize>images * imageBytes);

  for (let phaseH = 0; phaseH < min(strideH, H); phaseH++) {
    const rows = (H - phaseH + strideH - 1) / strideH;
    for (let phaseW = 0; phaseW < min(strideW, W); phaseW++) {
      const columns = (W - phaseW + strideW - 1) / strideW;
      let tapCount = 0;
      for (let kh = 0; kh < KH; kh++) {
        if ((phaseH + top - kh * dilationH) % strideH != 0) continue;
        for (let kw = 0; kw < KW; kw++) {
          if ((phaseW + left - kw * dilationW) % strideW == 0) tapCount++;
        }
      }
      const panelBytes = <usize>(tapCount * F) << 5;
      let tap = 0;
      for (let kh = 0; kh < KH; kh++) {
        const fromRow = phaseH + top - kh * dilationH;
        if (fromRow % strideH != 0) continue;
        for (let kw = 0; kw < KW; kw++) {
          const fromColumn = phaseW + left - kw * dilationW;
          if (fromColumn % strideW != 0) continue;
          const offset = <usize>(above + fromRow / strideH) * rowBytes + <usize>(beside + fromColumn / strideW) * pixel;
          store<u32>(taps + (<usize>tap << 2), <u32>offset);
          packPanels(
            filter + ((<usize>(kh * KW + kw) * <usize>(C * F)) << 2), 4, pixel,
            panels + (<usize>(tap * F) << 5), panelBytes,
            F, C,
          );
          tap++;
        }
      }
      fillTable(positions, images, imageBytes, rows, rowBytes, columns, pixel);
      fillTable(targets, images, dxImage, rows, <usize>strideH * dxRow, columns, <usize>strideW * dxPixel);
      for (let image = 0; image < batch; image += images) {
        const n = min(images, batch - image);
        const from = dy + <usize>image * <usize>(OH * OW) * pixel;
        if (padded) copyInside(from, inside, n, OH, OW, pixel, above, beside, PH, PW);
        gather(
          padded ? inside : from, positions, n * rows * columns,
          taps, tapCount, F,
          panels, C,
          dx + <usize>image * dxImage + <usize>phaseH * dxRow + <usize>phaseW * dxPixel, targets, scratch,
        );
      }
    }
  }
}
