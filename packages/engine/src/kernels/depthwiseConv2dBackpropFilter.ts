import type { WasmBackend } from "../internals";
import type { tf } from "../tf";
import { runDepthwise } from "./depthwise";

/**
 * Gradient of a depthwise convolution with respect to its filter.
 *
 * tfjs's wasm backend has no `DepthwiseConv2dNativeBackpropFilter`: there it cannot train a depthwise convolution. This
 * one takes dilations too.
 *
 * @throws Error for other types than float32
 */
export const depthwiseConv2dBackpropFilterKernel: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
  const filterShape = attrs?.filterShape as unknown as number[];
  return runDepthwise(
    "convolveDepthwiseFilterGradient",
    backend as WasmBackend,
    [x, dy],
    x.shape,
    filterShape,
    attrs,
    filterShape,
  );
};
