import { mersenneTwister, type MersenneTwister } from "../math/mersenneTwister";
import { exp } from "../math/special";
import { mean, std } from "../math/stats";
import { type Dataset, type Examples, examples } from "./examples";

/** Heights of the ten digits at twelve points, from the authors' repository (Apache-2.0). */
const templates: readonly (readonly number[])[] = [
  [5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5],
  [5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5],
  [5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5],
  [5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5],
  [5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5],
  [5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5],
  [5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5],
  [5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5],
  [5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5],
  [5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5],
];

/** Points of a signal before it is sampled down: twelve of the template and the widest padding. */
const drawnPoints = 72;
const points = 40;

/** What {@link mnist1d} generates. */
export interface Mnist1dOptions {
  /** Signals in all, a multiple of ten; default 5,000. The first four fifths are for training. */
  readonly count?: number;
  /** Default 42, that of the published set. */
  readonly seed?: number;
}

/**
 * MNIST-1D: ten digits as signals of 40 points, stretched, scaled, shifted, sheared and noisy; 4,000 to train and 1,000
 * to test, generated in a moment. The default is the published set, to the last digit that float32 holds.
 *
 * Signals are standardised with the mean and the standard deviation of all of them, test signals included, as their
 * authors do.
 * @returns `train` and `test`, examples of shape `[40, 1]`
 * @throws RangeError if `count` is no positive multiple of ten or `seed` is out of range
 * @see Greydanus and Kobak 2024, "Scaling Down Deep Learning with MNIST-1D", arXiv:2011.14439
 */
export function mnist1d(options: Mnist1dOptions = {}): Pick<Dataset, "train" | "test"> {
  const { x, labels } = mnist1dSignals(options);
  const trained = (labels.length * 4) / 5;
  const part = (from: number, to: number): Examples =>
    examples({
      x: Float32Array.from(x.subarray(from * points, to * points)),
      labels: labels.slice(from, to),
      shape: [points, 1],
      classes: 10,
    });
  return { train: part(0, trained), test: part(trained, labels.length) };
}

/**
 * The signals of {@link mnist1d} in float64, in their final order.
 *
 * @returns `x` `[count, 40]`, `labels` `[count]`, and the mean and standard deviation that were taken out
 */
export function mnist1dSignals({ count = 5000, seed = 42 }: Mnist1dOptions): {
  readonly x: Float64Array;
  readonly labels: Uint8Array;
  readonly mean: number;
  readonly std: number;
} {
  if (!Number.isInteger(count) || count < 10 || count % 10 !== 0) {
    throw new RangeError(`count: expected a positive multiple of 10, got ${count}`);
  }
  const random = mersenneTwister(seed);
  const signals: Float64Array[] = [];
  for (const template of templates) {
    const shape = normalised(template);
    for (let index = 0; index < count / 10; index++) signals.push(signal(shape, random));
  }
  const order = random.permutation(count);
  const x = new Float64Array(count * points);
  order.forEach((from, to) => {
    x.set(signals[from], to * points);
  });
  const labels = Uint8Array.from(order, (from) => Math.floor(from / (count / 10)));
  const centre = mean(x);
  const spread = std(x, 0);
  return { x: x.map((value) => (value - centre) / spread), labels, mean: centre, std: spread };
}

function normalised(template: readonly number[]): number[] {
  const centre = mean(template);
  const spread = std(template, 0);
  const first = (template[0] - centre) / spread;
  return template.map((height) => ((height - centre) / spread - first) / 6);
}

/** One signal `[40]`; the draws stand in the authors' order. */
function signal(shape: readonly number[], random: MersenneTwister): Float64Array {
  const padding = 36 + Math.floor(random.uniform() * 25);
  const padded = new Float64Array(shape.length + padding);
  // The small number tells signal from padding, which stays exactly 0.
  shape.forEach((height, index) => (padded[index] = height + 1e-8));
  const scale = 1 + 0.4 * (random.uniform() - 0.5);
  const drawn = resampled(padded, drawnPoints).map((value) => value * scale);
  const shift = random.integer(48);
  const shifted = drawn.map((_, index) => drawn[(index - shift + drawnPoints) % drawnPoints]);
  const smooth = smoothed(Float64Array.from(shifted, () => 0.25 * random.normal()));
  const noisy = shifted.map((value, index) => (value === 0 ? smooth[index] : value) + 0.02 * random.normal());
  const shear = 0.75 * (random.uniform() - 0.5);
  return resampled(
    noisy.map((value, index) => value - shear * (index / (drawnPoints - 1) - 0.5)),
    points,
  );
}

/** Linear interpolation at `count` points, both ends included. */
function resampled(values: Float64Array, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => {
    const position = (index * (values.length - 1)) / (count - 1);
    const below = Math.min(Math.floor(position), values.length - 2);
    return values[below] + (position - below) * (values[below + 1] - values[below]);
  });
}

const radius = 8;
const bell = Array.from({ length: 2 * radius + 1 }, (_, index) => exp(-((index - radius) * (index - radius)) / 8));
const bellSum = bell.reduce((sum, weight) => sum + weight, 0);

/** Gaussian filter of standard deviation 2, with the signal mirrored at its ends, the end repeated. */
function smoothed(values: Float64Array): Float64Array {
  const last = values.length - 1;
  return values.map((_, centre) => {
    let sum = 0;
    for (let step = -radius; step <= radius; step++) {
      const place = centre + step;
      const mirrored = place < 0 ? -place - 1 : place > last ? 2 * last + 1 - place : place;
      sum += (bell[step + radius] / bellSum) * values[mirrored];
    }
    return sum;
  });
}
