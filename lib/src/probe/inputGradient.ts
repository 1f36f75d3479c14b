import { tf } from "@deepen/engine";
import { withStatisticsOf } from "./batchStatistics";

/** Evenly spaced inputs of a net with a single input feature. */
export interface InputGrid {
  /** The first input. */
  readonly from: number;
  /** The last input. */
  readonly to: number;
  /** How many, at least 2. */
  readonly points: number;
}

/**
 * The derivative of a net's output (the sum of its outputs) by its input, at evenly spaced inputs.
 *
 * Batch normalisation takes the statistics of these inputs, held fixed; what the model has stored is not changed.
 * @param model - one input feature in
 * @returns `points` derivatives
 * @throws RangeError if the model has not one input feature, or there are fewer than 2 points
 * @see Balduzzi et al. 2017, "The Shattered Gradients Problem", arXiv:1702.08591, figure 1
 */
export function inputGradient(model: tf.LayersModel, { from, to, points }: InputGrid): Float64Array {
  const size = model.inputs[0].shape.slice(1);
  if (size.length !== 1 || size[0] !== 1) {
    throw new RangeError(`model: expected one input feature, got inputs of shape [${size.join(", ")}]`);
  }
  if (!Number.isInteger(points) || points < 2) {
    throw new RangeError(`points: expected an integer from 2, got ${points}`);
  }
  const gradient = tf.tidy(() => {
    const inputs = tf.linspace(from, to, points).reshape([points, 1]);
    const output = (x: tf.Tensor): tf.Scalar => (model.apply(x) as tf.Tensor).sum();
    return withStatisticsOf(model, inputs, () => tf.grad(output)(inputs).dataSync() as Float32Array);
  });
  return Float64Array.from(gradient);
}
