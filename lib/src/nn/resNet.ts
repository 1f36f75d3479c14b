import { tf } from "@deepen/engine";
import { requireSizes } from "../math/sizes";
import { type Convolutions, convolutions, type FeatureMap } from "./convolution";
import type { Init } from "./init";
import { requireOneOf } from "./options";
import { PadChannels } from "./padChannels";
import { scaled } from "./residual";

/** What {@link resNet} builds. */
export interface ResNetOptions {
  /** `[length, C]` of a sequence or `[height, width, C]` of an image, without the batch. */
  readonly inputShape: readonly number[];
  /** Weight layers, the output layer included, shortcuts not: 6n + 2 for n blocks of two convolutions a stage. */
  readonly depth: number;
  /** Channels C of the first of three stages; the others have 2C and 4C at half and a quarter of the positions. */
  readonly channels: number;
  /** Outputs K, default 10. */
  readonly classes?: number;
  /** False leaves the shortcuts out: the plain twin, with the same weight layers. Default true. */
  readonly skip?: boolean;
  /** Shortcuts between stages: "A" pads channels with zeros and has no weights (default), "B" is a 1 × 1 convolution. */
  readonly shortcut?: "A" | "B";
  /** "post": ReLU after the sum (He et al. 2015), default. "pre": norm and ReLU before each convolution (2016). */
  readonly order?: "post" | "pre";
  /** Batch normalisation, default "batch". */
  readonly norm?: "none" | "batch";
  /** What each branch is multiplied by before it is added, default 1. */
  readonly branchScale?: number;
  /** Probability that the last branch takes part in a training step; it falls to it linearly from 1. Default 1. */
  readonly survival?: number;
  /** How weights are drawn, in every layer; default "heNormal". */
  readonly init?: Init;
  /** Every layer draws from its own child of this seed. */
  readonly seed: number;
}

/**
 * A residual net as for CIFAR-10, over images or over sequences: float32 `[N, ...inputShape]` in, logits `[N, K]` out.
 *
 * Its weight layers are called "layer1" to "layerL", sums "sum2", "sum4", … after the first layer of their block, and
 * shortcuts with weights "shortcut…". The caller disposes the model.
 * @see He, Zhang, Ren & Sun 2015, arXiv:1512.03385, section 4.2, and 2016, arXiv:1603.05027
 * @throws RangeError if depth is not 6n + 2, a size is no positive integer, or another option is not valid
 */
export function resNet(options: ResNetOptions): tf.LayersModel {
  const { inputShape, depth, channels, classes = 10, init = "heNormal", seed } = options;
  const { shortcut = "A", order = "post", norm = "batch" } = options;
  requireSizes({ depth, channels, classes });
  requireOneOf("shortcut", shortcut, ["A", "B"]);
  requireOneOf("order", order, ["post", "pre"]);
  requireOneOf("norm", norm, ["none", "batch"]);
  const blocks = (depth - 2) / 6;
  if (!Number.isInteger(blocks) || blocks < 1) {
    throw new RangeError(`depth: expected 6n + 2, such as 8, 14, 20, 32 or 50, got ${depth}`);
  }
  const layers = convolutions(inputShape, init, seed);
  const build = { ...options, shortcut, order, norm, layers, branches: 3 * blocks };
  let x = layers.convolve(layers.input, "layer1", { channels, kernelSize: 3, strides: 1, useBias: norm === "none" });
  if (order === "post") x = normalizeAndActivate(build, x, 1);
  for (let block = 0; block < 3 * blocks; block++) {
    const stage = Math.floor(block / blocks);
    const strides = stage > 0 && block % blocks === 0 ? 2 : 1;
    x = residualBlock(build, x, { first: 2 * block + 2, channels: channels << stage, strides });
  }
  if (order === "pre") x = normalizeAndActivate(build, x, depth);
  return tf.model({ inputs: layers.input, outputs: layers.classify(x, `layer${depth}`, classes) });
}

interface Build extends ResNetOptions {
  readonly layers: Convolutions;
  /** Blocks in all. */
  readonly branches: number;
}

interface Block {
  /** Number of its first weight layer. */
  readonly first: number;
  readonly channels: number;
  readonly strides: number;
}

function residualBlock(build: Build, x: FeatureMap, block: Block): FeatureMap {
  const { layers, order, skip = true } = build;
  const { first } = block;
  let branch = convolveOnce(build, x, block);
  branch = convolveOnce(build, branch, { ...block, first: first + 1, strides: 1 });
  if (skip) {
    branch = scaled(branch, { ...build, first, branch: first / 2 });
    branch = layers.add(shortcutOf(build, x, block), branch, `sum${first}`);
  }
  return order === "post" ? layers.relu(branch, `activation${first + 1}`) : branch;
}

/** One convolution of a block, with what stands before or after it. */
function convolveOnce(build: Build, x: FeatureMap, { first, channels, strides }: Block): FeatureMap {
  const { layers, order, norm } = build;
  const options = { channels, kernelSize: 3, strides, useBias: norm === "none" };
  if (order === "pre") return layers.convolve(normalizeAndActivate(build, x, first), `layer${first}`, options);
  const y = layers.convolve(x, `layer${first}`, options);
  // The second convolution of a block is activated after the sum.
  if (first % 2 === 0) return normalizeAndActivate(build, y, first);
  return norm === "batch" ? layers.normalize(y, `norm${first}`) : y;
}

function normalizeAndActivate({ layers, norm }: Build, x: FeatureMap, layer: number): FeatureMap {
  return layers.relu(norm === "batch" ? layers.normalize(x, `norm${layer}`) : x, `activation${layer}`);
}

function shortcutOf({ layers, shortcut }: Build, x: FeatureMap, { first, channels, strides }: Block): FeatureMap {
  if (strides === 1 && x.shape.at(-1) === channels) return x;
  if (shortcut === "A") return new PadChannels({ name: `shortcut${first}`, channels, strides }).apply(x) as FeatureMap;
  return layers.convolve(x, `shortcut${first}`, { channels, kernelSize: 1, strides, useBias: false });
}
