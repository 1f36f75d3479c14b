import { tf } from "@deepen/engine";
import { childSeed } from "../math/rng";
import { requireSizes } from "../math/sizes";
import { Dropout } from "./dropout";
import { type Init, normal } from "./init";
import { initializer } from "./initializer";
import { requireOneOf } from "./options";
import { scaled } from "./residual";

/** Activation functions a net of {@link mlp} can have. */
export type MlpActivation = "linear" | "relu" | "tanh" | "sigmoid";

/** What {@link mlp} builds. */
export interface MlpOptions {
  /** Weight layers L, the output layer included: L − 1 layers of hidden units. */
  readonly depth: number;
  /** Hidden units H of each layer. */
  readonly width: number;
  /** Function of every hidden unit. */
  readonly activation: MlpActivation;
  /** How weights are drawn, in every layer. */
  readonly init: Init;
  /** Every layer draws from its own child of this seed. */
  readonly seed: number;
  /** Input features D, default 784. */
  readonly inputs?: number;
  /** Outputs K, default 10. */
  readonly classes?: number;
  /** Batch normalisation between a hidden layer's weights and its activation, default "none". */
  readonly norm?: "none" | "batch";
  /** True adds to each hidden layer's activation what came into the layer, from the second layer on. */
  readonly skip?: boolean;
  /** What each of these activations is multiplied by before it is added, default 1. */
  readonly branchScale?: number;
  /** Probability that the last of them takes part in a training step; it falls to it linearly from 1. Default 1. */
  readonly survival?: number;
  /** Standard deviation of the first biases, default 0. */
  readonly biasStd?: number;
  /** Share of a hidden layer's outputs that a training step sets to 0, anew at every step; default 0. */
  readonly dropout?: number;
}

/**
 * A fully connected net, as an ordinary tf.LayersModel: float32 `[N, D]` in, logits `[N, K]` out.
 *
 * Its weight layers are called "layer1" to "layerL". With depth 1 it is softmax regression, with depth 2 it has one
 * hidden layer. The caller disposes the model.
 * @throws RangeError if a size is no positive integer, or another option is not valid
 */
export function mlp(options: MlpOptions): tf.LayersModel {
  const { depth, width, activation, init, seed, inputs = 784, classes = 10, norm = "none", skip = false } = options;
  const { dropout = 0 } = options;
  requireSizes({ depth, width, inputs, classes });
  requireOneOf("activation", activation, ["linear", "relu", "tanh", "sigmoid"]);
  requireOneOf("norm", norm, ["none", "batch"]);
  const weights = (layer: number, units: number): tf.layers.Layer =>
    tf.layers.dense({
      name: `layer${layer}`,
      units,
      kernelInitializer: initializer(init, childSeed(seed, `weights/${layer}`)),
      biasInitializer: biases(options, layer),
      ...(layer < depth && norm === "none" && activation !== "linear" ? { activation } : {}),
    });
  const input = tf.input({ shape: [inputs] });
  let hidden = input;
  for (let layer = 1; layer < depth; layer++) {
    let next = weights(layer, width).apply(hidden) as tf.SymbolicTensor;
    if (norm === "batch") {
      next = tf.layers.batchNormalization({ name: `norm${layer}`, momentum: 0.9 }).apply(next) as tf.SymbolicTensor;
      if (activation !== "linear") {
        next = tf.layers.activation({ name: `activation${layer}`, activation }).apply(next) as tf.SymbolicTensor;
      }
    }
    if (skip && layer > 1) {
      const branch = scaled(next, { ...options, first: layer, branch: layer - 1, branches: depth - 2 });
      next = tf.layers.add({ name: `sum${layer}` }).apply([hidden, branch]) as tf.SymbolicTensor;
    }
    if (dropout !== 0) {
      const dropped = { name: `dropout${layer}`, rate: dropout, seed: childSeed(seed, `dropout/${layer}`) };
      next = new Dropout(dropped).apply(next) as tf.SymbolicTensor;
    }
    hidden = next;
  }
  return tf.model({ inputs: input, outputs: weights(depth, classes).apply(hidden) as tf.SymbolicTensor });
}

function biases({ biasStd = 0, seed }: MlpOptions, layer: number): ReturnType<typeof initializer> {
  if (biasStd === 0) return tf.initializers.zeros();
  return initializer(normal(biasStd), childSeed(seed, `biases/${layer}`));
}
