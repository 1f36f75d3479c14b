import type { WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import type { tf } from "../tf";
import { poolInfo, poolOutput } from "./pooling";

/**
 * Means over windows of images `[batch, height, width, channels]`; of a window over the edge only what lies inside counts.
 *
 * Replaces tfjs's `AvgPool`, which calls XNNPACK: that chooses the order of summation by the processor, and makes
 * -Infinity of a NaN.
 *
 * @throws Error for other types than float32
 */
export const avgPoolKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { x } = inputs as { x: tf.TensorInfo };
  const { outShape, sizes } = poolInfo("avgPool", x, attrs);
  const { out, addresses } = poolOutput(backend, outShape, x);
  sideModule(backend).avgPool(addresses[0], addresses[1], ...sizes);
  return out;
};
