import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

/** tfjs's own kernel for each activation that it fuses; `prelu` and `leakyrelu` take a parameter more. */
const activationKernel: Readonly<Record<string, string>> = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  prelu: "Prelu",
  leakyrelu: "LeakyRelu",
};

/** The activations that the kernels do in place, at the places of their numbers. */
const inPlace: readonly string[] = ["linear", "relu", "relu6", "sigmoid", "tanh"];

/** What tfjs's fused kernels take besides the two factors. */
export interface FusedInputs extends tf.NamedTensorInfoMap {
  readonly bias: tf.TensorInfo | undefined;
  readonly preluActivationWeights: tf.TensorInfo | undefined;
}

/**
 * The activation that a fused kernel is asked for.
 *
 * @param operation - named in the error
 * @throws Error for an activation that tfjs does not fuse
 */
export function fusedActivation(operation: string, attrs: tf.NamedAttrMap | undefined): string {
  const activation = typeof attrs?.activation === "string" ? attrs.activation : "linear";
  if (activation !== "linear" && activationKernel[activation] === undefined) {
    throw new Error(
      `${operation}: expected activation linear, ${Object.keys(activationKernel).join(", ")}, got ${activation}`,
    );
  }
  return activation;
}

/**
 * `activation(x + bias)` with the bits that the separate operations give, in place where it can be.
 *
 * @param x - what it takes over: `x` is disposed, or is what is returned
 */
export function addBiasAndActivate(
  backend: WasmBackend,
  x: tf.TensorInfo,
  { bias, preluActivationWeights }: FusedInputs,
  activation: string,
  leakyreluAlpha: unknown,
): tf.TensorInfo {
  const number = inPlace.indexOf(activation);
  const summed = addBias(backend, x, bias, Math.max(number, 0));
  if (number >= 0) return summed;
  const result = runStock(
    backend,
    activationKernel[activation],
    activation === "prelu" ? { x: summed, alpha: preluActivationWeights } : { x: summed },
    activation === "leakyrelu" ? { alpha: typeof leakyreluAlpha === "number" ? leakyreluAlpha : 0.2 } : {},
  );
  backend.disposeData(summed.dataId);
  return result;
}

/** `x + bias`, then an activation by its number; a bias that is not one number a column is added by tfjs's kernel. */
function addBias(
  backend: WasmBackend,
  x: tf.TensorInfo,
  bias: tf.TensorInfo | null | undefined,
  activation: number,
): tf.TensorInfo {
  const columns = x.shape[x.shape.length - 1];
  const rows = tf.util.sizeFromShape(x.shape) / Math.max(columns, 1);
  const ofColumns = bias?.shape.length === 1 && bias.shape[0] === columns;
  const summed = bias == null || ofColumns ? x : runStock(backend, "Add", { a: x, b: bias }, {});
  const address = addressOf(backend, summed);
  const biasAddress = ofColumns ? addressOf(backend, bias) : address;
  sideModule(backend).finishRows(address, biasAddress, rows, columns, ofColumns, activation);
  if (summed !== x) backend.disposeData(x.dataId);
  return summed;
}

/** Runs a kernel of the wasm backend that has one output, by its name. */
export function runStock(
  backend: WasmBackend,
  kernelName: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
): tf.TensorInfo {
  const kernel = tf.getKernel(kernelName, "wasm");
  return kernel.kernelFunc({ inputs, attrs, backend }) as tf.TensorInfo;
}
