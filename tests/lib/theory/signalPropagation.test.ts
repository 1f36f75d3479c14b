import {
  activationMean,
  activationSecondMoment,
  chi1,
  fixedPoint,
  slopeSecondMoment,
  varianceMap,
} from "../../../lib/src/theory/signalPropagation";
import type { ActivationName } from "../../../lib/src/theory/activation";
import { golden } from "../../support/golden";

interface Golden {
  moments: { activation: ActivationName; q: number; mean: number; secondMoment: number; slopeSecondMoment: number }[];
  phases: {
    activation: ActivationName;
    weightVariance: number;
    biasVariance: number;
    fixedPoint: number;
    chi1: number;
  }[];
}
const { moments, phases } = golden<Golden>("signalPropagation");

// Our quadrature is right to 4e-10 (tanh at q = 1), SciPy's to 1e-11.
const close = (actual: number, expected: number): void => {
  expect(Math.abs(actual - expected)).toBeLessThan(1e-9 * Math.max(1, expected));
};

test.each(moments)("moments of $activation at q = $q are those of adaptive quadrature", (row) => {
  close(activationMean(row.activation, row.q), row.mean);
  close(activationSecondMoment(row.activation, row.q), row.secondMoment);
  close(slopeSecondMoment(row.activation, row.q), row.slopeSecondMoment);
});

test.each(phases)(
  "$activation with weight variance $weightVariance, bias variance $biasVariance: q* and chi1 are those of SciPy",
  ({ activation, fixedPoint: q, chi1: expected, ...variances }) => {
    close(fixedPoint(activation, variances), q);
    close(chi1(activation, variances), expected);
  },
);

// Published and re-measured values of the edge of chaos.
test.each([
  [1, 0, 1],
  [2, 0, 1.106],
  [4, 0, 1.363],
  [1, 0.05, 0.759],
  [1.5, 0.05, 0.939],
  [1.76, 0.05, 1],
  [2.5, 0.05, 1.134],
])(
  "tanh with weight variance %d and bias variance %d has chi1 %d, to 1e-3",
  (weightVariance, biasVariance, expected) => {
    expect(Math.abs(chi1("tanh", { weightVariance, biasVariance }) - expected)).toBeLessThan(1e-3);
  },
);

test.each([0.1, 0.7, 2])("erf's second moment at q = %d is Williams's closed form", (q) => {
  const scaled = (Math.PI / 4) * q;
  close(activationSecondMoment("erf", q), (2 / Math.PI) * Math.asin((2 * scaled) / (1 + 2 * scaled)));
});

test("a homogeneous activation dies out, keeps what came in, or blows up by its weight variance", () => {
  expect(fixedPoint("relu", { weightVariance: 1 })).toBe(0);
  expect(fixedPoint("relu", { weightVariance: 2 })).toBe(1);
  expect(fixedPoint("relu", { weightVariance: 3 })).toBe(Infinity);
  expect(fixedPoint("relu", { weightVariance: 1, biasVariance: 0.05 })).toBeCloseTo(0.1, 10); // q = q / 2 + 0.05
  expect(fixedPoint("linear", { weightVariance: 0.5 })).toBe(0);
  expect(chi1("relu", { weightVariance: 2 })).toBeCloseTo(1, 12);
  expect(chi1("relu", { weightVariance: 3 })).toBeCloseTo(1.5, 12);
  expect(chi1("linear", { weightVariance: 0.5 })).toBeCloseTo(0.5, 12);
});

test("the fixed point is one, and iterating the map from 1 goes there", () => {
  for (const weightVariance of [1.3, 2, 5]) {
    const variances = { weightVariance, biasVariance: 0.1 };
    const q = fixedPoint("tanh", variances);
    expect(varianceMap("tanh", variances, q)).toBeCloseTo(q, 10);
    let iterated = 1;
    for (let layer = 0; layer < 100; layer++) iterated = varianceMap("tanh", variances, iterated);
    expect(iterated).toBeCloseTo(q, 8);
  }
});
