import { tf } from "@deepen/engine";
import type { Examples } from "../data/examples";

/** A batch as a model takes it; the caller disposes both tensors. */
export interface Batch {
  /** float32 `[N, ...]`, shaped as the model's input. */
  readonly x: tf.Tensor;
  /** float32 `[N, K]`, one-hot. */
  readonly classes: tf.Tensor2D;
}

/**
 * Tensors of some examples, reshaped to the model's input (an image becomes a row for a fully connected net).
 *
 * @param chosen - positions of the examples; default all, in order
 * @throws RangeError if the model has not one input and one output of K logits, or its input another size
 */
export function toBatch(model: tf.LayersModel, examples: Examples, chosen?: ArrayLike<number>): Batch {
  const inputShape = exampleShape(model, examples);
  const count = chosen?.length ?? examples.count;
  const size = examples.x.length / examples.count;
  let { x, labels } = examples;
  if (chosen !== undefined) {
    x = new Float32Array(count * size);
    labels = new Int32Array(count);
    for (let row = 0; row < count; row++) {
      const from = chosen[row];
      x.set(examples.x.subarray(from * size, (from + 1) * size), row * size);
      labels[row] = examples.labels[from];
    }
  }
  const oneHot = new Float32Array(count * examples.classes);
  for (let row = 0; row < count; row++) oneHot[row * examples.classes + labels[row]] = 1;
  return { x: tf.tensor(x, [count, ...inputShape]), classes: tf.tensor2d(oneHot, [count, examples.classes]) };
}

function exampleShape(model: tf.LayersModel, examples: Examples): number[] {
  const [input] = model.inputs;
  const [output] = model.outputs;
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new RangeError(
      `model: expected one input and one output, got ${model.inputs.length} and ${model.outputs.length}`,
    );
  }
  const wanted = input.shape.slice(1).map((length) => length ?? NaN);
  const size = examples.shape.reduce((product, length) => product * length, 1);
  if (wanted.reduce((product, length) => product * length, 1) !== size) {
    throw new RangeError(
      `examples: the model takes [${wanted.join(", ")}], one example is [${examples.shape.join(", ")}]; ` +
        `make the model with inputs: ${size}, or choose other examples`,
    );
  }
  if (output.shape.length !== 2 || output.shape[1] !== examples.classes) {
    throw new RangeError(
      `model: expected outputs [N, ${examples.classes}] for ${examples.classes} classes, got ` +
        `[${output.shape.map((length) => length ?? "N").join(", ")}]`,
    );
  }
  return wanted;
}
