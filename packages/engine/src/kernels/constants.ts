import { currentRecording } from "../capture/recording";
import type { WasmBackend } from "../internals";
import { tf } from "../tf";

/**
 * A tensor of one number; tfjs's own kernels, but that in a step that is being recorded the tensor is a constant of it.
 *
 * tfjs's write into the memory from JavaScript, which no repetition of compiled calls would do again.
 */
function constant(
  kernelName: "Fill" | "ZerosLike" | "OnesLike",
  describe: (params: Parameters<tf.KernelFunc>[0]) => { shape: number[]; dtype: tf.DataType; value: number },
): tf.KernelFunc {
  const stock = tf.getKernel(kernelName, "wasm").kernelFunc;
  return (params) => {
    if (currentRecording() === undefined) return stock(params);
    const { shape, dtype, value } = describe(params);
    if (dtype === "string" || dtype === "complex64") return stock(params);
    const values = tf.util.getArrayFromDType(dtype, tf.util.sizeFromShape(shape)) as tf.TypedArray;
    return (params.backend as WasmBackend).makeOutput(shape, dtype, undefined, values.fill(value));
  };
}

/** `tf.fill` as tfjs calls it. */
export const fillKernel = constant("Fill", ({ attrs }) => {
  const { shape, value, dtype } = attrs as { shape: number[]; value: number; dtype?: tf.DataType };
  return { shape, value, dtype: dtype ?? tf.util.inferDtype(value) };
});

/** `tf.zerosLike` as tfjs calls it. */
export const zerosLikeKernel = constant("ZerosLike", ({ inputs }) => ({ ...like(inputs), value: 0 }));

/** `tf.onesLike` as tfjs calls it. */
export const onesLikeKernel = constant("OnesLike", ({ inputs }) => ({ ...like(inputs), value: 1 }));

function like(inputs: tf.NamedTensorInfoMap): Pick<tf.TensorInfo, "shape" | "dtype"> {
  const { x } = inputs as { x: tf.TensorInfo };
  return { shape: x.shape, dtype: x.dtype };
}
