import { tf } from "@deepen/engine";
import { requireSizes } from "../math/sizes";
import { convolutions } from "./convolution";
import type { Init } from "./init";
import { requireOneOf } from "./options";

/** What {@link convNet} builds. */
export interface ConvNetOptions {
  /** `[length, C]` of a sequence or `[height, width, C]` of an image, without the batch. */
  readonly inputShape: readonly number[];
  /** Weight layers L, the output layer included: L − 1 convolutions. */
  readonly depth: number;
  /** Channels of every convolution. */
  readonly channels: number;
  /** Outputs K, default 10. */
  readonly classes?: number;
  /** Default 3. */
  readonly kernelSize?: number;
  /** Strides of the convolutions, from the first on; those that are not named have 1. Default: all 1. */
  readonly strides?: readonly number[];
  /** Batch normalisation between a convolution and its ReLU, default "none". */
  readonly norm?: "none" | "batch";
  /** True adds to each convolution's activation what came into it, where both have one shape. */
  readonly skip?: boolean;
  /** How weights are drawn, in every layer; default "heNormal". */
  readonly init?: Init;
  /** Every layer draws from its own child of this seed. */
  readonly seed: number;
}

/**
 * A net of equal convolutions with ReLU, a mean over all positions, and a dense layer; float32 `[N, ...inputShape]` in,
 * logits `[N, K]` out.
 *
 * Its weight layers are called "layer1" to "layerL". The caller disposes the model.
 * @throws RangeError if a size is no positive integer, or another option is not valid
 */
export function convNet(options: ConvNetOptions): tf.LayersModel {
  const { inputShape, depth, channels, classes = 10, kernelSize = 3, strides = [], norm = "none" } = options;
  const { skip = false, init = "heNormal", seed } = options;
  requireSizes({ depth, channels, classes, kernelSize });
  requireSizes(Object.fromEntries(strides.map((stride, index) => [`strides[${index}]`, stride])));
  requireOneOf("norm", norm, ["none", "batch"]);
  if (strides.length >= depth) {
    throw new RangeError(`strides: expected at most ${depth - 1} for ${depth - 1} convolutions, got ${strides.length}`);
  }
  const layers = convolutions(inputShape, init, seed);
  let x = layers.input;
  for (let layer = 1; layer < depth; layer++) {
    const stride = strides[layer - 1] ?? 1;
    let y = layers.convolve(x, `layer${layer}`, { channels, kernelSize, strides: stride, useBias: norm === "none" });
    if (norm === "batch") y = layers.normalize(y, `norm${layer}`);
    y = layers.relu(y, `activation${layer}`);
    if (skip && stride === 1 && x.shape.at(-1) === channels) y = layers.add(x, y, `sum${layer}`);
    x = y;
  }
  return tf.model({ inputs: layers.input, outputs: layers.classify(x, `layer${depth}`, classes) });
}
