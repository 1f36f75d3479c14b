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
  return share(backend as WasmBackend, x, x.shape);
};

/** The data of a tensor, held once more, in a shape of as many numbers. */
export function share(backend: WasmBackend, { dataId, dtype }: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}
