import tQuantile from "@stdlib/stats-base-dists-t-quantile";

/** A list of plain numbers, in an array or a typed array. */
export type Values = ArrayLike<number> & Iterable<number>;

/**
 * Arithmetic mean, summed in float64.
 * @throws RangeError if `values` is empty
 */
export function mean(values: Values): number {
  requireAtLeast(values, 1, "mean");
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * Variance by two passes in float64.
 *
 * @param ddof - what is taken from the count in the denominator: 1 (default) estimates the variance of a population
 *   from a sample, 0 is the variance of the values themselves
 * @throws RangeError if there are not more than `ddof` values
 */
export function variance(values: Values, ddof: 0 | 1 = 1): number {
  requireAtLeast(values, ddof + 1, "variance");
  const centre = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - centre) * (value - centre);
  return squares / (values.length - ddof);
}

/** Standard deviation: the square root of {@link variance}, with the same `ddof`. */
export function std(values: Values, ddof: 0 | 1 = 1): number {
  return Math.sqrt(variance(values, ddof));
}

/**
 * Correlation of a series with itself, `lag` places later: the sum of products of deviations from the mean, over the sum of
 * their squares, as in R's acf and statsmodels.
 *
 * @param lag - from 0 to below the number of values; default 1
 * @returns from -1 to 1; NaN for a constant series
 * @throws RangeError if there are not more than `lag` values
 */
export function autocorrelation(values: Values, lag = 1): number {
  requireAtLeast(values, lag + 1, "autocorrelation");
  const centre = mean(values);
  let products = 0;
  let squares = 0;
  for (let place = 0; place < values.length; place++) {
    const deviation = values[place] - centre;
    squares += deviation * deviation;
    if (place >= lag) products += deviation * (values[place - lag] - centre);
  }
  return products / squares;
}

/**
 * Quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, as in R and NumPy).
 *
 * @param probability - in [0, 1]; 0.5 is the median
 * @throws RangeError if `values` is empty or `probability` is outside [0, 1]
 */
export function quantile(values: Values, probability: number): number {
  requireAtLeast(values, 1, "quantile");
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`probability: expected a number from 0 to 1, got ${probability}`);
  }
  const sorted = Float64Array.from(values).sort();
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  const share = position - below;
  return share === 0 ? sorted[below] : sorted[below] + share * (sorted[above] - sorted[below]);
}

/** An estimate with the ends of its confidence interval. */
export interface Interval {
  /** The estimate. */
  readonly mean: number;
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/**
 * Student's confidence interval for the mean of the population that `values` were drawn from.
 *
 * @param level - probability that the interval holds the mean, in (0, 1), default 0.95
 * @throws RangeError if there are fewer than two values or `level` is outside (0, 1)
 */
export function tInterval(values: Values, level = 0.95): Interval {
  requireAtLeast(values, 2, "tInterval");
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a number between 0 and 1, got ${level}`);
  const centre = mean(values);
  const half = tQuantile((1 + level) / 2, values.length - 1) * (std(values) / Math.sqrt(values.length));
  return { mean: centre, low: centre - half, high: centre + half };
}

function requireAtLeast(values: Values, count: number, what: string): void {
  if (values.length < count) {
    throw new RangeError(`${what}: expected at least ${count} values, got ${values.length}`);
  }
}
