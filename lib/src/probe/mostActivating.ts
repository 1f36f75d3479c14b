import { tf } from "@deepen/engine";
import type { Examples } from "../data/examples";
import { toInputs } from "../train/batch";
import { breathe } from "../train/breathe";
import { receptiveField } from "./receptiveField";
import { submodel, type Unit } from "./unit";

/** A piece of an example, as large as one position of a layer sees. */
export interface Patch {
  /** Which example it is cut from. */
  readonly example: number;
  /** The unit's value there. */
  readonly activation: number;
  /** `[...shape]`; 0 where the piece reaches over the edge of the example. */
  readonly values: Float32Array;
  /** Shape of the piece, channels last. */
  readonly shape: readonly number[];
}

const batchSize = 250;

/**
 * The pieces of examples to which one unit of a convolution answers most, at most one from each example, the strongest
 * first. The model is as in use (batch normalisation takes its stored statistics).
 *
 * @param unit - layer by name (any that keeps positions apart: before or after its activation function) and channel
 * @param count - how many pieces, default 8
 * @throws RangeError if there is no such unit, or more pieces are asked for than there are examples
 * @see Zeiler and Fergus 2014, arXiv:1311.2901, sec. 4.1
 */
export async function mostActivating(
  model: tf.LayersModel,
  unit: Unit,
  examples: Examples,
  count = 8,
): Promise<Patch[]> {
  if (!Number.isInteger(count) || count < 1 || count > examples.count) {
    throw new RangeError(`count: expected 1 to ${examples.count} pieces (one an example), got ${count}`);
  }
  const part = submodel(model, unit);
  const output = part.outputs[0];
  const fields = receptiveField(output);
  const [positions, channels] = [output.shape.slice(1, -1) as number[], output.shape.at(-1)!];
  const peaks: { example: number; activation: number; position: number }[] = [];
  for (let first = 0; first < examples.count; first += batchSize) {
    const chosen = Int32Array.from({ length: Math.min(batchSize, examples.count - first) }, (_, row) => first + row);
    const outputs = tf.tidy(() => part.apply(toInputs(model, examples, chosen)) as tf.Tensor);
    const values = outputs.dataSync();
    outputs.dispose();
    const perExample = values.length / chosen.length;
    for (const [row, example] of chosen.entries()) {
      let best = { example, activation: -Infinity, position: 0 };
      for (let place = 0; place < perExample / channels; place++) {
        const activation = values[row * perExample + place * channels + unit.channel];
        if (activation > best.activation) best = { example, activation, position: place };
      }
      peaks.push(best);
    }
    await breathe(`example ${first + chosen.length} of ${examples.count}`);
  }
  peaks.sort((a, b) => b.activation - a.activation || a.example - b.example);
  const shape = [...fields.map(({ size }) => size), examples.shape.at(-1)!];
  return peaks.slice(0, count).map(({ example, activation, position }) => {
    const places = unravel(position, positions);
    const corner = fields.map(({ start, stride }, axis) => start + places[axis] * stride);
    return { example, activation, values: cut(examples, example, corner, shape), shape };
  });
}

/** Index along each axis of a position counted row after row. */
function unravel(position: number, lengths: readonly number[]): number[] {
  let left = position;
  const places: number[] = [];
  for (const length of [...lengths].reverse()) {
    places.unshift(left % length);
    left = Math.floor(left / length);
  }
  return places;
}

function cut(examples: Examples, example: number, corner: readonly number[], shape: readonly number[]): Float32Array {
  const size = examples.x.length / examples.count;
  const piece = new Float32Array(shape.reduce((product, length) => product * length, 1));
  for (let index = 0; index < piece.length; index++) {
    const places = unravel(index, shape).map((place, axis) => place + (corner[axis] ?? 0));
    if (places.some((place, axis) => place < 0 || place >= examples.shape[axis])) continue;
    const from = places.reduce((sum, place, axis) => sum * examples.shape[axis] + place, 0);
    piece[index] = examples.x[example * size + from];
  }
  return piece;
}
