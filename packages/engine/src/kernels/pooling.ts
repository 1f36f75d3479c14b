import type { WasmBackend } from "../internals";
import type { PoolSizes } from "../sideModule";
import { tf } from "../tf";
import { expectFloat32 } from "./convolution";

/** What a compiled pooling kernel is given. */
interface Pool {
  /** Shape of the pooled tensor. */
  readonly outShape: number[];
  readonly sizes: PoolSizes;
}

/** The sizes of a pooling of `input`, as tfjs reckons them; tfjs has no dilations here. */
export function poolInfo(operation: string, input: tf.TensorInfo, attrs: Parameters<tf.KernelFunc>[0]["attrs"]): Pool {
  expectFloat32(operation, input);
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as {
    filterSize: number | [number, number];
    strides: number | [number, number];
    pad: "same" | "valid" | number;
    dimRoundingMode?: "floor" | "round" | "ceil";
  };
  const info = tf.backend_util.computePool2DInfo(
    input.shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    outShape: info.outShape,
    sizes: [
      info.batchSize,
      info.inHeight,
      info.inWidth,
      info.inChannels,
      info.outHeight,
      info.outWidth,
      info.filterHeight,
      info.filterWidth,
      info.strideHeight,
      info.strideWidth,
      info.padInfo.top,
      info.padInfo.left,
    ],
  };
}

/** Makes the output of a pooling kernel and gives the addresses of the inputs and, last, of the output. */
export function poolOutput(
  backend: WasmBackend,
  shape: number[],
  ...inputs: readonly tf.TensorInfo[]
): { readonly out: tf.TensorInfo; readonly addresses: readonly number[] } {
  const out = backend.makeOutput(shape, "float32");
  return { out, addresses: [...inputs, out].map(({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset) };
}
