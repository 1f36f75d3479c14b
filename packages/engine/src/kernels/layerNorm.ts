import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import type { tf } from "../tf";

/**
 * Layer normalisation of rows: `(x - mean) · gamma / √(variance + epsilon) + beta`.
 *
 * tfjs has no such kernel: its layer tiles mean, variance, gamma and beta to the size of the input. Ba, Kiros & Hinton
 * 2016, arXiv:1607.06450.
 *
 * Inputs: `x` `[R, H]`, `gamma` and `beta` `[H]`, all float32. Outputs: `y` `[R, H]`, mean and variance `[R]`.
 */
export const layerNormKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { x, gamma, beta } = inputs as Record<string, tf.TensorInfo>;
  const [rows, columns] = x.shape;
  const outputs = [x.shape, [rows], [rows]].map((shape) => backend.makeOutput(shape, "float32"));
  const [y, mean, variance] = outputs.map((output) => addressOf(backend, output));
  sideModule(backend).layerNorm(
    addressOf(backend, x),
    addressOf(backend, gamma),
    addressOf(backend, beta),
    y,
    mean,
    variance,
    rows,
    columns,
    (attrs as { epsilon: number }).epsilon,
  );
  return outputs;
};
