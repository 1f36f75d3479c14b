import { tf } from "@deepen/engine";
import type { Examples } from "../data/examples";
import { toInputs } from "../train/batch";
import { breathe } from "../train/breathe";
import { listen } from "./taps";
import { weightLayers } from "./weightLayers";

/** What one layer says of each example. */
export interface Features {
  /** Name of the layer. */
  readonly name: string;
  /** `[N, D]`, example after example. */
  readonly values: Float32Array;
  /** Examples N. */
  readonly count: number;
  /** Features D of an example. */
  readonly units: number;
}

/** Numbers `[N, units]` from wherever they come: what a probe or a comparison needs of features. */
export type FeatureValues = Pick<Features, "values" | "units">;

const batchSize = 250;

/**
 * Activations of every weight layer, output included, with the model as in use (batch normalisation takes its stored
 * statistics, dropout does nothing). Activations of a convolution are averaged over positions: one number a channel.
 *
 * Which values count as a layer's activation: see {@link record}. Of a layer that is used several times, the last use.
 *
 * @returns one entry a weight layer, first to last
 * @throws Interrupted if the reader asks to stop
 * @throws RangeError if the model has no weight layer or does not take these examples
 */
export async function features(model: tf.LayersModel, examples: Examples): Promise<Features[]> {
  const layers = weightLayers(model);
  if (layers.length === 0) throw new RangeError("model: expected a dense or convolution layer, got none");
  const found: Features[] = [];
  for (let first = 0; first < examples.count; first += batchSize) {
    const chosen = Int32Array.from({ length: Math.min(batchSize, examples.count - first) }, (_, row) => first + row);
    const heard = listen(layers, () => {
      tf.tidy(() => void model.apply(toInputs(model, examples, chosen)));
    });
    heard.forEach(({ activations, units }, layer) => {
      if (first === 0) {
        const values = new Float32Array(examples.count * units);
        found.push({ name: layers[layer].layer.name, values, count: examples.count, units });
      }
      found[layer].values.set(averaged(activations.at(-1)!, chosen.length, units), first * units);
    });
    await breathe(`example ${first + chosen.length} of ${examples.count}`);
  }
  return found;
}

/** Means over positions: `[N, positions, units]` to `[N, units]`, summed in float64. */
function averaged(activations: ArrayLike<number>, count: number, units: number): Float64Array {
  const means = new Float64Array(count * units);
  const perExample = activations.length / count;
  for (let example = 0; example < count; example++) {
    const end = (example + 1) * perExample;
    for (let position = example * perExample; position < end; position += units) {
      for (let unit = 0; unit < units; unit++) means[example * units + unit] += activations[position + unit];
    }
  }
  return means.map((sum) => (sum * units) / perExample);
}
