import type { WasmBackend } from "../internals";
import type { tf } from "../tf";
import { depthwiseConv2d } from "./depthwise";

/**
 * Convolution of each channel of images `[batch, height, width, channels]` with filters of its own,
 * `[height, width, channels, multiplier]`.
 *
 * Replaces tfjs's `DepthwiseConv2dNative`, which calls XNNPACK: that chooses its code, and with it the order of
 * summation, by the processor.
 *
 * @throws Error for other types than float32 and other formats than NHWC
 */
export const depthwiseConv2dKernel: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, filter } = inputs as { x: tf.TensorInfo; filter: tf.TensorInfo };
  return depthwiseConv2d(backend as WasmBackend, x, filter, attrs);
};
