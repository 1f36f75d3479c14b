import type { WasmBackend } from "../internals";
import type { tf } from "../tf";
import { addBiasAndActivate, fusedActivation, type FusedInputs } from "./activation";
import { conv2d } from "./conv2d";

interface Inputs extends FusedInputs {
  readonly x: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
}

/**
 * Convolution, then bias, then activation: what a convolutional layer calls.
 *
 * Replaces tfjs's `FusedConv2D`, which has the faults of its `Conv2D` (see conv2d.ts) and takes a bias of one dimension
 * only. Bias and activation give the bits that the separate operations give.
 *
 * @throws Error for what `conv2d` refuses, and for an activation that tfjs does not fuse
 */
export const fusedConv2dKernel: tf.KernelFunc = ({ inputs: anyInputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const inputs = anyInputs as Inputs;
  const activation = fusedActivation("fused conv2d", attrs);
  const convolved = conv2d("fused conv2d", backend, inputs.x, inputs.filter, attrs);
  return addBiasAndActivate(backend, convolved, inputs, activation, attrs?.leakyreluAlpha);
};
