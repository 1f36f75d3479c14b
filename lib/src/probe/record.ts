import { tf } from "@deepen/engine";
import type { Examples } from "../data/examples";
import { norm } from "../math/linearAlgebra";
import { type Loss, softmaxCrossEntropy } from "../train/loss";
import { toBatch } from "../train/batch";
import { withGradients } from "../train/tape";
import type { Profile } from "./profile";
import { type Heard, listen } from "./taps";
import { kernelsOf, type WeightLayer, weightLayers } from "./weightLayers";

/**
 * Activations, deltas and weight gradients of a model on a batch, layer by layer, as in one training step: batch
 * normalisation uses the batch's own statistics (the stored ones stay as they were), dropout drops. The model and its
 * weights are not changed.
 *
 * A layer's *activation* is what its activation function puts out, also where that stands in a layer of its own after
 * the weights (with batch normalisation or dropout between them); where no such layer follows, the last of these, and
 * for the output layer its output. A layer used several times counts once: its values are pooled, its gradients added.
 * Norms and moments accumulate in float64; a norm is 0 only if every element is 0.
 *
 * @param model - any tf.LayersModel with one input, one output `[N, K]` and dense or convolution layers
 * @param batch - `N` examples
 * @param loss - default: mean softmax cross-entropy of logits
 * @throws RangeError if the model has no weight layer or does not take these examples
 */
export function record(model: tf.LayersModel, batch: Examples, loss: Loss = softmaxCrossEntropy): Profile {
  const layers = weightLayers(model);
  if (layers.length === 0) throw new RangeError("model: expected a dense or convolution layer, got none");
  const { heard, gradientNorms } = runOnce(model, layers, batch, loss);
  return {
    layers: layers.map(({ layer }) => layer.name),
    ...activationMoments(heard),
    deltaNorm: heard.map(({ deltas }) => norm(deltas.map(norm))),
    weightGradientNorm: gradientNorms,
    deadFraction: heard.map(deadFraction),
  };
}

function runOnce(
  model: tf.LayersModel,
  layers: readonly WeightLayer[],
  batch: Examples,
  loss: Loss,
): { heard: readonly Heard[]; gradientNorms: number[] } {
  const gradientNorms: number[] = [];
  const heard = listen(layers, () => {
    tf.tidy(() => {
      const { x, classes } = toBatch(model, batch);
      const kernels = layers.map((layer) => kernelsOf(layer).map((kernel) => kernel.read() as tf.Tensor));
      const stored = model.nonTrainableWeights.map((weight) => ({ weight, value: weight.read().clone() }));
      try {
        const forward = (): tf.Scalar => loss(model.apply(x, { training: true }) as tf.Tensor2D, classes);
        const gradients = withGradients(() => tf.grads(forward)(kernels.flat()));
        const norms = gradients.map((gradient) => norm(gradient.dataSync()));
        for (const list of kernels) gradientNorms.push(norm(norms.splice(0, list.length)));
      } finally {
        for (const { weight, value } of stored) weight.write(value);
      }
    });
  });
  return { heard, gradientNorms };
}

function activationMoments(heard: readonly Heard[]): Pick<Profile, "activationMean" | "activationStd"> {
  const activationMean = heard.map(({ activations }) => pooledMean(activations));
  const activationStd = heard.map(({ activations }, layer) =>
    Math.sqrt(pooledSquare(activations, activationMean[layer])),
  );
  return { activationMean, activationStd };
}

function pooledMean(lists: readonly tf.TypedArray[]): number {
  let sum = 0;
  for (const list of lists) {
    for (let index = 0; index < list.length; index++) sum += list[index];
  }
  return sum / pooledCount(lists);
}

/** The mean of (value − centre)². */
function pooledSquare(lists: readonly tf.TypedArray[], centre: number): number {
  let sum = 0;
  for (const list of lists) {
    for (let index = 0; index < list.length; index++) sum += (list[index] - centre) * (list[index] - centre);
  }
  return sum / pooledCount(lists);
}

const pooledCount = (lists: readonly tf.TypedArray[]): number => lists.reduce((count, list) => count + list.length, 0);

function deadFraction({ activations, units }: Heard): number {
  const alive = new Uint8Array(units);
  for (const list of activations) {
    for (let row = 0; row < list.length; row += units) {
      for (let unit = 0; unit < units; unit++) if (list[row + unit] !== 0) alive[unit] = 1;
    }
  }
  return alive.reduce((dead, flag) => dead + 1 - flag, 0) / units;
}
