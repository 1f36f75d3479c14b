import { tf } from "../tf";

/** The kernel of the gradient of each activation that layers finish with, from the activation's output. */
const gradientOf: Readonly<Record<string, string>> = {
  relu: "ReluGradient",
  sigmoid: "SigmoidGradient",
  tanh: "TanhGradient",
};

/** True for the activations that a layer's kernel finishes with. */
export function isLayerActivation(activation: string): boolean {
  return activation === "linear" || activation in gradientOf;
}

/** The gradient before the activation, from that after it and the activation's output. */
export function activatedGradient(dy: tf.Tensor, y: tf.Tensor, activation: string): tf.Tensor {
  return activation === "linear" ? dy : run(gradientOf[activation], { dy, x: y }, {});
}

/** Runs a kernel that has one output. */
export function run(kernelName: string, inputs: tf.NamedTensorMap, attrs: object): tf.Tensor {
  return tf.engine().runKernel(kernelName, inputs, attrs as tf.NamedAttrMap);
}
