import type { WasmBackend } from "../internals";
import type { tf } from "../tf";
import { runDepthwise } from "./depthwise";

/**
 * Gradient of a depthwise convolution with respect to its input.
 *
 * tfjs's wasm backend has no `DepthwiseConv2dNativeBackpropInput`: there it cannot train a depthwise convolution. This
 * one takes dilations too.
 *
 * @throws Error for other types than float32
 */
export const depthwiseConv2dBackpropInputKernel: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { dy, filter } = inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
  const inShape = attrs?.inputShape as unknown as number[];
  return runDepthwise(
    "convolveDepthwiseInputGradient",
    backend as WasmBackend,
    [dy, filter],
    inShape,
    filter.shape,
    attrs,
    inShape,
  );
};
