import { tf } from "@deepen/engine";
import { mean, std, variance } from "../../../lib/src/math/stats";
import { normal, orthogonal, scaledNormal, scaledUniform, weightVariance, type Init } from "../../../lib/src/nn/init";
import { drawWeights, initializer } from "../../../lib/src/nn/initializer";
import { useEngine } from "../../support/engine";

useEngine();

const fanIn = 300;
const fanOut = 200;

// Var(w), written out from the papers; kurtosis of the shape decides the standard error of a sample variance.
const cases: [string, Init, number, "normal" | "uniform"][] = [
  ["glorotUniform", "glorotUniform", 2 / (fanIn + fanOut), "uniform"],
  ["glorotNormal", "glorotNormal", 2 / (fanIn + fanOut), "normal"],
  ["heUniform", "heUniform", 2 / fanIn, "uniform"],
  ["heNormal", "heNormal", 2 / fanIn, "normal"],
  ["leCunUniform", "leCunUniform", 1 / fanIn, "uniform"],
  ["leCunNormal", "leCunNormal", 1 / fanIn, "normal"],
  ["normal(0.2)", normal(0.2), 0.04, "normal"],
  ["scaledNormal(4)", scaledNormal(4), 4 / fanIn, "normal"],
  ["scaledUniform(1/3)", scaledUniform(1 / 3), 1 / (3 * fanIn), "uniform"],
];

test.each(cases)(
  "%s has mean 0 and the variance its name promises, within four standard errors",
  (_, init, expected, kind) => {
    expect(weightVariance(init, fanIn, fanOut)).toBeCloseTo(expected, 12);
    const weights = drawWeights(init, [fanIn, fanOut], 1);
    const error = Math.sqrt((kind === "normal" ? 2 : 0.8) / weights.length); // (kurtosis − 1) / n
    expect(Math.abs(variance(weights) / expected - 1)).toBeLessThan(4 * error);
    expect(Math.abs(mean(weights))).toBeLessThan((4 * std(weights)) / Math.sqrt(weights.length));
    const largest = Math.max(...weights.map(Math.abs)) / Math.sqrt(expected);
    if (kind === "uniform") expect(largest).toBeLessThanOrEqual(Math.sqrt(3) * (1 + 1e-7));
    else expect(largest).toBeGreaterThan(3.5); // not cut off at two standard deviations, as tfjs's are
  },
);

test("a convolution's fans count its receptive field", () => {
  const weights = drawWeights("heNormal", [3, 3, 16, 32], 2);
  expect(Math.abs(variance(weights) / (2 / (9 * 16)) - 1)).toBeLessThan(4 * Math.sqrt(2 / weights.length));
  const glorot = drawWeights("glorotNormal", [3, 3, 16, 32], 2);
  expect(Math.abs(variance(glorot) / (2 / (9 * 48)) - 1)).toBeLessThan(4 * Math.sqrt(2 / glorot.length));
});

test.each([
  [40, 40],
  [60, 25],
  [25, 60],
])("orthogonal weights %d x %d are orthonormal along their shorter side, times the gain", (rows, columns) => {
  const weights = drawWeights(orthogonal(Math.SQRT2), [rows, columns], 3);
  const [short, long] = [Math.min(rows, columns), Math.max(rows, columns)];
  const entry = (unit: number, k: number): number => weights[rows >= columns ? k * columns + unit : unit * columns + k];
  for (let a = 0; a < short; a++) {
    for (let b = 0; b <= a; b++) {
      let inner = 0;
      for (let k = 0; k < long; k++) inner += entry(a, k) * entry(b, k);
      expect(Math.abs(inner - (a === b ? 2 : 0))).toBeLessThan(1e-6); // float32 rounding of 60 products
    }
  }
  expect(weightVariance(orthogonal(Math.SQRT2), rows, columns)).toBeCloseTo(2 / long, 12);
});

test("the same seed gives the same bits, another seed others, and the values are float32 already", () => {
  for (const init of ["heNormal", "glorotUniform", orthogonal()] as const) {
    const first = drawWeights(init, [20, 20], 4);
    expect(drawWeights(init, [20, 20], 4)).toEqual(first);
    expect(drawWeights(init, [20, 20], 5)).not.toEqual(first);
    for (const value of first) expect(Math.fround(value)).toBe(value);
  }
});

test("weights are these bits, on every machine", () => {
  expect(Array.from(drawWeights("heNormal", [2, 2], 3))).toMatchInlineSnapshot(`
    [
      -0.48215630650520325,
      -0.7358561158180237,
      1.1188143491744995,
      1.2368061542510986,
    ]
  `);
  expect(Array.from(drawWeights(orthogonal(), [2, 2], 3))).toMatchInlineSnapshot(`
    [
      -0.3957661986351013,
      -0.9183512926101685,
      0.9183512926101685,
      -0.3957661986351013,
    ]
  `);
});

test("tf.layers takes it, and a model comes back from its JSON with the same initializer", async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [4], kernelInitializer: initializer("glorotUniform", 2 ** 40 + 1) }),
      tf.layers.dense({ units: 2, kernelInitializer: initializer(orthogonal(1.5), 7) }),
      tf.layers.dense({ units: 2, kernelInitializer: initializer(normal(0.1), 8) }),
    ],
  });
  const topology = JSON.parse(model.toJSON() as string) as Parameters<typeof tf.models.modelFromJSON>[0];
  const again = await tf.models.modelFromJSON(topology);
  const values = (of: tf.LayersModel): number[][] => of.getWeights().map((weight) => Array.from(weight.dataSync()));
  expect(values(again)).toEqual(values(model));
  expect(values(model)[0]).toEqual(Array.from(drawWeights("glorotUniform", [4, 3], 2 ** 40 + 1)));
  model.dispose();
  again.dispose();
});

test("names, numbers and seeds that are not valid are refused with what was expected", () => {
  expect(() => initializer("heNorm" as "heNormal", 1)).toThrow(
    'init: expected one of glorotUniform, glorotNormal, heUniform, heNormal, leCunUniform, leCunNormal, or nn.normal(std), nn.scaledNormal(variance), nn.scaledUniform(variance), nn.orthogonal(gain); got "heNorm"',
  );
  for (const init of [
    undefined,
    {},
    { kind: "normal", variance: NaN, per: "fanIn" },
    { kind: "orthogonal" },
    "toString",
  ]) {
    expect(() => initializer(init as "heNormal", 1)).toThrow(/^init: expected one of glorotUniform.*; got /);
  }
  expect(() => initializer("heNormal", -1)).toThrow("seed: expected an integer from 0 to 2^53 - 1, got -1");
  expect(() => normal(0)).toThrow("std: expected a positive number, got 0");
  expect(() => scaledNormal(Infinity)).toThrow("variance: expected a positive number, got Infinity");
  expect(() => orthogonal(-1)).toThrow("gain: expected a positive number, got -1");
});
