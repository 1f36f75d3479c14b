import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

/**
 * Random numbers uniform in [0, 1) from a state that lies in the memory, and the state after them.
 *
 * tfjs makes random numbers in JavaScript, which a captured step could not do again.
 *
 * Inputs: `state` int32 `[4]`. Outputs: float32 of the shape `attrs.shape`, and the next state.
 */
export const randomUniformKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { state } = inputs as { state: tf.TensorInfo };
  const { shape } = attrs as { shape: number[] };
  const outputs = [backend.makeOutput(shape, "float32"), backend.makeOutput([4], "int32")];
  const addresses = [state, ...outputs].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
  sideModule(backend).randomUniform(...addresses, tf.util.sizeFromShape(shape));
  return outputs;
};
