import { tf } from "@deepen/engine";

/** One unit of a model: a channel of a layer's output. */
export interface Unit {
  /** Name of the layer. */
  readonly layer: string;
  /** Index on the last axis of its output, from 0. */
  readonly channel: number;
}

/**
 * The model up to a unit's layer; it shares the model's layers, so it is not to be disposed.
 * @throws RangeError if the model has no such layer or the layer no such channel; tells which there are
 */
export function submodel(model: tf.LayersModel, { layer: name, channel }: Unit): tf.LayersModel {
  const layer = model.layers.find((candidate) => candidate.name === name);
  if (layer === undefined) {
    const names = model.layers.map((candidate) => candidate.name).join(", ");
    throw new RangeError(`unit.layer: the model has no layer "${name}"; it has ${names}`);
  }
  const output = layer.output as tf.SymbolicTensor;
  const channels = output.shape.at(-1)!;
  if (!Number.isInteger(channel) || channel < 0 || channel >= channels) {
    throw new RangeError(`unit.channel: expected 0 to ${channels - 1} in layer "${name}", got ${channel}`);
  }
  return tf.model({ inputs: model.inputs, outputs: output });
}
