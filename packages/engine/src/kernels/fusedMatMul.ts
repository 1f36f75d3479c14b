import type { WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";
import { matMul } from "./matMul";

/** tfjs's own kernel for each activation that it fuses; `prelu` and `leakyrelu` take a parameter more. */
const activationKernel: Readonly<Record<string, string>> = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  prelu: "Prelu",
  leakyrelu: "LeakyRelu",
};

interface FusedInputs extends tf.NamedTensorInfoMap {
  readonly a: tf.TensorInfo;
  readonly b: tf.TensorInfo;
  readonly bias: tf.TensorInfo | undefined;
  readonly preluActivationWeights: tf.TensorInfo | undefined;
}

/**
 * Matrix product, then bias, then activation: what a dense layer calls.
 *
 * Replaces tfjs's `_FusedMatMul`, which has the faults of its `BatchMatMul` (see matMul.ts) and takes a bias of one
 * dimension only. Bias and activation give the bits that the separate operations give: the bias is added in place, the
 * activation is tfjs's own kernel.
 *
 * @throws Error for what `matMul` refuses, and for an activation that tfjs does not fuse
 */
export const fusedMatMulKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { a, b, bias, preluActivationWeights } = inputs as FusedInputs;
  const activation = typeof attrs?.activation === "string" ? attrs.activation : "linear";
  const kernelName = activationKernel[activation];
  if (kernelName === undefined && activation !== "linear") {
    throw new Error(
      `fused matMul: expected activation linear, ${Object.keys(activationKernel).join(", ")}, got ${activation}`,
    );
  }
  const product = matMul(backend, a, b, attrs?.transposeA === true, attrs?.transposeB === true);
  const summed = bias == null ? product : addBias(backend, product, bias);
  if (kernelName === undefined) return summed;
  const result = run(
    backend,
    kernelName,
    activation === "prelu" ? { x: summed, alpha: preluActivationWeights } : { x: summed },
    activation === "leakyrelu" ? { alpha: attrs?.leakyreluAlpha ?? 0.2 } : {},
  );
  backend.disposeData(summed.dataId);
  return result;
};

/** `x + bias`; a bias with one number a column is added in place, any other by tfjs's broadcasting Add. */
function addBias(backend: WasmBackend, x: tf.TensorInfo, bias: tf.TensorInfo): tf.TensorInfo {
  const columns = x.shape[x.shape.length - 1];
  if (bias.shape.length === 1 && bias.shape[0] === columns) {
    const address = backend.dataIdMap.get(x.dataId).memoryOffset;
    const biasAddress = backend.dataIdMap.get(bias.dataId).memoryOffset;
    const rows = tf.util.sizeFromShape(x.shape.slice(0, -1));
    sideModule(backend).addBias(address, biasAddress, rows, columns);
    return x;
  }
  const sum = run(backend, "Add", { a: x, b: bias }, {});
  backend.disposeData(x.dataId);
  return sum;
}

/** Runs one of tfjs's own wasm kernels that has one output. */
function run(
  backend: WasmBackend,
  kernelName: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
): tf.TensorInfo {
  const kernel = tf.getKernel(kernelName, "wasm");
  return kernel.kernelFunc({ inputs, attrs, backend }) as tf.TensorInfo;
}
