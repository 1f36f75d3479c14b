import type { tf } from "@deepen/engine";

/** A layer with a weight matrix or a convolution kernel, and where its activation comes out. */
export interface WeightLayer {
  readonly layer: tf.layers.Layer;
  /** The layer whose output is the activation: itself, or a normalisation or activation layer that follows it alone. */
  readonly activationFrom: tf.layers.Layer;
}

const weighted = new Set([
  "Dense",
  "Conv1D",
  "Conv2D",
  "Conv3D",
  "Conv2DTranspose",
  "Conv3DTranspose",
  "DepthwiseConv2D",
  "SeparableConv2D",
]);
const normalising = new Set(["BatchNormalization", "LayerNormalization", "Dropout"]);
const activating = new Set(["Activation", "ReLU", "LeakyReLU", "ELU", "PReLU", "ThresholdedReLU", "Softmax"]);

/** Weight layers of a model in the order of its layers, those of models inside it included; a shared layer once. */
export function weightLayers(model: tf.LayersModel): WeightLayer[] {
  const found = model.layers.flatMap((layer): WeightLayer[] => {
    if (isModel(layer)) return weightLayers(layer);
    if (!weighted.has(layer.getClassName())) return [];
    return [{ layer, activationFrom: activationOf(layer, model.layers) }];
  });
  return [...new Map(found.map((entry) => [entry.layer, entry])).values()];
}

/** The weight matrix or convolution kernel of a layer; of a separable convolution, both. */
export function kernelsOf({ layer }: WeightLayer): (typeof layer.weights)[number][] {
  return layer.weights.filter(({ name }) => name.split("/").at(-1)!.includes("kernel"));
}

function isModel(layer: tf.layers.Layer): layer is tf.LayersModel {
  return "layers" in layer;
}

function activationOf(layer: tf.layers.Layer, inside: readonly tf.layers.Layer[]): tf.layers.Layer {
  if (ownActivation(layer) !== "linear") return layer;
  let last = layer;
  for (;;) {
    const consumers = new Set(last.outboundNodes.map((node) => node.outboundLayer).filter((to) => inside.includes(to)));
    const [next] = consumers;
    if (next === undefined || consumers.size > 1) return last;
    const kind = next.getClassName();
    if (activating.has(kind)) return next;
    if (!normalising.has(kind)) return last;
    last = next;
  }
}

function ownActivation(layer: tf.layers.Layer): unknown {
  return layer.getConfig()["activation"];
}
