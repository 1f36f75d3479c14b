import type { WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import type { tf } from "../tf";
import { poolInfo, poolOutput } from "./pooling";

/**
 * Gradient of `avgPool`, divided by the size of the whole window even at the border, as tfjs does on every backend.
 *
 * Replaces tfjs's `AvgPoolGrad`, a plain loop that is ten times slower.
 *
 * @throws Error for other types than float32
 */
export const avgPoolGradKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { dy, input } = inputs as { dy: tf.TensorInfo; input: tf.TensorInfo };
  const { sizes } = poolInfo("avgPool gradient", input, attrs);
  const { out, addresses } = poolOutput(backend, input.shape, dy);
  sideModule(backend).avgPoolGradient(addresses[0], addresses[1], ...sizes);
  return out;
};
