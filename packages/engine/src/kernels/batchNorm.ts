import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

/**
 * Batch normalisation in training, with the new moving statistics: `(x - mean) · gamma / √(variance + epsilon) + beta`
 * over the last axis.
 *
 * tfjs has no such kernel: its layer takes mean and variance by general reductions, normalises with another kernel, and
 * moves the statistics with six more; the gradient goes back through all of these and tiles `1/√variance` to the size of
 * the input. Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 1.
 *
 * Inputs: `x` `[..., C]` and `gamma`, `beta`, `movingMean`, `movingVariance` `[C]`, all float32. Outputs: `y` `[..., C]`
 * and mean, variance and both next moving statistics `[C]`.
 */
export const batchNormKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { x, gamma, beta, movingMean, movingVariance } = inputs as Record<string, tf.TensorInfo>;
  const channels = gamma.shape[0];
  const outputs = [x.shape, ...Array<number[]>(4).fill([channels])].map((shape) =>
    backend.makeOutput(shape, "float32"),
  );
  const [y, mean, variance, nextMean, nextVariance] = outputs.map((output) => addressOf(backend, output));
  const { epsilon, decay } = attrs as { epsilon: number; decay: number };
  sideModule(backend).batchNorm(
    addressOf(backend, x),
    addressOf(backend, gamma),
    addressOf(backend, beta),
    addressOf(backend, movingMean),
    addressOf(backend, movingVariance),
    y,
    mean,
    variance,
    nextMean,
    nextVariance,
    tf.util.sizeFromShape(x.shape) / channels,
    channels,
    epsilon,
    decay,
  );
  return outputs;
};
