import { ready, tf } from "@deepen/engine";
import { mlp } from "../../../lib/src/nn/mlp";
import { resNet } from "../../../lib/src/nn/resNet";
import { Survival, survivalOf } from "../../../lib/src/nn/survival";
import { experiment, type ExperimentSpec } from "../../../lib/src/train/experiment";
import { fakeHost } from "../../support/fakeHost";

beforeAll(() => ready());
beforeEach(() => {
  fakeHost();
});

/** What comes of threes in training, call by call. */
function passed(seed: number, probability: number, calls: number): number[][] {
  const layer = new Survival({ probability, seed });
  const results = Array.from({ length: calls }, () =>
    tf.tidy(() => Array.from((layer.apply(tf.fill([2, 3], 3), { training: true }) as tf.Tensor).dataSync())),
  );
  layer.dispose();
  return results;
}

test("a branch passes whole or not at all, as often as it is told, by other coins with another seed", () => {
  const calls = passed(1, 0.7, 1000);
  const alive = calls.filter((values) => values.every((value) => value === 3)).length;
  const dead = calls.filter((values) => values.every((value) => value === 0)).length;
  expect(alive + dead).toBe(1000);
  // Binomial: standard deviation 14.5.
  expect(Math.abs(alive - 700)).toBeLessThan(4 * 14.5);
  expect(passed(1, 0.7, 30)).toEqual(calls.slice(0, 30));
  expect(passed(2, 0.7, 30)).not.toEqual(calls.slice(0, 30));
});

test("in use a branch is multiplied by the probability, which is the mean of training", () => {
  const layer = new Survival({ probability: 0.75, seed: 1 });
  expect(tf.tidy(() => (layer.apply(tf.fill([4], 2)) as tf.Tensor).dataSync()[0])).toBe(1.5);
  layer.dispose();
});

test("probabilities fall linearly to that of the last branch", () => {
  expect([1, 2, 3, 4].map((branch) => survivalOf(branch, 4, 0.5))).toEqual([0.875, 0.75, 0.625, 0.5]);
});

test("nets put it between branch and sum, and save and load it", async () => {
  const net = mlp({ depth: 5, width: 4, activation: "relu", init: "heNormal", seed: 1, skip: true, survival: 0.5 });
  expect(net.layers.filter((layer) => layer instanceof Survival).map(({ name }) => name)).toEqual([
    "survival2",
    "survival3",
    "survival4",
  ]);
  const residual = resNet({ inputShape: [16, 1], depth: 8, channels: 2, seed: 1, survival: 0.5, branchScale: 0.5 });
  const names = residual.layers.map(({ name }) => name);
  expect(names.indexOf("scale6")).toBeLessThan(names.indexOf("survival6"));
  expect(names.indexOf("survival6")).toBeLessThan(names.indexOf("sum6"));
  const loaded = await tf.models.modelFromJSON(JSON.parse(net.toJSON() as string) as tf.io.ModelJSON);
  expect(loaded.layers.filter((layer) => layer instanceof Survival)).toHaveLength(3);
  for (const model of [net, residual, loaded]) model.dispose();
});

test("a net with it trains to the same numbers twice, and to others than without", async () => {
  const spec = (survival: number): ExperimentSpec => ({
    data: { kind: "mnist1d", train: 100, test: 20 },
    model: {
      kind: "mlp",
      depth: 6,
      width: 8,
      activation: "relu",
      init: "heNormal",
      skip: true,
      norm: "batch",
      survival,
    },
    train: { steps: 30, batchSize: 20, optimizer: { kind: "adam", learningRate: 0.01 } },
    seed: 1,
  });
  const first = await experiment(spec(0.5));
  expect(await experiment(spec(0.5))).toEqual(first);
  expect((await experiment(spec(1))).loss).not.toEqual(first.loss);
});

test.each([0, 1.5, NaN])("a probability of %p is refused", (survival) => {
  expect(() =>
    mlp({ depth: 3, width: 4, activation: "relu", init: "heNormal", seed: 1, skip: true, survival }),
  ).toThrow(`survival: expected a number above 0 and at most 1, got ${survival}`);
});
