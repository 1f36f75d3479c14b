// The gradient of convolution.ts's convolution with respect to its filter; parameters and padding are told there.
//
// Order of summation, in float32 from 0 on: over the images, the output's rows, its columns, ascending.
import { copyInside, fillTable, groupSize, packPanels, panelCount, reach } from "./layout";
import { correlate4x4, correlate4x8, TILE } from "./tiles";

/** Positions whose output gradients are packed at a time: they, and what they meet, stay in the first-level cache. */
const CHUNK: i32 = 96;

/** Bytes of scratch that `convolveFilterGradient` needs. */
export function convolveFilterGradientScratch(
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, F: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, dilationH: i32, dilationW: i32, top: i32, left: i32,
): usize {
  const images = <usize>groupSize(batch, OH * OW);
  const tables = (<usize>(KH * KW) << 2) + ((images * <usize>(OH * OW)) << 2);
  const tiles = <usize>(KH * KW * ((C + 3) >> 2)) * <usize>panelCount(F) * TILE;
  const panels = <usize>panelCount(F) * (<usize>CHUNK << 5);
  const image = (<usize>reach(OH, strideH, KH, dilationH) * <usize>(reach(OW, strideW, KW, dilationW) * C)) << 2;
  return tables + tiles + panels + images * image + 16;
}

/** dfilter[KH,KW,C,F]: the gradient of the convolution with respect to its filter. */
export function convolveFilterGradient(
  x: usize, dy: usize, dfilter: usize, scratch: usize,
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, F: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, dilationH: i32, dilationW: i32, top: i32, left: i32,
): void {
  const pixel = <usize>C << 2;
  const images = groupSize(batch, OH * OW);
  const count = images * OH * OW;
  const PH = reach(OH, strideH, KH, dilationH);
  const PW = reach(OW, strideW, KW, dilationW);
  const runs = dilationW == 1 ? 1 : KW;
  const tapCount = KH * runs;
  const depth = dilationW == 1 ? KW * C : C;
  // Tiles of 4 rows may read a little more than there is; in the copy there is room for that.
  const padded = top > 0 || left > 0 || PH > H || PW > W || (depth & 3) != 0;
  const rowBytes = <usize>(padded ? PW : W) * pixel;
  const imageBytes = <usize>(padded ? PH : H) * rowBytes;
  const quads = (depth + 3) >> 2;
  const panelsOfF = panelCount(F);
  const panelBytes = <usize>CHUNK << 5;

  const taps = scratch;
  const positions = taps + (<usize>tapCount << 2);
  const tiles = positions + (<usize>count << 2);
  const tileBytes = <usize>(tapCount * quads) * <usize>panelsOfF * TILE;
  const panels = tiles + tileBytes;
  const inside = panels + <usize>panelsOfF * panelBytes;
  fillTable(taps, 1, 0, KH, <usize>dilationH * rowBytes, runs, <usize>dilationW * pixel);
  fillTable(positions, images, imageBytes, OH, <usize>strideH * rowBytes, OW, <usize>strideW * pixel);
  memory.fill(tiles, 0, tileBytes);
  if (padded) memory.fill(inside, 0, <usize>images * imageBytes);

  for (let image = 0; image < batch; image += images) {
    const n = min(images, batch - image);
    let from = x + <usize>image * <usize>(H * W) * pixel;
    if (padded) {
      copyInside(from, inside, n, H, W, pixel, top, left, PH, PW);
      from = inside;
    }
    for (let first = 0; first < n * OH * OW; first += CHUNK) {
      const length = min(CHUNK, n * OH * OW - first);
      packPanels(
        dy + ((<usize>(image * OH * OW + first) * <usize>F) << 2), <usize>F << 2, 4,
        panels, panelBytes,
        length, F,
      );
      const chunk = positions + (<usize>first << 2);
      let tile = tiles;
      for (let t = 0; t < tapCount; t++) {
        const a = from + <usize>load<u32>(taps + (<usize>t << 2));
        for (let q = 0; q < quads; q++) {
          for (let j = 0; j < panelsOfF; j++) {
            const panel = panels + <usize>j * panelBytes;
            if (F - 8 * j > 4) correlate4x8(a + (<usize>q << 4), chunk, length, panel, tile);
            else correlate4x4(a + (<usize>q << 4), chunk, length, panel, tile);
            tile += TILE;
          }
        }
      }
    }
  }

  let tile = tiles;
  for (let t = 0; t < tapCount; t++) {
    for (let q = 0; q < quads; q++) {
      const rows = min(4, depth - 4 * q);
      for (let j = 0; j < panelsOfF; j++) {
        const width = min(8, F - 8 * j);
        for (let row = 0; row < rows; row++) {
          const target = dfilter + ((<usize>(t * depth + 4 * q + row) * <usize>F + <usize>(8 * j)) << 2);
          for (let column = 0; column < width; column++) {
            store<f32>(target + (<usize>column << 2), load<f32>(tile + (<usize>row << 5) + (<usize>column << 2)));
          }
        }
        tile += TILE;
      }
    }
  }
}
