import type { tf } from "@deepen/engine";

/** What belongs to a hidden layer, in this order, by the names that `nn.mlp` gives. */
const parts = ["layer", "norm", "activation", "scale", "survival", "sum", "dropout"];

/** The layers of a net of `nn.mlp`, by the number of the weight layer to which they belong. */
export interface MlpLayers {
  /** Weight layers, the output layer included; less than 2 if the model is no such net. */
  readonly depth: number;
  /** All that belongs to a weight layer, in the order in which it runs. */
  partsOf(layer: number): tf.layers.Layer[];
}

/** Finds the layers of a net of `nn.mlp` by their names. */
export function mlpLayers(model: tf.LayersModel): MlpLayers {
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  return {
    depth: [...byName.keys()].filter((name) => /^layer\d+$/.test(name)).length,
    partsOf: (layer) => parts.flatMap((part) => byName.get(`${part}${layer}`) ?? []),
  };
}

/** Whether a layer adds a branch to what it branched from. */
export function isSum({ name }: tf.layers.Layer): boolean {
  return name.startsWith("sum");
}
