import { tf } from "@deepen/engine";
import { isSum, mlpLayers } from "./mlpLayers";

/**
 * The same trained net with its hidden layers in another order, or without some of them; it shares the weights, and the
 * caller disposes it before the net.
 *
 * @param model - a net of `nn.mlp`
 * @param order - numbers of the hidden layers, from 2 on, each once, in the order in which they are to run; those that are not
 *   named are left out. The first layer, which has another shape, and the output layer stay where they are.
 * @throws RangeError if a number is no hidden layer from 2 on, or the model is no such net
 * @see Veit, Wilber & Belongie 2016, arXiv:1605.06431, sections 4.1 and 4.3
 */
export function rewire(model: tf.LayersModel, order: readonly number[]): tf.LayersModel {
  const { depth, partsOf } = mlpLayers(model);
  const wrong = order.find(
    (layer, place) => !Number.isInteger(layer) || layer < 2 || layer >= depth || order.indexOf(layer) !== place,
  );
  if (wrong !== undefined || depth < 2) {
    throw new RangeError(
      `order: expected hidden layers from 2 to ${depth - 1} of a net made by nn.mlp, each once, got ${String(wrong)}`,
    );
  }
  const input = tf.input({ shape: model.inputs[0].shape.slice(1) });
  let x = input;
  for (const layer of [1, ...order, depth]) {
    const before = x;
    for (const part of partsOf(layer)) x = part.apply(isSum(part) ? [before, x] : x) as tf.SymbolicTensor;
  }
  return tf.model({ inputs: input, outputs: x });
}
