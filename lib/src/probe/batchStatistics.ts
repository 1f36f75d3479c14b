import type { tf } from "@deepen/engine";

/** A layer of batch normalisation, with what tfjs's types keep private. */
interface Normalization extends tf.layers.Layer {
  momentum: number;
}

/** Computes while each batch normalisation has stored the statistics of `inputs`, then gives back what it had. */
export function withStatisticsOf<T>(model: tf.LayersModel, inputs: tf.Tensor, compute: () => T): T {
  const norms = model.layers.filter((layer) => layer.getClassName() === "BatchNormalization") as Normalization[];
  const before = norms.map((norm) => ({ norm, momentum: norm.momentum, weights: norm.getWeights() }));
  // With a momentum of 0, one training pass stores its own statistics whole.
  for (const norm of norms) norm.momentum = 0;
  const clones = before.map(({ weights }) => weights.map((weight) => weight.clone()));
  try {
    if (norms.length > 0) (model.apply(inputs, { training: true }) as tf.Tensor).dispose();
    return compute();
  } finally {
    before.forEach(({ norm, momentum }, place) => {
      norm.momentum = momentum;
      norm.setWeights(clones[place]);
    });
  }
}
