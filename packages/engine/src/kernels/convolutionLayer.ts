import type { WasmBackend } from "../internals";
import type { tf } from "../tf";
import { addBiasAndActivate } from "./activation";
import { conv2d } from "./conv2d";
import { convolutionInfo, runConvolution, type ConvolutionInfo } from "./convolution";
import { activatedGradient, run } from "./layerActivation";

type Attributes = Parameters<tf.KernelFunc>[0]["attrs"];

/**
 * A convolutional layer of one or two dimensions, `activation(x ∗ kernel + bias)`.
 *
 * tfjs takes three to nine operations for it in training: one-dimensional ones are reshaped four times, and its fused
 * convolution has no gradient with an activation. Here it is one, with the same bits.
 *
 * Inputs: `x` `[batch, width, C]` or `[batch, height, width, C]`, `kernel` `[KW, C, F]` or `[KH, KW, C, F]`, `bias` `[F]`
 * or none, all float32. Attributes: `activation`, and `strides`, `dilations` and `pad` as of `tf.conv2d`.
 */
export const convolutionLayerKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { x, kernel, bias } = inputs as Record<string, tf.TensorInfo>;
  const convolved = conv2d("convolutional layer", backend, imagesOf(x), filterOf(kernel), attrs);
  const y = addBiasAndActivate(
    backend,
    convolved,
    { bias, preluActivationWeights: undefined },
    String(attrs?.activation),
    0,
  );
  return x.shape.length === 4 ? y : { ...y, shape: [y.shape[0], y.shape[2], y.shape[3]] };
};

/** The gradient of {@link convolutionLayerKernel} before its activation with respect to `x`, from `dy` and `kernel`. */
export const convolutionLayerInputGradientKernel: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { dy, kernel } = inputs as Record<string, tf.TensorInfo>;
  const shape = attrs?.shape as unknown as number[];
  const info = infoOf(shape, kernel.shape, attrs);
  return runConvolution("convolveInputGradient", backend as WasmBackend, dy, kernel, info, shape);
};

/** The same with respect to `kernel`, from `x` and `dy`. */
export const convolutionLayerFilterGradientKernel: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, dy } = inputs as Record<string, tf.TensorInfo>;
  const shape = attrs?.shape as unknown as number[];
  const info = infoOf(x.shape, shape, attrs);
  return runConvolution("convolveFilterGradient", backend as WasmBackend, x, dy, info, shape);
};

/** The gradient of {@link convolutionLayerKernel}; the activation's is taken at its output. */
export const convolutionLayerGradient: Omit<tf.GradConfig, "kernelName"> = {
  inputsToSave: ["x", "kernel"],
  outputsToSave: [true],
  gradFunc: (anyDy, [x, kernel, y], attrs) => {
    const dy = activatedGradient(anyDy as tf.Tensor, y, String(attrs.activation));
    return {
      x: () => run("ConvolutionLayerInputGradient", { dy, kernel }, { ...attrs, shape: x.shape }),
      kernel: () => run("ConvolutionLayerFilterGradient", { x, dy }, { ...attrs, shape: kernel.shape }),
      bias: () => run("Sum", { x: dy }, { axis: dy.shape.map((_, axis) => axis).slice(0, -1), keepDims: false }),
    };
  },
};

function infoOf(shape: number[], kernelShape: number[], attrs: Attributes): ConvolutionInfo {
  return convolutionInfo("convolutional layer", images(shape), filter(kernelShape), attrs);
}

/** Sequences are images of height 1. */
const images = (shape: number[]) => (shape.length === 4 ? shape : [shape[0], 1, ...shape.slice(1)]);
const filter = (shape: number[]) => (shape.length === 4 ? shape : [1, ...shape]);
const imagesOf = (x: tf.TensorInfo): tf.TensorInfo => ({ ...x, shape: images(x.shape) });
const filterOf = (kernel: tf.TensorInfo): tf.TensorInfo => ({ ...kernel, shape: filter(kernel.shape) });
