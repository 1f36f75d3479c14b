import { ridge } from "../math/ridge";
import { countRight } from "../train/accuracy";
import type { FeatureValues } from "./features";

/** Features of some examples, and the classes to read out of them. */
export interface ProbeData {
  /** What the probe reads, `[N, units]`. */
  readonly features: FeatureValues;
  /** `[N]`, classes 0 to K − 1. */
  readonly labels: ArrayLike<number>;
}

/**
 * How much of some labels a linear classifier reads out of features: fitted on one set of examples, scored on another.
 *
 * The classifier is ridge regression in closed form to one-hot labels, on features standardised by the mean and the
 * standard deviation of the training examples (a feature that is constant there is left out); it answers with the
 * class of the greatest output. Its score says what a *linear* map of this size can find, not what the net uses.
 *
 * @param options - `penalty` of the squared weights, default 10: the same for all that is to be compared
 * @returns accuracy on `test`, 0 to 1
 * @throws RangeError if features and labels do not fit
 * @see Alain and Bengio 2016, arXiv:1610.01644
 */
export function linearProbe(train: ProbeData, test: ProbeData, { penalty = 10 } = {}): number {
  const { units } = train.features;
  if (test.features.units !== units) {
    throw new RangeError(`test: expected ${units} features as in train, got ${test.features.units}`);
  }
  for (const [name, { features, labels }] of Object.entries({ train, test })) {
    if (labels.length === 0 || features.values.length !== labels.length * units) {
      throw new RangeError(
        `${name}: expected [${labels.length}, ${units}] features for ${labels.length} labels, got ${features.values.length} numbers`,
      );
    }
  }
  const classes = 1 + Math.max(largest(train.labels), largest(test.labels));
  const scale = scaleOf(train.features.values, units);
  const { weights, intercept } = ridge(standardised(train.features.values, scale), oneHot(train.labels, classes), {
    features: units,
    targets: classes,
    penalty,
  });
  const outputs = affine(standardised(test.features.values, scale), weights, intercept);
  return countRight(outputs, oneHot(test.labels, classes), classes) / test.labels.length;
}

function largest(labels: ArrayLike<number>): number {
  return Array.from(labels).reduce((most, label) => Math.max(most, label), 0);
}

function oneHot(labels: ArrayLike<number>, classes: number): Float64Array {
  const targets = new Float64Array(labels.length * classes);
  for (let row = 0; row < labels.length; row++) targets[row * classes + labels[row]] = 1;
  return targets;
}

/** X W + b, `[N, K]`. */
function affine(x: Float64Array, weights: Float64Array, intercept: Float64Array): Float64Array {
  const classes = intercept.length;
  const units = weights.length / classes;
  const rows = x.length / units;
  const outputs = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    outputs.set(intercept, row * classes);
    for (let unit = 0; unit < units; unit++) {
      const value = x[row * units + unit];
      for (let k = 0; k < classes; k++) outputs[row * classes + k] += value * weights[unit * classes + k];
    }
  }
  return outputs;
}

interface Scale {
  readonly mean: Float64Array;
  /** One over the standard deviation; 0 where that is 0. */
  readonly factor: Float64Array;
}

function scaleOf(values: ArrayLike<number>, units: number): Scale {
  const count = values.length / units;
  const mean = new Float64Array(units);
  const squares = new Float64Array(units);
  for (let row = 0; row < values.length; row += units) {
    for (let unit = 0; unit < units; unit++) mean[unit] += values[row + unit] / count;
  }
  for (let row = 0; row < values.length; row += units) {
    for (let unit = 0; unit < units; unit++) {
      const off = values[row + unit] - mean[unit];
      squares[unit] += (off * off) / count;
    }
  }
  const factor = squares.map((square, unit) =>
    Math.sqrt(square) <= 1e-7 * Math.abs(mean[unit]) ? 0 : 1 / Math.sqrt(square),
  );
  return { mean, factor };
}

function standardised(values: ArrayLike<number>, { mean, factor }: Scale): Float64Array {
  const units = mean.length;
  const scaled = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += units) {
    for (let unit = 0; unit < units; unit++) scaled[row + unit] = (values[row + unit] - mean[unit]) * factor[unit];
  }
  return scaled;
}
