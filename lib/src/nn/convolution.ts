import { tf } from "@deepen/engine";
import { childSeed } from "../math/rng";
import { requireSizes } from "../math/sizes";
import type { Init } from "./init";
import { initializer } from "./initializer";

/** What layers of convolutional nets take in and give. */
export type FeatureMap = tf.SymbolicTensor;

/** How the layers of one net are made: over sequences `[length, C]` or over images `[height, width, C]`. */
export interface Convolutions {
  readonly input: FeatureMap;
  /** A convolution with padding "same", called `name`; its weights come from a child seed of that name. */
  convolve(x: FeatureMap, name: string, options: ConvolutionOptions): FeatureMap;
  /** Batch normalisation, called `name`, with moving statistics that follow in some tens of steps. */
  normalize(x: FeatureMap, name: string): FeatureMap;
  relu(x: FeatureMap, name: string): FeatureMap;
  add(x: FeatureMap, y: FeatureMap, name: string): FeatureMap;
  /** The mean over all positions, then a dense layer called `name`: logits `[N, classes]`. */
  classify(x: FeatureMap, name: string, classes: number): FeatureMap;
}

/** One convolution. */
export interface ConvolutionOptions {
  readonly channels: number;
  readonly kernelSize: number;
  readonly strides: number;
  readonly useBias: boolean;
}

/**
 * The layers of a net over inputs of a shape.
 *
 * @param inputShape - `[length, C]` or `[height, width, C]`
 * @throws RangeError if the shape is neither
 */
export function convolutions(inputShape: readonly number[], init: Init, seed: number): Convolutions {
  if (inputShape.length !== 2 && inputShape.length !== 3) {
    throw new RangeError(
      `inputShape: expected [length, channels] or [height, width, channels], got [${inputShape.join(", ")}]`,
    );
  }
  requireSizes(Object.fromEntries(inputShape.map((size, axis) => [`inputShape[${axis}]`, size])));
  const flat = inputShape.length === 2;
  const kernelInitializer = (name: string) => initializer(init, childSeed(seed, `weights/${name}`));
  const apply = (layer: tf.layers.Layer, x: FeatureMap | FeatureMap[]): FeatureMap => layer.apply(x) as FeatureMap;
  return {
    input: tf.input({ shape: [...inputShape] }),
    convolve(x, name, { channels, kernelSize, strides, useBias }) {
      const options = { name, filters: channels, kernelSize, strides, useBias, padding: "same" as const };
      const withInit = { ...options, kernelInitializer: kernelInitializer(name) };
      return apply(flat ? tf.layers.conv1d(withInit) : tf.layers.conv2d(withInit), x);
    },
    normalize: (x, name) => apply(tf.layers.batchNormalization({ name, momentum: 0.9 }), x),
    relu: (x, name) => apply(tf.layers.activation({ name, activation: "relu" }), x),
    add: (x, y, name) => apply(tf.layers.add({ name }), [x, y]),
    classify(x, name, classes) {
      const pool = flat ? tf.layers.globalAveragePooling1d({}) : tf.layers.globalAveragePooling2d({});
      return apply(
        tf.layers.dense({ name, units: classes, kernelInitializer: kernelInitializer(name) }),
        apply(pool, x),
      );
    },
  };
}
