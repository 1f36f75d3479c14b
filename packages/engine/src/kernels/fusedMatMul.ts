import type { WasmBackend } from "../internals";
import type { tf } from "../tf";
import { addBiasAndActivate, fusedActivation, type FusedInputs } from "./activation";
import { matMul } from "./matMul";

interface Inputs extends FusedInputs {
  readonly a: tf.TensorInfo;
  readonly b: tf.TensorInfo;
}

/**
 * Matrix product, then bias, then activation: what a dense layer calls.
 *
 * Replaces tfjs's `_FusedMatMul`, which has the faults of its `BatchMatMul` (see matMul.ts) and takes a bias of one
 * dimension only. Bias and activation give the bits that the separate operations give.
 *
 * @throws Error for what `matMul` refuses, and for an activation that tfjs does not fuse
 */
export const fusedMatMulKernel: tf.KernelFunc = ({ inputs: anyInputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const inputs = anyInputs as Inputs;
  const activation = fusedActivation("fused matMul", attrs);
  const product = matMul(backend, inputs.a, inputs.b, attrs?.transposeA === true, attrs?.transposeB === true);
  return addBiasAndActivate(backend, product, inputs, activation, attrs?.leakyreluAlpha);
};
