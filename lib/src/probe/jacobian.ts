import { tf } from "@deepen/engine";
import { singularValues } from "../math/singularValues";

/**
 * Singular values of a net's Jacobian, the derivatives of all outputs by all inputs, at one input: by how much the net
 * stretches small changes of that input, direction by direction. The model is as in use (batch normalisation takes its
 * stored statistics), and not changed.
 *
 * @param model - `[N, D]` in, `[N, K]` out
 * @param input - `D` numbers
 * @returns min(D, K) values, largest first
 * @throws RangeError if the model has another shape or does not take this input
 * @see Saxe, McClelland and Ganguli 2014, arXiv:1312.6120, sec. 3; Pennington, Schoenholz and Ganguli 2017,
 *   arXiv:1711.04735
 */
export function jacobianSingularValues(model: tf.LayersModel, input: ArrayLike<number>): number[] {
  const [inputs, outputs] = [model.inputs[0].shape.slice(1), model.outputs[0].shape.slice(1)];
  if (inputs.length !== 1 || outputs.length !== 1) {
    throw new RangeError(
      `model: expected inputs [N, D] and outputs [N, K], got [N, ${inputs.join(", ")}] and [N, ${outputs.join(", ")}]`,
    );
  }
  const [size, count] = [inputs[0]!, outputs[0]!];
  if (input.length !== size) throw new RangeError(`input: expected ${size} numbers, got ${input.length}`);
  // Of K copies of the input, the k-th is asked for its k-th output alone: one pass back gives every row.
  const rows = tf.tidy(() => {
    const copies = tf.tensor2d(Array.from(input), [1, size]).tile([count, 1]);
    const diagonal = (x: tf.Tensor): tf.Scalar => (model.apply(x) as tf.Tensor2D).mul(tf.eye(count)).sum();
    return tf.grad(diagonal)(copies).dataSync();
  });
  return singularValues(rows, count, size);
}
