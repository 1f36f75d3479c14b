import { tf } from "@deepen/engine";
import { examples, type Examples } from "../../../lib/src/data/examples";
import { rng } from "../../../lib/src/math/rng";
import { mlp } from "../../../lib/src/nn/mlp";
import { Interrupted } from "../../../lib/src/train/breathe";
import { evaluate } from "../../../lib/src/train/evaluate";
import { fit, type FitOptions } from "../../../lib/src/train/fit";
import { softmaxCrossEntropy } from "../../../lib/src/train/loss";
import type { OptimizerSpec } from "../../../lib/src/train/optimizer";
import { useEngine, weightsOf, withModel } from "../../support/engine";
import { fakeHost } from "../../support/fakeHost";

useEngine();
beforeEach(() => {
  fakeHost();
});

/** Points of the plane, in class 1 where both coordinates have one sign: no linear model can part them. */
function quadrants(count: number, seed: number): Examples {
  const random = rng(seed);
  const x = Float32Array.from({ length: 2 * count }, () => random.normal());
  const labels = Uint8Array.from({ length: count }, (_, index) => Number(x[2 * index] * x[2 * index + 1] > 0));
  return examples({ x, labels, shape: [2], classes: 2 });
}

const points = quadrants(50, 1);
const net = (seed = 1): tf.LayersModel =>
  mlp({ depth: 3, width: 16, inputs: 2, classes: 2, activation: "relu", init: "heNormal", seed });
const options: FitOptions = { steps: 6, batchSize: 16, optimizer: { kind: "sgd", learningRate: 0.1 }, seed: 2 };

test("it learns what a linear model cannot, on points it has not seen too", async () => {
  await withModel(net(), async (model) => {
    const before = await evaluate(model, points);
    const history = await fit(model, points, {
      ...options,
      steps: 150,
      optimizer: { kind: "adam", learningRate: 0.02 },
    });
    const after = await evaluate(model, points);
    expect(history.loss).toHaveLength(150);
    expect(after.loss).toBeLessThan(before.loss / 3);
    expect(after.accuracy).toBeGreaterThan(0.95);
    expect((await evaluate(model, quadrants(200, 9))).accuracy).toBeGreaterThan(0.8);
  });
});

test("one step of gradient descent is w - learning rate times the mean gradient, worked out by hand", async () => {
  // Softmax regression: dL/dlogit = p - y, so that dL/dW = xᵀ (p - y) / N and dL/db its column mean.
  const two = examples({
    x: Float32Array.from([1, 2, -1, 0.5]),
    labels: Uint8Array.from([0, 1]),
    shape: [2],
    classes: 2,
  });
  const single = { depth: 1, width: 1, inputs: 2, classes: 2, activation: "relu", init: "heNormal", seed: 4 } as const;
  await withModel(mlp(single), async (model) => {
    const w = weightsOf(model);
    const logits = [0, 1].map((row) =>
      [0, 1].map((k) => two.x[2 * row] * w[k] + two.x[2 * row + 1] * w[2 + k] + w[4 + k]),
    );
    const p = logits.map(([a, b]) => [1 / (1 + Math.exp(b - a)), 1 / (1 + Math.exp(a - b))]);
    const error = (row: number, k: number): number => (p[row][k] - Number(two.labels[row] === k)) / 2;
    const gradient = [0, 1, 2, 3].map((i) => {
      const [feature, k] = [i >> 1, i % 2];
      return two.x[feature] * error(0, k) + two.x[2 + feature] * error(1, k);
    });
    gradient.push(error(0, 0) + error(1, 0), error(0, 1) + error(1, 1));
    const history = await fit(model, two, {
      ...options,
      steps: 1,
      batchSize: 2,
      optimizer: { kind: "sgd", learningRate: 0.5 },
    });
    weightsOf(model).forEach((value, index) => {
      expect(Math.abs(value - (w[index] - 0.5 * gradient[index]))).toBeLessThan(1e-6);
    });
    expect(history.loss[0]).toBeCloseTo(-(Math.log(p[0][0]) + Math.log(p[1][1])) / 2, 5);
    expect(history.accuracy[0]).toBe((Number(p[0][0] > 0.5) + Number(p[1][1] > 0.5)) / 2);
  });
});

test("the same seeds give the same weights to the bit, another seed of either gives others", async () => {
  const train = (weightSeed: number, seed: number): Promise<number[]> =>
    withModel(net(weightSeed), async (model) => {
      await fit(model, points, { ...options, seed });
      return weightsOf(model);
    });
  const first = await train(1, 2);
  expect(await train(1, 2)).toEqual(first);
  expect(await train(1, 3)).not.toEqual(first);
  expect(await train(2, 2)).not.toEqual(first);
});

test("an epoch visits every example once, its last batch is the rest", async () => {
  await withModel(net(), async (model) => {
    const history = await fit(model, points, { ...options, steps: undefined, epochs: 2 });
    expect(history.loss).toHaveLength(2 * 4); // 16 + 16 + 16 + 2
    // Accuracies are fractions of the batch: in the last of an epoch, halves.
    expect([0, 0.5, 1]).toContain(history.accuracy[3]);
  });
});

const optimizers: [string, OptimizerSpec][] = [
  ["sgd", { kind: "sgd", learningRate: 0.1 }],
  ["momentum", { kind: "sgd", learningRate: 0.1, momentum: 0.9 }],
  ["adam", { kind: "adam", learningRate: 0.01 }],
];

// useEngine fails each of these if a tensor is left.
test.each(optimizers)("%s leaves no tensor behind", async (_, optimizer) => {
  await withModel(net(), async (model) => {
    const before = tf.memory().numTensors;
    await fit(model, points, { ...options, optimizer, validation: points.take(20) });
    expect(tf.memory().numTensors).toBe(before);
  });
});

test.each(optimizers)(
  "%s, stopped by the reader: says where, leaves no tensor, keeps the weights of whole steps",
  async (_, optimizer) => {
    const whole = await withModel(net(), async (model) => {
      await fit(model, points, { ...options, optimizer, steps: 3 });
      return weightsOf(model);
    });
    await withModel(net(), async (model) => {
      const before = tf.memory().numTensors;
      let steps = 0;
      fakeHost({ stopRequested: () => steps >= 3 });
      const run = fit(model, points, {
        ...options,
        optimizer,
        steps: 20,
        every: 1,
        onStep: ({ step }) => void (steps = step),
      });
      await expect(run).rejects.toThrow(new Interrupted("stopped at step 3 of 20; variables are kept"));
      await expect(run).rejects.toBeInstanceOf(Interrupted);
      expect(tf.memory().numTensors).toBe(before);
      expect(weightsOf(model)).toEqual(whole);
      fakeHost();
      await fit(model, points, { ...options, optimizer }); // trains on
    });
  },
);

test("an error in a callback or in the loss passes through and leaves no tensor", async () => {
  await withModel(net(), async (model) => {
    const before = tf.memory().numTensors;
    const optimizer = { kind: "adam", learningRate: 0.01 } as const;
    const fails = (): never => {
      throw new Error("mine");
    };
    await expect(fit(model, points, { ...options, optimizer, onStep: fails, every: 1 })).rejects.toThrow("mine");
    await expect(fit(model, points, { ...options, optimizer, loss: fails })).rejects.toThrow("mine");
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("a caller's optimizer goes on from where it was, and stays the caller's", async () => {
  const inOne = await withModel(net(), async (model) => {
    await fit(model, points, {
      ...options,
      steps: undefined,
      epochs: 2,
      optimizer: { kind: "sgd", learningRate: 0.1, momentum: 0.5 },
    });
    return weightsOf(model);
  });
  await withModel(net(), async (model) => {
    const optimizer = tf.train.momentum(0.1, 0.5);
    const before = tf.memory().numTensors;
    await fit(model, points, { ...options, steps: 1, optimizer });
    expect(tf.memory().numTensors).toBeGreaterThan(before); // its slots are there
    await fit(model, points, { ...options, steps: 1, optimizer });
    expect(weightsOf(model)).not.toEqual(inOne);
    optimizer.dispose();
    (optimizer as unknown as { c: tf.Scalar }).c.dispose();
  });
});

test("it reports every so many steps and at the end, with the history until then, and validates", async () => {
  await withModel(net(), async (model) => {
    const seen: [number, number, number][] = [];
    const history = await fit(model, points, {
      ...options,
      steps: 7,
      every: 3,
      validation: points.take(10),
      onStep: ({ step, steps, history: soFar }) => void seen.push([step, steps, soFar.loss.length]),
    });
    expect(seen).toEqual([
      [3, 7, 3],
      [6, 7, 6],
      [7, 7, 7],
    ]);
    expect(history.validation.map(({ step }) => step)).toEqual([3, 6, 7]);
    const { step, ...last } = history.validation[2];
    expect(step).toBe(7);
    expect(await evaluate(model, points.take(10))).toEqual(last);
  });
});

test("messages get through while it trains", async () => {
  await withModel(net(), async (model) => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await fit(model, points, { ...options, steps: 400 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });
});

test("batch norm trains, and its stored statistics follow the batches", async () => {
  const model = mlp({
    depth: 4,
    width: 8,
    inputs: 2,
    classes: 2,
    activation: "relu",
    init: "heNormal",
    norm: "batch",
    seed: 1,
  });
  await withModel(model, async () => {
    await fit(model, points, { ...options, steps: 150, optimizer: { kind: "adam", learningRate: 0.02 } });
    expect((await evaluate(model, points)).accuracy).toBeGreaterThan(0.8);
    const movingMean = model.getLayer("norm1").getWeights()[2].dataSync();
    expect(movingMean.some((value) => value !== 0)).toBe(true);
  });
});

test("options that do not fit are refused with the way out", async () => {
  await withModel(net(), async (model) => {
    const attempt = (change: Partial<FitOptions>): Promise<unknown> => fit(model, points, { ...options, ...change });
    await expect(attempt({ epochs: 1 })).rejects.toThrow("steps, epochs: expected exactly one of the two, got both");
    await expect(attempt({ steps: undefined })).rejects.toThrow("got none; write { steps: 200 } or { epochs: 3 }");
    await expect(attempt({ batchSize: 0 })).rejects.toThrow("batchSize: expected a positive integer, got 0");
    await expect(attempt({ steps: 1.5 })).rejects.toThrow("steps: expected a positive integer, got 1.5");
    await expect(attempt({ optimizer: { kind: "sgd", learningRate: 0 } })).rejects.toThrow(
      "optimizer.learningRate: expected a positive number, got 0",
    );
    await expect(attempt({ optimizer: { kind: "sgd", learningRate: 1, momentum: 1 } })).rejects.toThrow(
      "optimizer.momentum: expected a number from 0 to below 1, got 1",
    );
    await expect(attempt({ optimizer: { kind: "rms" as "adam", learningRate: 1 } })).rejects.toThrow(
      'optimizer.kind: expected "sgd", "adam", "adamw" or a tf.Optimizer, got "rms"',
    );
    const wide = examples({ x: new Float32Array(6), labels: Uint8Array.from([0, 1]), shape: [3], classes: 2 });
    await expect(fit(model, wide, options)).rejects.toThrow(
      "examples: the model takes [2], one example is [3]; make the model with inputs: 3, or choose other examples",
    );
    const more = examples({ x: new Float32Array(4), labels: Uint8Array.from([0, 2]), shape: [2], classes: 3 });
    await expect(fit(model, more, options)).rejects.toThrow("model: expected outputs [N, 3] for 3 classes, got [N, 2]");
  });
});

test("repeated steps give the weights and the history of ordinary ones, to the bit", async () => {
  // A loss that fit does not know may do anything, so that its steps stay ordinary.
  const unknown: FitOptions["loss"] = (outputs, classes) => softmaxCrossEntropy(outputs, classes);
  const course = (loss?: FitOptions["loss"]) =>
    withModel(net(), async (model) => {
      const history = await fit(model, points, {
        ...options,
        steps: 40,
        optimizer: { kind: "adam", learningRate: 0.01 },
        validation: quadrants(20, 3),
        ...(loss && { loss }),
      });
      return { history, weights: weightsOf(model) };
    });
  expect(await course()).toEqual(await course(unknown));
});

test("a layer that a callback freezes in mid-training stays as it is from then on", async () => {
  await withModel(net(), async (model) => {
    const frozen: Float32Array[] = [];
    await fit(model, points, {
      ...options,
      steps: 30,
      onStep: ({ step }) => {
        if (step === 10) model.layers[1].trainable = false;
        if (step >= 10) frozen.push(Float32Array.from(model.layers[1].getWeights()[0].dataSync()));
      },
    });
    expect(frozen).toHaveLength(3);
    expect(frozen[2]).toEqual(frozen[0]);
  });
});
