import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

/**
 * A function of each number of a float32 tensor, four at a time; other types take tfjs's own kernel.
 *
 * Replaces tfjs's kernels because `Tanh` is slow (17 ns a number), because `Sigmoid` and `Elu` are XNNPACK's, which
 * compute otherwise on other processors, and because `Relu` and `Square` go number by number.
 */
function unary(kernelName: string, name: "relu" | "sigmoid" | "tanh" | "square" | "elu"): tf.KernelFunc {
  const stock = tf.getKernel(kernelName, "wasm").kernelFunc;
  return (params) => {
    const { x } = params.inputs as { x: tf.TensorInfo };
    if (x.dtype !== "float32") return stock(params);
    const backend = params.backend as WasmBackend;
    const out = backend.makeOutput(x.shape, "float32");
    sideModule(backend)[name](addressOf(backend, x), addressOf(backend, out), tf.util.sizeFromShape(x.shape));
    return out;
  };
}

/** `tf.relu` as tfjs calls it; the bits are tfjs's. */
export const reluKernel = unary("Relu", "relu");

/** `tf.sigmoid` as tfjs calls it, within 2 units in the last place. */
export const sigmoidKernel = unary("Sigmoid", "sigmoid");

/** `tf.tanh` as tfjs calls it, within 2 units in the last place. */
export const tanhKernel = unary("Tanh", "tanh");

/** `tf.square` as tfjs calls it; the bits are tfjs's. */
export const squareKernel = unary("Square", "square");

/** `tf.elu` as tfjs calls it, within 2 units in the last place. */
export const eluKernel = unary("Elu", "elu");

const stockPrelu = tf.getKernel("Prelu", "wasm").kernelFunc;

/**
 * `tf.prelu` as tfjs calls it, with one alpha a channel.
 *
 * Replaces tfjs's `Prelu`, XNNPACK's, which keeps a copy of alpha under its data: weights that change in place would not
 * be seen.
 */
export const preluKernel: tf.KernelFunc = (params) => {
  const { x, alpha } = params.inputs as { x: tf.TensorInfo; alpha: tf.TensorInfo };
  if (x.dtype !== "float32") return stockPrelu(params);
  const backend = params.backend as WasmBackend;
  const out = backend.makeOutput(x.shape, "float32");
  const addresses = [x, alpha, out].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
  const columns = tf.util.sizeFromShape(alpha.shape);
  sideModule(backend).prelu(...addresses, tf.util.sizeFromShape(x.shape) / columns, columns);
  return out;
};
