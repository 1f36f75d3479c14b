import { examples } from "../../../lib/src/data/examples";
import { childSeed, rng } from "../../../lib/src/math/rng";
import { mean, std } from "../../../lib/src/math/stats";
import { type Init, scaledNormal, weightVariance } from "../../../lib/src/nn/init";
import { mlp, type MlpActivation } from "../../../lib/src/nn/mlp";
import type { Profile } from "../../../lib/src/probe/profile";
import { record } from "../../../lib/src/probe/record";
import { batchNormExplosion } from "../../../lib/src/theory/batchNormExplosion";
import { meanField } from "../../../lib/src/theory/meanField";
import { useEngine } from "../../support/engine";

useEngine();

// Inputs of one length each, as the theory assumes: 64 examples of 50 features with a mean square of exactly 1.
const random = rng(8);
const rows = Array.from({ length: 64 }, () => {
  const row = Array.from({ length: 50 }, () => random.normal());
  const length = Math.sqrt(mean(row.map((value) => value * value)));
  return row.map((value) => value / length);
});
const batch = examples({
  x: Float32Array.from(rows.flat()),
  labels: Uint8Array.from(rows, (_, index) => index % 10),
  shape: [50],
  classes: 10,
});
const [depth, width, seeds] = [8, 64, 10];

function profiles(
  activation: MlpActivation,
  init: Init,
  { layers = depth, count = seeds, norm = "none" as "none" | "batch" } = {},
): Profile[] {
  return Array.from({ length: count }, (_, run) => {
    const model = mlp({ depth: layers, width, inputs: 50, activation, init, norm, seed: childSeed(2, `run ${run}`) });
    const profile = record(model, batch);
    model.dispose();
    return profile;
  });
}

test.each([
  ["sigmoid", "glorotUniform"],
  ["tanh", scaledNormal(1.76)],
  ["tanh", scaledNormal(4)],
  ["relu", "heNormal"],
  ["relu", "glorotNormal"],
] as [MlpActivation, Init][])(
  "%s from %j: theory lies within the standard errors of what is measured in every layer",
  (activation, init) => {
    const measured = profiles(activation, init);
    const theory = meanField({
      depth,
      width,
      inputs: 50,
      activation,
      weightVariance: (fanIn, fanOut) => weightVariance(init, fanIn, fanOut),
    });
    const check = (values: number[], expected: number, layer: number): void => {
      // Theory is of infinite width: on top of 4 standard errors it may be off by order depth / width.
      const allowed = (4 * std(values)) / Math.sqrt(seeds) + (0.5 * (layer + 1) * expected) / width;
      expect(Math.abs(mean(values) - expected)).toBeLessThan(allowed);
    };
    for (let layer = 0; layer < depth - 1; layer++) {
      const secondMoment = (p: Profile): number => p.activationMean[layer] ** 2 + p.activationStd[layer] ** 2;
      check(measured.map(secondMoment), theory.activationMean[layer] ** 2 + theory.activationStd[layer] ** 2, layer);
      const squaredRatio = (p: Profile): number => (p.deltaNorm[layer] / p.deltaNorm[depth - 1]) ** 2;
      check(measured.map(squaredRatio), theory.deltaNorm[layer] ** 2, depth - layer);
    }
  },
);

test("with batch norm ReLU deltas grow per layer as Yang's factor says, to the error of a finite batch and width", () => {
  const layers = 20;
  const growth = profiles("relu", "heNormal", { layers, count: 4, norm: "batch" }).map(
    ({ deltaNorm }) => (deltaNorm[1] / deltaNorm[layers - 2]) ** (1 / (layers - 3)),
  );
  expect(mean(growth)).toBeGreaterThan(1.12);
  expect(mean(growth)).toBeLessThan(batchNormExplosion + 0.05);
  for (const { deltaNorm } of profiles("relu", "heNormal", { layers, count: 4 })) {
    expect((deltaNorm[1] / deltaNorm[layers - 2]) ** (1 / (layers - 3))).toBeLessThan(1.05); // the control
  }
});
