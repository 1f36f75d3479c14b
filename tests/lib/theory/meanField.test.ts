import { meanField } from "../../../lib/src/theory/meanField";

const he = (fanIn: number): number => 2 / fanIn;

test("ReLU with He's weights keeps second moments and deltas in every layer, exactly", () => {
  const { preactivationVariance, activationMean, activationStd, deltaNorm } = meanField({
    depth: 5,
    width: 64,
    inputs: 100,
    classes: 64,
    activation: "relu",
    weightVariance: he,
    outputDeltaNorm: 0.3,
  });
  for (let layer = 0; layer < 5; layer++) {
    expect(preactivationVariance[layer]).toBeCloseTo(2, 12);
    expect(deltaNorm[layer]).toBeCloseTo(0.3, 12);
  }
  expect(activationMean[0]).toBeCloseTo(1 / Math.sqrt(Math.PI), 12); // of max(z, 0), z ~ N(0, 2)
  expect(activationStd[0]).toBeCloseTo(Math.sqrt(1 - 1 / Math.PI), 12);
  expect(activationMean[4]).toBe(0); // the output is linear
  expect(activationStd[4]).toBeCloseTo(Math.SQRT2, 12);
});

test("a linear net multiplies by variance times fanIn, forwards and backwards, with the sizes of each layer", () => {
  const { preactivationVariance, deltaNorm } = meanField({
    depth: 3,
    width: 10,
    inputs: 20,
    classes: 5,
    activation: "linear",
    weightVariance: (fanIn, fanOut) => 1 / (fanIn + fanOut),
    biasVariance: 0.5,
    inputSecondMoment: 3,
  });
  const first = (20 / 30) * 3 + 0.5;
  const second = (10 / 20) * first + 0.5;
  const third = (10 / 15) * second + 0.5;
  [first, second, third].forEach((q, layer) => {
    expect(preactivationVariance[layer]).toBeCloseTo(q, 12);
  });
  // Backwards the factor of a layer is Var(w) of the next times the next one's fanIn: the width that the delta has.
  expect(deltaNorm[2]).toBe(1);
  expect(deltaNorm[1] ** 2).toBeCloseTo(10 / 15, 12);
  expect(deltaNorm[0] ** 2).toBeCloseTo((10 / 15) * (10 / 20), 12);
});

test("one layer has neither hidden units nor anything to predict backwards", () => {
  const { preactivationVariance, deltaNorm } = meanField({
    depth: 1,
    width: 7,
    activation: "tanh",
    weightVariance: he,
  });
  expect(preactivationVariance).toEqual([expect.closeTo(2, 12)]);
  expect(deltaNorm).toEqual([1]);
  expect(() => meanField({ depth: 0, width: 7, activation: "tanh", weightVariance: he })).toThrow(
    "depth: expected a positive integer, got 0",
  );
});
