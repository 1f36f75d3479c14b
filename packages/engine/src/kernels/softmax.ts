import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

const stock = tf.getKernel("Softmax", "wasm").kernelFunc;

/**
 * Softmax over the last axis.
 *
 * Replaces tfjs's `Softmax`, which is XNNPACK's: that one computes otherwise on other processors.
 */
export const softmaxKernel: tf.KernelFunc = (params) => {
  const { logits } = params.inputs as { logits: tf.TensorInfo };
  if (logits.dtype !== "float32") return stock(params);
  const backend = params.backend as WasmBackend;
  const out = backend.makeOutput(logits.shape, "float32");
  sideModule(backend).softmax(addressOf(backend, logits), addressOf(backend, out), ...rowsOf(logits));
  return out;
};

/** Gradient of softmax from its output `y` and `dy`, in one pass. */
export const softmaxGradientKernel: tf.KernelFunc = ({ inputs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { dy, x: y } = inputs as { dy: tf.TensorInfo; x: tf.TensorInfo };
  const out = backend.makeOutput(y.shape, "float32");
  const addresses = [dy, y, out].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
  sideModule(backend).softmaxGradient(...addresses, ...rowsOf(y));
  return out;
};

function rowsOf({ shape }: tf.TensorInfo): [rows: number, columns: number] {
  const columns = shape[shape.length - 1] ?? 1;
  return [tf.util.sizeFromShape(shape) / Math.max(1, columns), columns];
}
