import type { WasmBackend } from "../internals";
import { tf } from "../tf";
import { addBiasAndActivate } from "./activation";
import { activatedGradient, run } from "./layerActivation";
import { matMul } from "./matMul";

/**
 * A dense layer, `activation(x · kernel + bias)`.
 *
 * tfjs takes three to seven operations for it in training, since its fused product has no gradient with an activation.
 * Here it is one, with the same bits.
 *
 * Inputs: `x` `[..., K]`, `kernel` `[K, N]`, `bias` `[N]` or none, all float32. Attribute: `activation`.
 */
export const denseLayerKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { x, kernel, bias } = inputs as Record<string, tf.TensorInfo | undefined>;
  const { shape, ...flat } = x as tf.TensorInfo;
  const depth = shape[shape.length - 1];
  const rows = tf.util.sizeFromShape(shape.slice(0, -1));
  const product = matMul(backend, { ...flat, shape: [rows, depth] }, kernel as tf.TensorInfo, false, false);
  const y = addBiasAndActivate(
    backend,
    product,
    { bias, preluActivationWeights: undefined },
    String(attrs?.activation),
    0,
  );
  return { ...y, shape: [...shape.slice(0, -1), y.shape[1]] };
};

/** The gradient of {@link denseLayerKernel}; the activation's is taken at its output. */
export const denseLayerGradient: Omit<tf.GradConfig, "kernelName"> = {
  inputsToSave: ["x", "kernel"],
  outputsToSave: [true],
  gradFunc: (dy, [x, kernel, y], attrs) => {
    const dz = activatedGradient(dy as tf.Tensor, y, String(attrs.activation));
    const flat = (tensor: tf.Tensor) =>
      tensor.rank === 2 ? tensor : tensor.reshape([-1, tensor.shape[tensor.rank - 1]]);
    const like = (tensor: tf.Tensor) => (x.rank === 2 ? tensor : tensor.reshape(x.shape));
    return {
      x: () => like(run("BatchMatMul", { a: flat(dz), b: kernel }, { transposeA: false, transposeB: true })),
      kernel: () => run("BatchMatMul", { a: flat(x), b: flat(dz) }, { transposeA: true, transposeB: false }),
      bias: () => run("Sum", { x: flat(dz) }, { axis: [0], keepDims: false }),
    };
  },
};
