import type { WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import type { tf } from "../tf";
import { poolInfo, poolOutput } from "./pooling";

/**
 * Gradient of `maxPool`: of equal maxima in a window the first gets it.
 *
 * Replaces tfjs's `MaxPoolGrad`, a plain loop that is ten times slower and gives it to the last, unlike all other
 * backends.
 *
 * @throws Error for other types than float32
 */
export const maxPoolGradKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { dy, input } = inputs as { dy: tf.TensorInfo; input: tf.TensorInfo };
  const { sizes } = poolInfo("maxPool gradient", input, attrs);
  const { out, addresses } = poolOutput(backend, input.shape, input, dy);
  sideModule(backend).maxPoolGradient(addresses[0], addresses[1], addresses[2], ...sizes);
  return out;
};
