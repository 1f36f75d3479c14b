// Convolution of each channel of images [batch, H, W, C] with filters of its own, [KH, KW, C, M], which gives C·M
// channels, and its gradients with respect to both, in float32, for any strides, dilations and padding. What lies outside
// an image is left out.
//
// Parameter lists end like those of convolution.ts, with F = C·M.
//
// Order of summation, each in float32 from 0 on:
//   output:          over the filter's rows, then its columns, ascending;
//   input gradient:  over the output's rows, then the filter's columns, then the M channels, ascending;
//   filter gradient: over the images, the output's rows, its columns, ascending.

/** Which of the three is added to, with the product of the other two. */
const OUTPUT: i32 = 0;
const INPUT: i32 = 1;
const FILTER: i32 = 2;

/** One place of the filter over neighbouring positions of the output, 4 channels at a time. */
// @ts-ignore: decorator
@inline
function addVectors(which: i32, x: usize, xStep: usize, y: usize, yStep: usize, w: usize, count: i32): void {
  let weight = v128.load(w);
  for (let i = 0; i < count; i++) {
    if (which == OUTPUT) v128.store(y, f32x4.add(v128.load(y), f32x4.mul(v128.load(x), weight)));
    if (which == INPUT) v128.store(x, f32x4.add(v128.load(x), f32x4.mul(v128.load(y), weight)));
    if (which == FILTER) weight = f32x4.add(weight, f32x4.mul(v128.load(x), v128.load(y)));
    x += xStep;
    y += yStep;
  }
  if (which == FILTER) v128.store(w, weight);
}

/** The same for one channel. */
// @ts-ignore: decorator
@inline
function addNumbers(which: i32, x: usize, xStep: usize, y: usize, yStep: usize, w: usize, count: i32): void {
  let weight = load<f32>(w);
  for (let i = 0; i < count; i++) {
    if (which == OUTPUT) store<f32>(y, load<f32>(y) + load<f32>(x) * weight);
    if (which == INPUT) store<f32>(x, load<f32>(x) + load<f32>(y) * weight);
    if (which == FILTER) weight += load<f32>(x) * load<f32>(y);
    x += xStep;
    y += yStep;
  }
  if (which == FILTER) store<f32>(w, weight);
}

/** Smallest position of the output whose element at `offset` does not lie before the image. */
// @ts-ignore: decorator
@inline
function firstInside(offset: i32, stride: i32): i32 {
  return offset < 0 ? (stride - 1 - offset) / stride : 0;
}

/** Number of positions of the output, from 0 on, whose element at `offset` does not lie behind the image. */
// @ts-ignore: decorator
@inline
function endInside(offset: i32, stride: i32, size: i32, out: i32): i32 {
  return size - 1 < offset ? 0 : min(out, (size - 1 - offset) / stride + 1);
}

// @ts-ignore: decorator
@inline
function walk(
  which: i32, x: usize, filter: usize, y: usize,
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, F: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, dilationH: i32, dilationW: i32, top: i32, left: i32,
): void {
  const pixel = <usize>C << 2;
  const outPixel = <usize>F << 2;
  const xStep = <usize>strideW * pixel;
  const multiplier = F / C;
  for (let image = 0; image < batch; image++) {
    for (let oh = 0; oh < OH; oh++) {
      for (let kh = 0; kh < KH; kh++) {
        const h = oh * strideH + kh * dilationH - top;
        if (h < 0 || h >= H) continue;
        for (let kw = 0; kw < KW; kw++) {
          const offset = kw * dilationW - left;
          const ow = firstInside(offset, strideW);
          const count = endInside(offset, strideW, W, OW) - ow;
          if (count <= 0) continue;
          const xs = x + <usize>((image * H + h) * W + ow * strideW + offset) * pixel;
          const ys = y + <usize>((image * OH + oh) * OW + ow) * outPixel;
          const ws = filter + <usize>(kh * KW + kw) * outPixel;
          let f = 0;
          if (multiplier == 1) {
            for (; f + 4 <= F; f += 4) {
              const byte = <usize>f << 2;
              addVectors(which, xs + byte, xStep, ys + byte, outPixel, ws + byte, count);
            }
          }
          for (; f < F; f++) {
            const byte = <usize>f << 2;
            addNumbers(which, xs + (<usize>(f / multiplier) << 2), xStep, ys + byte, outPixel, ws + byte, count);
          }
        }
      }
    }
  }
}

/** y[batch,OH,OW,F] = x ∗ filter, channel by channel. */
export function convolveDepthwise(
  x: usize, filter: usize, y: usize,
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, F: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, dilationH: i32, dilationW: i32, top: i32, left: i32,
): void {
  memory.fill(y, 0, (<usize>batch * <usize>(OH * OW) * <usize>F) << 2);
  walk(
    OUTPUT, x, filter, y,
    batch, H, W, C, OH, OW, F, KH, KW, strideH, strideW, dilationH, dilationW, top, left,
  );
}

/** dx[batch,H,W,C]: the gradient with respect to the input. */
export function convolveDepthwiseInputGradient(
  dy: usize, filter: usize, dx: usize,
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, F: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, dilationH: i32, dilationW: i32, top: i32, left: i32,
): void {
  memory.fill(dx, 0, (<usize>batch * <usize>(H * W) * <usize>C) << 2);
  walk(
    INPUT, dx, filter, dy,
    batch, H, W, C, OH, OW, F, KH, KW, strideH, strideW, dilationH, dilationW, top, left,
  );
}

/** dfilter[KH,KW,C,M]: the gradient with respect to the filter. */
export function convolveDepthwiseFilterGradient(
  x: usize, dy: usize, dfilter: usize,
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, F: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, dilationH: i32, dilationW: i32, top: i32, left: i32,
): void {
  memory.fill(dfilter, 0, <usize>(KH * KW * F) << 2);
  walk(
    FILTER, x, dfilter, dy,
    batch, H, W, C, OH, OW, F, KH, KW, strideH, strideW, dilationH, dilationW, top, left,
  );
}
