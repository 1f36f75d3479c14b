import { tf } from "@deepen/engine";
import type { Examples } from "../data/examples";
import { norm } from "../math/linearAlgebra";
import { rng, type Rng } from "../math/rng";
import { toBatch } from "../train/batch";
import { breathe } from "../train/breathe";
import { softmaxCrossEntropy } from "../train/loss";
import { withStatisticsOf } from "./batchStatistics";
import { kernelsOf, weightLayers } from "./weightLayers";

/** Where {@link lossSlice} looks. */
export interface LossSliceOptions {
  /** Decides the direction. */
  readonly seed: number;
  /** How far to go; at 1, the weights into each unit have moved by as much as they are long. */
  readonly distances: readonly number[];
}

/**
 * The loss of a model along one random direction through its weights.
 *
 * The direction is normal, with the part of each unit (or filter) scaled to the length of the weights into that unit, so
 * that nets whose weights differ in size can be compared; biases and the numbers of normalisations stay. All examples are
 * one batch, batch normalisation takes its statistics, dropout does nothing. The model is given back as it was.
 *
 * @returns mean softmax cross-entropy (nats) at each distance
 * @throws Interrupted if the reader asks to stop
 * @throws RangeError if the model has no weight layer or does not take these examples
 * @see Li et al. 2018, "Visualizing the Loss Landscape of Neural Nets", arXiv:1712.09913, sec. 4
 */
export async function lossSlice(
  model: tf.LayersModel,
  examples: Examples,
  { seed, distances }: LossSliceOptions,
): Promise<number[]> {
  const kernels = weightLayers(model).flatMap(kernelsOf);
  if (kernels.length === 0) throw new RangeError("model: expected a dense or convolution layer, got none");
  const random = rng(seed);
  const ways = kernels.map((kernel) => {
    const start = Float32Array.from(kernel.read().dataSync());
    return { kernel, start, direction: unitByUnit(start, kernel.shape.at(-1)!, random) };
  });
  const moveTo = (distance: number): void => {
    for (const { kernel, start, direction } of ways) {
      const moved = start.map((weight, index) => weight + distance * direction[index]);
      const tensor = tf.tensor(moved, kernel.shape as number[]);
      kernel.write(tensor);
      tensor.dispose();
    }
  };
  const losses: number[] = [];
  try {
    for (const distance of distances) {
      moveTo(distance);
      losses.push(lossOf(model, examples));
      await breathe(`distance ${distance}`);
    }
  } finally {
    moveTo(0);
  }
  return losses;
}

/** Normal numbers, those of each unit (the last axis) together as long as its weights. */
function unitByUnit(weights: Float32Array, units: number, random: Rng): Float64Array {
  const drawn = Float64Array.from(weights, () => random.normal());
  const ofUnit = (values: ArrayLike<number>, unit: number): number[] =>
    Array.from({ length: values.length / units }, (_, index) => values[index * units + unit]);
  const scales = Array.from({ length: units }, (_, unit) => norm(ofUnit(weights, unit)) / norm(ofUnit(drawn, unit)));
  return drawn.map((value, index) => value * scales[index % units]);
}

function lossOf(model: tf.LayersModel, examples: Examples): number {
  return tf.tidy(() => {
    const { x, classes } = toBatch(model, examples);
    const outputs = withStatisticsOf(model, x, () => model.apply(x) as tf.Tensor2D);
    return softmaxCrossEntropy(outputs, classes).dataSync()[0];
  });
}
