import type { WasmBackend } from "../internals";
import type { tf } from "../tf";

/**
 * The same tensor again, sharing its data.
 *
 * Replaces tfjs's `Identity`, which copies the data on the wasm backend alone; tfjs clones every tensor that a gradient
 * will need. Data is never written to after it was made, and is freed with the last tensor that has it.
 */
export const identityKernel: tf.KernelFunc = ({ inputs, backend }) => {
  const { x } = inputs as { x: tf.TensorInfo };
  (backend as WasmBackend).incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
};
