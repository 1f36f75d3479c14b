import type { WasmBackend } from "../internals";
import type { tf } from "../tf";
import { addBiasAndActivate, fusedActivation, type FusedInputs } from "./activation";
import { depthwiseConv2d } from "./depthwise";

interface Inputs extends FusedInputs {
  readonly x: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
}

/**
 * Depthwise convolution, then bias, then activation.
 *
 * Replaces tfjs's `FusedDepthwiseConv2D`, which calls XNNPACK (see depthwiseConv2d.ts). Bias and activation give the bits
 * that the separate operations give.
 *
 * @throws Error for what `depthwiseConv2d` refuses, and for an activation that tfjs does not fuse
 */
export const fusedDepthwiseConv2dKernel: tf.KernelFunc = ({ inputs: anyInputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const inputs = anyInputs as Inputs;
  const activation = fusedActivation("fused depthwiseConv2d", attrs);
  const convolved = depthwiseConv2d(backend, inputs.x, inputs.filter, attrs);
  return addBiasAndActivate(backend, convolved, inputs, activation, attrs?.leakyreluAlpha);
};
