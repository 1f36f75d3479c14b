/** Sizes of a two-dimensional convolution or pooling; `top` and `left` are the padding before the image. */
export interface Sizes {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outputs: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly top: number;
  readonly left: number;
}

/**
 * Calls `visit` for every position of the output and every place of the filter that lies inside the image: the image's
 * index of the pixel, that of the output's pixel, and that of the filter's place, none of them with channels.
 */
export function visitWindows(sizes: Sizes, visit: (pixel: number, out: number, place: number) => void): void {
  const { batch, height, width, outHeight, outWidth, filterHeight, filterWidth, strides, dilations, top, left } = sizes;
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        for (let h = 0; h < filterHeight; h++) {
          for (let w = 0; w < filterWidth; w++) {
            const y = row * strides[0] + h * dilations[0] - top;
            const x = column * strides[1] + w * dilations[1] - left;
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            visit((image * height + y) * width + x, (image * outHeight + row) * outWidth + column, h * filterWidth + w);
          }
        }
      }
    }
  }
}

/** A convolution and its two gradients in float64, by the definition. */
export function referenceConvolution(
  sizes: Sizes,
  x: ArrayLike<number>,
  filter: ArrayLike<number>,
  dy: ArrayLike<number>,
): { readonly y: Float64Array; readonly dx: Float64Array; readonly dfilter: Float64Array } {
  const { channels, outputs } = sizes;
  const y = new Float64Array(dy.length);
  const dx = new Float64Array(x.length);
  const dfilter = new Float64Array(filter.length);
  visitWindows(sizes, (pixel, out, place) => {
    for (let c = 0; c < channels; c++) {
      for (let f = 0; f < outputs; f++) {
        const [i, o, w] = [pixel * channels + c, out * outputs + f, (place * channels + c) * outputs + f];
        y[o] += x[i] * filter[w];
        dx[i] += dy[o] * filter[w];
        dfilter[w] += x[i] * dy[o];
      }
    }
  });
  return { y, dx, dfilter };
}
