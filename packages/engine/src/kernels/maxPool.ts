import type { WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import type { tf } from "../tf";
import { poolInfo, poolOutput } from "./pooling";

/**
 * Maxima over windows of images `[batch, height, width, channels]`.
 *
 * Replaces tfjs's `MaxPool`, which calls XNNPACK and, where a window holds NaN, forgets the numbers before it. Here NaN is
 * passed over, as on tfjs's cpu backend.
 *
 * @throws Error for other types than float32
 */
export const maxPoolKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { x } = inputs as { x: tf.TensorInfo };
  const { outShape, sizes } = poolInfo("maxPool", x, attrs);
  const { out, addresses } = poolOutput(backend, outShape, x);
  sideModule(backend).maxPool(addresses[0], addresses[1], ...sizes);
  return out;
};
