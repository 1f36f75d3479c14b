import type { WasmBackend } from "../internals";
import type { tf } from "../tf";
import { convolutionInfo, expectFloat32, runConvolution } from "./convolution";

/**
 * Gradient of a convolution with respect to its filter.
 *
 * tfjs's wasm backend has no `Conv2DBackpropFilter`: there it cannot train a convolution. This one takes `dilations`
 * besides.
 *
 * @throws Error for other types than float32 and other formats than NHWC
 */
export const conv2dBackpropFilterKernel: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
  expectFloat32("conv2d gradient", x, dy);
  const filterShape = attrs?.filterShape as unknown as number[];
  const info = convolutionInfo("conv2d gradient", x.shape, filterShape, attrs);
  return runConvolution("convolveFilterGradient", backend as WasmBackend, x, dy, info, filterShape);
};
