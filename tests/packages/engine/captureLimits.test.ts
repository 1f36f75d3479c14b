import { capture, isOnlyTfjs, ready, tf } from "../../../packages/engine/src/node";
import { areUnchanged, settingsOf } from "../../../packages/engine/src/capture/ownCode";
import { values } from "./support/reference";
import { ordinaryScenarios, scenarios } from "./support/scenarios";
import { bits, counts } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));

const memoryOf = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;

test("steps that stay ordinary leave no tensor behind, outside of a tidy too", () => {
  const x = tf.tensor1d([1, 2]);
  const before = counts();
  const step = capture((one: tf.Tensor) =>
    one
      .mul(2)
      .add(tf.randomNormal([2]))
      .sum(),
  );
  for (let i = 0; i < 10; i++) step(x).dispose();
  expect(step.info()[0].state).toBe("ordinary");
  expect(counts()).toEqual(before);
  step.reset();
  x.dispose();
});

test.each(["a variable", "a tensor from before"])(
  "a step that returns %s stays ordinary, and leaves it alone",
  (kind) => {
    const kept = kind === "a variable" ? tf.variable(tf.tensor1d([3])) : tf.tensor1d([3]);
    const x = tf.tensor1d([1]);
    const step = capture((one: tf.Tensor) => {
      one.add(kept);
      return kept;
    });
    for (let i = 0; i < 5; i++) expect(step(x)).toBe(kept);
    expect(step.info()[0].reason).toMatch(/there before/);
    expect(kept.dataSync()[0]).toBe(3);
    step.reset();
    tf.dispose([x, kept]);
  },
);

test("a step of two optimizers stays ordinary: each follows its own learning rate", () => {
  const run = (captured: boolean) =>
    tf.tidy(() => {
      const [a, b] = [tf.variable(tf.ones([4])), tf.variable(tf.ones([4]))];
      const optimizer = tf.train.adam(0.1);
      const other = tf.train.adam(0.001);
      const ordinary = (x: tf.Tensor) => {
        other.minimize(() => b.mul(x).square().sum(), false, [b]);
        return optimizer.minimize(() => a.mul(x).square().sum(), true, [a])!;
      };
      const step = capture(ordinary, { optimizer });
      for (let i = 0; i < 8; i++) (captured ? step : ordinary)(tf.tensor1d(values(4, i + 1)));
      const [info] = captured ? step.info() : [];
      step.reset();
      return { weights: [a, b].map(bits), reason: info?.reason };
    });
  const { weights, reason } = run(true);
  expect(reason).toMatch(/another optimizer/);
  expect(weights).toEqual(run(false).weights);
});

test("a step that would need too much memory while it is recorded stays ordinary, and gets along with what it needs", () => {
  const x = tf.ones([2 ** 22]);
  const step = capture((one: tf.Tensor) => {
    let y = one.mul(1.5);
    for (let i = 0; i < 200; i++) {
      const next = y.mul(1.01);
      y.dispose();
      y = next;
    }
    return y.mean();
  });
  const results = Array.from({ length: 4 }, () => {
    const result = step(x);
    const bit = bits(result);
    result.dispose();
    return bit;
  });
  expect(new Set(results).size).toBe(1);
  expect(step.info()[0].reason).toMatch(/needs more than 512 MB/);
  // 200 tensors of 16 MB were made.
  expect(memoryOf()).toBeLessThan(1e9);
  step.reset();
  x.dispose();
});

test("no layer changes a setting of its own in a step: that would make steps be recorded again and again", async () => {
  for (const scenario of Object.values({ ...scenarios, ...ordinaryScenarios })) {
    let seed = 0;
    const model = tf.sequential({ layers: scenario.layers(() => tf.initializers.glorotUniform({ seed: ++seed })) });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const [x, y] = [tf.ones([2, ...scenario.shape]), tf.ones([2, 4])];
    await model.trainOnBatch(x, y);
    const settings = settingsOf(model)!;
    expect(settings.length).toBeGreaterThan(10);
    for (let step = 0; step < 4; step++) await model.trainOnBatch(x, y);
    tf.dispose(model.predict(x));
    expect(areUnchanged(settings)).toBe(true);
    model.layers[0].trainable = false;
    expect(areUnchanged(settings)).toBe(false);
    tf.dispose([x, y]);
    model.dispose();
  }
});

/** A model with dropout, which is the same in every call. */
function withDropout(): tf.Sequential {
  const dense = (units: number, seed: number) =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotUniform({ seed }) });
  const layers = [tf.layers.inputLayer({ inputShape: [3] }), dense(8, 1), tf.layers.dropout({ rate: 0.2, seed: 2 })];
  const model = tf.sequential({ layers: [...layers, dense(2, 3)] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}

test("a setting of a layer that changes between two calls of trainOnBatch is followed at once", async () => {
  const losses = async (step: (model: tf.Sequential, x: tf.Tensor, y: tf.Tensor) => Promise<number>) => {
    const model = withDropout();
    const [x, y] = [tf.tensor2d(values(15, 4), [5, 3]), tf.ones([5, 2])];
    const all: number[] = [];
    for (let i = 0; i < 12; i++) {
      if (i === 7) (model.layers[1] as unknown as { rate: number }).rate = 0.7;
      all.push(await step(model, x, y));
    }
    tf.dispose([x, y]);
    model.dispose();
    return all;
  };
  const captured = await losses(async (model, x, y) => (await model.trainOnBatch(x, y)) as number);
  // Compiled anew, it begins to record at every step.
  const fresh = await losses(async (model, x, y) => {
    model.compile({ optimizer: model.optimizer, loss: "meanSquaredError" });
    return (await model.trainOnBatch(x, y)) as number;
  });
  expect(captured).toEqual(fresh);
});

test("a layer with a call hook, or with a method of its own, is code of the user's", () => {
  for (const change of [
    (layer: tf.layers.Layer) => {
      layer.setCallHook(() => undefined);
    },
    (layer: tf.layers.Layer) => Object.assign(layer, { call: (x: tf.Tensor) => x }),
  ]) {
    const model = withDropout();
    expect(isOnlyTfjs(model)).toBe(true);
    const step = capture((x: tf.Tensor) => model.apply(x) as tf.Tensor, { model });
    change(model.layers[0]);
    expect(isOnlyTfjs(model)).toBe(false);
    tf.tidy(() => {
      for (let i = 0; i < 4; i++) step(tf.ones([1, 3]));
    });
    expect(step.info()).toEqual([expect.objectContaining({ state: "ordinary", reason: expect.stringMatching(/own/) })]);
    model.dispose();
  }
});
