import { tf } from "@deepen/engine";
import type { Examples } from "../data/examples";
import { toInputs } from "../train/batch";
import { breathe } from "../train/breathe";

const batchSize = 250;

/**
 * How much a model's answer depends on each place of an example: by how much the probability of the example's label
 * falls when a square (of a signal: a stretch) around that place is set to 0. The model is as in use, and not changed.
 *
 * @param model - takes `[N, length, channels]` or `[N, height, width, channels]`, gives logits `[N, K]`
 * @param example - which of the examples
 * @param size - side of the square, odd; at the edges it is cut
 * @returns one number a place, row after row, −1 to 1; negative where the answer gains
 * @throws Interrupted if the reader asks to stop
 * @throws RangeError if the model keeps no places apart, there is no such example, or the size is even
 * @see Zeiler and Fergus 2014, arXiv:1311.2901, sec. 4.2
 */
export async function occlusion(
  model: tf.LayersModel,
  examples: Examples,
  example: number,
  size: number,
): Promise<Float64Array> {
  const shape = model.inputs[0].shape.slice(1) as number[];
  if (shape.length !== 2 && shape.length !== 3) {
    throw new RangeError(`model: expected inputs with places, e.g. [N, 40, 1], got [N, ${shape.join(", ")}]`);
  }
  if (!Number.isInteger(example) || example < 0 || example >= examples.count) {
    throw new RangeError(`example: expected 0 to ${examples.count - 1}, got ${example}`);
  }
  if (!Number.isInteger(size) || size < 1 || size % 2 === 0) {
    throw new RangeError(`size: expected an odd whole number, got ${size}`);
  }
  const [height, width, channels] = shape.length === 2 ? [1, ...shape] : shape;
  const probabilities = (count: number, change?: (x: Float32Array) => Float32Array): number[] => {
    const all = tf.tidy(() => {
      const inputs = toInputs(model, examples, new Int32Array(count).fill(example), change);
      return (model.apply(inputs) as tf.Tensor2D).softmax().dataSync();
    });
    const label = examples.labels[example];
    return Array.from({ length: count }, (_, copy) => all[copy * examples.classes + label]);
  };
  const [whole] = probabilities(1);
  const falls: number[] = [];
  while (falls.length < height * width) {
    const first = falls.length;
    const count = Math.min(batchSize, height * width - first);
    const hide = (x: Float32Array): Float32Array => {
      for (let copy = 0; copy < count; copy++) {
        const own = x.subarray(copy * height * width * channels, (copy + 1) * height * width * channels);
        const centre = first + copy;
        blank(own, { height, width, channels }, [Math.floor(centre / width), centre % width], (size - 1) / 2);
      }
      return x;
    };
    falls.push(...probabilities(count, hide).map((probability) => whole - probability));
    await breathe(`place ${falls.length} of ${height * width}`);
  }
  return Float64Array.from(falls);
}

interface Shape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Sets the square around a place to 0. */
function blank(
  x: Float32Array,
  { height, width, channels }: Shape,
  [row, column]: readonly [number, number],
  reach: number,
): void {
  const [left, right] = [Math.max(0, column - reach), Math.min(width - 1, column + reach)];
  for (let y = Math.max(0, row - reach); y <= Math.min(height - 1, row + reach); y++) {
    x.fill(0, (y * width + left) * channels, (y * width + right + 1) * channels);
  }
}
