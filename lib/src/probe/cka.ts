import type { FeatureValues } from "./features";

/** How {@link cka} estimates. */
export interface CkaOptions {
  /** True takes the estimator without bias; default false. */
  readonly debiased?: boolean;
  /** With `debiased`: averages over batches of so many examples (at least 4), in their order; default all at once. */
  readonly batchSize?: number;
}

/**
 * Linear centred kernel alignment: how alike two sets of features arrange the same examples. 1 means equal up to
 * rotation, shift and one common factor; 0 means that no linear map of one says anything of the other.
 *
 * The plain estimate ‖XᵀY‖² / (‖XᵀX‖ ‖YᵀY‖) of centred features rises with the number of features where examples are
 * few; the debiased one (from the unbiased HSIC of Song and others) does not, and may fall below 0. In feature form: the
 * cost grows with the number of examples, not with its square. A set of features without any spread gives NaN.
 *
 * @param x - features `[N, D1]` of N examples
 * @param y - features `[N, D2]` of the same examples, in the same order
 * @throws RangeError if the numbers of examples differ or are too few, or `batchSize` is given without `debiased`
 * @see Kornblith and others 2019, arXiv:1905.00414, sec. 3; Nguyen and others 2021, arXiv:2010.15327, eq. 2 (minibatches)
 */
export function cka(x: FeatureValues, y: FeatureValues, { debiased = false, batchSize }: CkaOptions = {}): number {
  const count = x.values.length / x.units;
  const least = debiased ? 4 : 2;
  if (!Number.isInteger(count) || y.values.length !== count * y.units) {
    throw new RangeError(
      `x, y: expected features of the same examples, got ${count} and ${y.values.length / y.units} examples`,
    );
  }
  if (batchSize !== undefined && !debiased) {
    throw new RangeError("batchSize: averages over batches are for the debiased estimate: add { debiased: true }");
  }
  const size = batchSize ?? count;
  if (!Number.isInteger(size) || size < least || size > count) {
    throw new RangeError(`batchSize: expected an integer from ${least} to the ${count} examples, got ${size}`);
  }
  const dependence = debiased ? unbiased : biased;
  let [xy, xx, yy] = [0, 0, 0];
  for (let first = 0; first + size <= count; first += size) {
    const [a, b] = [centred(x, first, size), centred(y, first, size)];
    xy += dependence(a, b);
    xx += dependence(a, a);
    yy += dependence(b, b);
  }
  return xy / Math.sqrt(xx * yy);
}

/** Rows of centred features, in float64. */
interface Centred {
  readonly values: Float64Array;
  readonly units: number;
  readonly count: number;
}

function centred({ values, units }: FeatureValues, first: number, count: number): Centred {
  const rows = Float64Array.from(values.slice(first * units, (first + count) * units));
  const means = new Float64Array(units);
  for (let index = 0; index < rows.length; index++) means[index % units] += rows[index] / count;
  return { values: rows.map((value, index) => value - means[index % units]), units, count };
}

/** ‖XᵀY‖²: (N − 1)² times the HSIC of linear kernels. */
function biased(x: Centred, y: Centred): number {
  const cross = new Float64Array(x.units * y.units);
  for (let row = 0; row < x.count; row++) {
    for (let i = 0; i < x.units; i++) {
      const value = x.values[row * x.units + i];
      for (let j = 0; j < y.units; j++) cross[i * y.units + j] += value * y.values[row * y.units + j];
    }
  }
  return cross.reduce((sum, value) => sum + value * value, 0);
}

/**
 * N (N − 3) times Song's unbiased HSIC of linear kernels, whose diagonals are taken out. Features are centred, so every
 * row of a kernel sums to 0 before that, and to minus its diagonal entry after.
 */
function unbiased(x: Centred, y: Centred): number {
  const [p, q] = [squaredLengths(x), squaredLengths(y)];
  const [pSum, qSum] = [p, q].map((lengths) => lengths.reduce((sum, value) => sum + value, 0));
  const together = p.reduce((sum, value, row) => sum + value * q[row], 0);
  const n = x.count;
  return biased(x, y) - together + (pSum * qSum) / ((n - 1) * (n - 2)) - (2 / (n - 2)) * together;
}

function squaredLengths({ values, units, count }: Centred): Float64Array {
  const lengths = new Float64Array(count);
  for (let index = 0; index < values.length; index++)
    lengths[Math.floor(index / units)] += values[index] * values[index];
  return lengths;
}
