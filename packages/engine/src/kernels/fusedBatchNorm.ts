import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

const stock = tf.getKernel("FusedBatchNorm", "wasm").kernelFunc;

/**
 * Batch normalisation of a model in use, with stored statistics `[C]` over the last axis.
 *
 * Replaces tfjs's `FusedBatchNorm`, which takes a root for every element and finds each channel by division; the bits are
 * the same. Other types, statistics of other shapes, and layers without scale or center take tfjs's own kernel.
 */
export const fusedBatchNormKernel: tf.KernelFunc = (params) => {
  const backend = params.backend as WasmBackend;
  const { x, mean, variance, offset, scale } = params.inputs as Partial<Record<string, tf.TensorInfo>>;
  const channels = x!.shape.at(-1) ?? 1;
  const parameters = [mean, variance, offset, scale];
  if (x!.dtype !== "float32" || !parameters.every((one) => one?.dtype === "float32" && isRow(one, channels))) {
    return stock(params);
  }
  const out = backend.makeOutput(x!.shape, "float32");
  const addresses = [x!, ...(parameters as tf.TensorInfo[]), out].map((tensor) => addressOf(backend, tensor));
  const { varianceEpsilon } = params.attrs as { varianceEpsilon: number };
  sideModule(backend).fusedBatchNorm(
    ...(addresses as [number, number, number, number, number, number]),
    tf.util.sizeFromShape(x!.shape) / Math.max(1, channels),
    channels,
    varianceEpsilon,
  );
  return out;
};

const isRow = ({ shape }: tf.TensorInfo, length: number): boolean => shape.length === 1 && shape[0] === length;
