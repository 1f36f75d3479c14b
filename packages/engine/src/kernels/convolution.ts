import type { WasmBackend } from "../internals";
import { sideModule, type ConvolutionSizes } from "../sideModule";
import { tf } from "../tf";
import type { SideModule } from "../wasm.generated";

type Shape4D = [number, number, number, number];

/** What tfjs's convolution and pooling kernels tell about strides, dilations and padding. */
type Attributes = Parameters<tf.KernelFunc>[0]["attrs"];

/** tfjs's reckoning of a convolution. */
export type ConvolutionInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/**
 * The sizes of a convolution, as tfjs reckons them.
 *
 * @param operation - named in the error
 * @param inShape - `[batch, height, width, channels]`
 * @param filterShape - `[height, width, channels, outputs]`
 * @throws Error for a `dataFormat` other than NHWC
 */
export function convolutionInfo(
  operation: string,
  inShape: readonly number[],
  filterShape: readonly number[],
  attrs: Attributes,
  depthwise = false,
): ConvolutionInfo {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attrs as unknown as {
    strides: number | [number, number];
    dilations?: number | [number, number] | null;
    pad: "same" | "valid" | number;
    dimRoundingMode?: "floor" | "round" | "ceil";
    dataFormat?: string;
  };
  if (dataFormat !== undefined && dataFormat !== "NHWC") {
    throw new Error(`${operation}: expected dataFormat NHWC, got ${dataFormat}; transpose the images`);
  }
  return tf.backend_util.computeConv2DInfo(
    inShape as Shape4D,
    filterShape as Shape4D,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/** The sizes in the order in which the compiled kernels take them. */
export function convolutionSizes(info: ConvolutionInfo): ConvolutionSizes {
  return [
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.outChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
}

/**
 * Refuses what is not float32.
 *
 * @throws Error that names the operation and the type
 */
export function expectFloat32(operation: string, ...tensors: readonly tf.TensorInfo[]): void {
  for (const { dtype } of tensors) {
    if (dtype !== "float32") {
      throw new Error(`${operation}: expected float32 tensors, got ${dtype}; cast them with toFloat()`);
    }
  }
}

/**
 * Runs one of the three compiled convolutions on two tensors.
 *
 * @param info - the sizes of the forward convolution
 * @param outShape - shape of what comes out
 */
export function runConvolution(
  name: "convolve" | "convolveInputGradient" | "convolveFilterGradient",
  backend: WasmBackend,
  first: tf.TensorInfo,
  second: tf.TensorInfo,
  info: ConvolutionInfo,
  outShape: number[],
): tf.TensorInfo {
  const out = backend.makeOutput(outShape, "float32");
  const address = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const module: SideModule = sideModule(backend);
  if ([first, second, out].some(({ shape }) => tf.util.sizeFromShape(shape) <= 0)) {
    module.zero(address(out), tf.util.sizeFromShape(outShape));
    return out;
  }
  const sizes = convolutionSizes(info);
  const bytes = module[`${name}Scratch`](...sizes) >>> 0;
  const scratch = backend.makeOutput([Math.ceil(bytes / 4)], "float32");
  // Addresses are read after every allocation; they stay true when the memory grows.
  module[name](address(first), address(second), address(out), address(scratch), ...sizes);
  backend.disposeData(scratch.dataId);
  return out;
}
