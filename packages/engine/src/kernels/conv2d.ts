import type { WasmBackend } from "../internals";
import type { tf } from "../tf";
import { convolutionInfo, expectFloat32, runConvolution } from "./convolution";

/**
 * Convolution of images `[batch, height, width, channels]` with a filter `[height, width, channels, outputs]`; 1-D
 * convolutions come here as images of height 1.
 *
 * Replaces tfjs's `Conv2D`, which calls XNNPACK: that chooses its code, and with it the order of summation, by the
 * processor, and keeps packed filters that have to be made anew after every training step.
 *
 * @throws Error for other types than float32 and other formats than NHWC
 */
export const conv2dKernel: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, filter } = inputs as { x: tf.TensorInfo; filter: tf.TensorInfo };
  return conv2d("conv2d", backend as WasmBackend, x, filter, attrs);
};

/** The convolution, for this kernel and for the fused one. */
export function conv2d(
  operation: string,
  backend: WasmBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  attrs: Parameters<tf.KernelFunc>[0]["attrs"],
): tf.TensorInfo {
  expectFloat32(operation, x, filter);
  const info = convolutionInfo(operation, x.shape, filter.shape, attrs);
  return runConvolution("convolve", backend, x, filter, info, info.outShape);
}
