import type { WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import type { tf } from "../tf";
import { convolutionInfo, convolutionSizes, expectFloat32 } from "./convolution";

type Attributes = Parameters<tf.KernelFunc>[0]["attrs"];

/**
 * Runs one of the three compiled depthwise convolutions on two tensors.
 *
 * @param inShape - shape of the forward convolution's input
 * @param filterShape - shape of its filter, `[height, width, channels, multiplier]`
 * @param outShape - shape of what comes out; undefined for that of the forward convolution
 * @throws Error for other types than float32 and other formats than NHWC
 */
export function runDepthwise(
  name: "convolveDepthwise" | "convolveDepthwiseInputGradient" | "convolveDepthwiseFilterGradient",
  backend: WasmBackend,
  [first, second]: readonly [tf.TensorInfo, tf.TensorInfo],
  inShape: readonly number[],
  filterShape: readonly number[],
  attrs: Attributes,
  outShape?: readonly number[],
): tf.TensorInfo {
  expectFloat32("depthwiseConv2d", first, second);
  const info = convolutionInfo("depthwiseConv2d", inShape, filterShape, attrs, true);
  const out = backend.makeOutput(outShape ?? info.outShape, "float32");
  const address = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  sideModule(backend)[name](address(first), address(second), address(out), ...convolutionSizes(info));
  return out;
}

/** The forward convolution, for its own kernel and for the fused one. */
export function depthwiseConv2d(
  backend: WasmBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  attrs: Attributes,
): tf.TensorInfo {
  return runDepthwise("convolveDepthwise", backend, [x, filter], x.shape, filter.shape, attrs);
}
