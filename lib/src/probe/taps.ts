import { tf } from "@deepen/engine";
import type { WeightLayer } from "./weightLayers";

/** What is heard of one weight layer while a model runs forwards and backwards; each list has one entry a call. */
export interface Heard {
  readonly activations: tf.TypedArray[];
  readonly deltas: tf.TypedArray[];
  /** Units of the activation: the length of its last axis. */
  units: number;
}

/** The part of tfjs's activation objects that layers use. */
interface Activation {
  getClassName(): string;
  apply(preactivation: tf.Tensor): tf.Tensor;
}

/** The members of a tfjs layer that a tap replaces while it listens. */
interface Tappable {
  activation: Activation;
  call: tf.layers.Layer["call"];
}

/**
 * Runs `body` while each weight layer reports its activations on the way forwards and its deltas on the way back.
 *
 * The layer's activation function is replaced by one that first passes the pre-activation through an identity whose
 * gradient function listens, so values and gradients are those of the model itself. Layers are as before afterwards,
 * also when `body` throws.
 * @returns what was heard, in the order of `layers`
 */
export function listen(layers: readonly WeightLayer[], body: () => void): Heard[] {
  const heard = layers.map((): Heard => ({ activations: [], deltas: [], units: 0 }));
  const undo: (() => void)[] = [];
  try {
    layers.forEach(({ layer, activationFrom }, index) => {
      const record = heard[index];
      undo.push(tapPreactivation(layer, record), tapOutput(activationFrom, record));
    });
    body();
  } finally {
    for (const restore of undo.reverse()) restore();
  }
  return heard;
}

function tapPreactivation(layer: tf.layers.Layer, heard: Heard): () => void {
  const tappable = layer as unknown as Tappable;
  const own = tappable.activation;
  const identity = tf.customGrad((preactivation) => ({
    value: (preactivation as tf.Tensor).clone(),
    gradFunc: (delta: tf.Tensor) => {
      heard.deltas.push(delta.dataSync());
      return delta.clone();
    },
  }));
  tappable.activation = { getClassName: () => "DeepenTap", apply: (z) => own.apply(identity(z)) };
  return () => {
    tappable.activation = own;
  };
}

function tapOutput(layer: tf.layers.Layer, heard: Heard): () => void {
  const tappable = layer as unknown as Tappable;
  const own = tappable.call;
  tappable.call = (inputs, kwargs) => {
    const output = own.call(layer, inputs, kwargs);
    const [activation] = Array.isArray(output) ? output : [output];
    heard.activations.push(activation.dataSync());
    heard.units = activation.shape.at(-1)!;
    return output;
  };
  return () => {
    tappable.call = own;
  };
}
