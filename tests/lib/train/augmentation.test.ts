import { tf } from "@deepen/engine";
import { examples } from "../../../lib/src/data/examples";
import { shift } from "../../../lib/src/data/shift";
import { rng } from "../../../lib/src/math/rng";
import { mlp } from "../../../lib/src/nn/mlp";
import { augmenter } from "../../../lib/src/train/augmentation";
import { fit, type FitOptions } from "../../../lib/src/train/fit";
import { useEngine, weightsOf } from "../../support/engine";
import { fakeHost } from "../../support/fakeHost";

useEngine();
beforeEach(() => {
  fakeHost();
});

const random = rng(3);
const pictures = examples({
  x: Float32Array.from({ length: 12 * 36 }, () => random.uniform()),
  labels: Uint8Array.from({ length: 12 }, (_, index) => index % 3),
  shape: [6, 6, 1],
  classes: 3,
});
const options: FitOptions = { steps: 1, batchSize: 12, optimizer: { kind: "sgd", learningRate: 0.1 }, seed: 5 };
async function trained(more: Partial<FitOptions>, on = pictures): Promise<number[]> {
  const model = mlp({ depth: 1, width: 1, inputs: 36, classes: 3, activation: "relu", init: "heNormal", seed: 1 });
  try {
    await fit(model, on, { ...options, ...more });
    return Array.from(weightsOf(model));
  } finally {
    model.dispose();
  }
}

test("a step on shifted examples is the step on examples that were shifted before", async () => {
  // The batch's order matters for who is shifted how far: one picture, repeated, has none.
  const same = examples({
    x: Float32Array.from({ length: 12 * 36 }, (_, index) => pictures.x[index % 36]),
    labels: new Uint8Array(12),
    shape: [6, 6, 1],
    classes: 3,
  });
  const x = shift(same.x, { shape: [6, 6, 1], by: 2, random: rng(5).child("augmentation") });
  const weights = await trained({ augment: { kind: "shift", by: 2 } }, same);
  // The order within the batch differs, and with it the order of summation.
  const expected = await trained({}, examples({ ...same, x }));
  weights.forEach((weight, index) => {
    expect(weight).toBeCloseTo(expected[index], 6);
  });
  const without = await trained({}, same);
  expect(Math.max(...weights.map((weight, index) => Math.abs(weight - without[index])))).toBeGreaterThan(1e-3);
});

test("every step shifts otherwise, and the same seed gives the same weights, to the bit", async () => {
  const change = augmenter({ kind: "shift", by: 2 }, pictures, 1);
  expect(change(pictures.x)).not.toEqual(change(pictures.x));
  const before = tf.memory().numTensors;
  const weights = await trained({ steps: 5, augment: { kind: "shift", by: 2 } });
  expect(await trained({ steps: 5, augment: { kind: "shift", by: 2 } })).toEqual(weights);
  expect(tf.memory().numTensors).toBe(before);
});

test("the examples themselves stay as they were", async () => {
  const before = Float32Array.from(pictures.x);
  await trained({ augment: { kind: "shift", by: 3 } });
  expect(pictures.x).toEqual(before);
});

test("another kind, or a distance that is none, is refused", async () => {
  await expect(trained({ augment: { kind: "turn" as "shift", by: 1 } })).rejects.toThrow(
    'expected "shift", got "turn"',
  );
  await expect(trained({ augment: { kind: "shift", by: -1 } })).rejects.toThrow("by: expected a whole number");
});
