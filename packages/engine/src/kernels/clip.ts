import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

const stockRelu6 = tf.getKernel("Relu6", "wasm").kernelFunc;

function clip(backend: WasmBackend, x: tf.TensorInfo, low: number, high: number): tf.TensorInfo {
  const out = backend.makeOutput(x.shape, "float32");
  sideModule(backend).clip(addressOf(backend, x), addressOf(backend, out), tf.util.sizeFromShape(x.shape), low, high);
  return out;
}

/**
 * `tf.clipByValue` as tfjs calls it; NaN becomes the lower bound, as with tfjs on x64.
 *
 * Replaces tfjs's `ClipByValue`, which is XNNPACK's, where what becomes of NaN and of -0 differs between processors, and
 * which took whole numbers for float32.
 */
export const clipByValueKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { x } = inputs as { x: tf.TensorInfo };
  const { clipValueMin, clipValueMax } = attrs as unknown as { clipValueMin: number; clipValueMax: number };
  if (x.dtype === "float32") return clip(backend, x, clipValueMin, clipValueMax);
  const values = backend.readSync(x.dataId).map((value) => Math.min(Math.max(value, clipValueMin), clipValueMax));
  return backend.makeOutput(x.shape, x.dtype, undefined, values);
};

/**
 * `tf.relu6` as tfjs calls it; NaN becomes 0, as with tfjs on x64. Integers take tfjs's own.
 *
 * Replaces tfjs's `Relu6`, which is XNNPACK's, for the same reason.
 */
export const relu6Kernel: tf.KernelFunc = (params) => {
  const { x } = params.inputs as { x: tf.TensorInfo };
  return x.dtype === "float32" ? clip(params.backend as WasmBackend, x, 0, 6) : stockRelu6(params);
};
