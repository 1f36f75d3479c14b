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
 * @param change - gives what is taken instead of the numbers `[N, ...shape]` of these examples, as many; default: these
 * @throws RangeError if the model has not one input and one output of K logits, or its input another size
 */
export function toBatch(
  model: tf.LayersModel,
  examples: Examples,
  chosen?: ArrayLike<number>,
  change?: (x: Float32Array) => Float32Array,
): Batch {
  requireOutputs(model, examples.classes);
  const count = chosen?.length ?? examples.count;
  const oneHot = new Float32Array(count * examples.classes);
  for (let row = 0; row < count; row++) {
    oneHot[row * examples.classes + examples.labels[chosen === undefined ? row : chosen[row]]] = 1;
  }
  return { x: toInputs(model, examples, chosen, change), classes: tf.tensor2d(oneHot, [count, examples.classes]) };
}

/**
 * Some examples as a model takes them, whatever it was made to say of them; the caller disposes the tensor.
 *
 * @param chosen - positions of the examples; default all, in order
 * @param change - gives what is taken instead of the numbers `[N, ...shape]` of these examples, as many; default: these
 * @throws RangeError if the model has not one input and one output, or its input another size
 */
export function toInputs(
  model: tf.LayersModel,
  examples: Examples,
  chosen?: ArrayLike<number>,
  change = (x: Float32Array): Float32Array => x,
): tf.Tensor {
  const inputShape = exampleShape(model, examples);
  if (chosen === undefined) return tf.tensor(change(examples.x), [examples.count, ...inputShape]);
  const size = examples.x.length / examples.count;
  const x = new Float32Array(chosen.length * size);
  for (let row = 0; row < chosen.length; row++) {
    x.set(examples.x.subarray(chosen[row] * size, (chosen[row] + 1) * size), row * size);
  }
  return tf.tensor(change(x), [chosen.length, ...inputShape]);
}

function exampleShape(model: tf.LayersModel, examples: Examples): number[] {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new RangeError(
      `model: expected one input and one output, got ${model.inputs.length} and ${model.outputs.length}`,
    );
  }
  const wanted = model.inputs[0].shape.slice(1).map((length) => length ?? NaN);
  const size = examples.shape.reduce((product, length) => product * length, 1);
  if (wanted.reduce((product, length) => product * length, 1) !== size) {
    throw new RangeError(
      `examples: the model takes [${wanted.join(", ")}], one example is [${examples.shape.join(", ")}]; ` +
        `make the model with inputs: ${size}, or choose other examples`,
    );
  }
  return wanted;
}

function requireOutputs({ outputs: [output] }: tf.LayersModel, classes: number): void {
  if (output.shape.length === 2 && output.shape[1] === classes) return;
  throw new RangeError(
    `model: expected outputs [N, ${classes}] for ${classes} classes, got ` +
      `[${output.shape.map((length) => length ?? "N").join(", ")}]`,
  );
}
