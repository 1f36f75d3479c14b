import { tf } from "@deepen/engine";
import { examples, type Examples } from "../../../lib/src/data/examples";
import { rng } from "../../../lib/src/math/rng";
import { mlp } from "../../../lib/src/nn/mlp";
import { evaluate } from "../../../lib/src/train/evaluate";
import { fit, type FitOptions } from "../../../lib/src/train/fit";
import { disposeOptimizer } from "../../../lib/src/train/optimizer";
import { useEngine, weightsOf, withModel } from "../../support/engine";
import { fakeHost } from "../../support/fakeHost";

useEngine();
beforeEach(() => {
  fakeHost();
});

function points(count: number, seed: number, noise = 0): Examples {
  const random = rng(seed);
  const x = Float32Array.from({ length: 2 * count }, () => random.normal());
  const labels = Uint8Array.from({ length: count }, (_, index) => {
    const inside = Number(x[2 * index] * x[2 * index + 1] > 0);
    return random.uniform(0, 1) < noise ? 1 - inside : inside;
  });
  return examples({ x, labels, shape: [2], classes: 2 });
}

const some = points(40, 1);
const net = (): tf.LayersModel =>
  mlp({ depth: 3, width: 16, inputs: 2, classes: 2, activation: "relu", init: "heNormal", seed: 1 });
const sgd: FitOptions = { steps: 1, batchSize: 40, optimizer: { kind: "sgd", learningRate: 0.1 }, seed: 2 };

/** The weights after training a new net. */
async function weightsAfter(options: Partial<FitOptions>): Promise<number[]> {
  let weights: number[] = [];
  await withModel(net(), async (model) => {
    await fit(model, some, { ...sgd, ...options });
    weights = weightsOf(model);
  });
  return weights;
}

const length = (vector: readonly number[]): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

test("a clipped gradient has the norm that was asked for, and its own direction", async () => {
  const start = await weightsAfter({ optimizer: { kind: "sgd", learningRate: 1e-30 } });
  const free = (await weightsAfter({})).map((value, i) => value - start[i]);
  const clipped = (await weightsAfter({ clipNorm: 0.05 })).map((value, i) => value - start[i]);
  expect(length(free)).toBeGreaterThan(0.01);
  // Differences of float32 weights of size 1: each is off by up to 1e-7, of a step of 0.005.
  expect(length(clipped)).toBeCloseTo(0.1 * 0.05, 6);
  const scale = length(clipped) / length(free);
  clipped.forEach((value, i) => expect(Math.abs(value - scale * free[i])).toBeLessThan(3e-7));
  expect(await weightsAfter({ clipNorm: 1e3 })).toEqual(await weightsAfter({}));
});

test.each([
  ["sgd", { kind: "sgd", learningRate: 0.1 }],
  ["momentum", { kind: "sgd", learningRate: 0.1, momentum: 0.9 }],
  ["adam", { kind: "adam", learningRate: 0.01 }],
] as const)("a schedule multiplies the rate of %s, step by step", async (_, optimizer) => {
  const own = [1, 0.8, 0.6, 0.4, 0.2];
  const byHand = await (async () => {
    let weights: number[] = [];
    await withModel(net(), async (model) => {
      const made =
        optimizer.kind === "adam"
          ? tf.train.adam(optimizer.learningRate)
          : "momentum" in optimizer
            ? tf.train.momentum(optimizer.learningRate, optimizer.momentum)
            : tf.train.sgd(optimizer.learningRate);
      for (const factor of own) {
        const rate = optimizer.learningRate * factor;
        if (made instanceof tf.SGDOptimizer && "setLearningRate" in made) made.setLearningRate(rate);
        else (made as unknown as { learningRate: number }).learningRate = rate;
        await fit(model, some, { ...sgd, optimizer: made });
      }
      weights = weightsOf(model);
      disposeOptimizer(made);
    });
    return weights;
  })();
  const scheduled = await weightsAfter({ steps: 5, optimizer, schedule: { kind: "linear" } });
  // Each fit shuffles the batch anew: sums of 40 terms in other orders, five times; adam divides them by their size.
  scheduled.forEach((value, i) => expect(Math.abs(value - byHand[i])).toBeLessThan(2e-5));
});

test("an optimizer of the caller's has its own rate again after a schedule", async () => {
  const optimizer = tf.train.momentum(0.1, 0.9);
  await weightsAfter({ steps: 4, optimizer, schedule: { kind: "cosine" } });
  expect((optimizer as unknown as { learningRate: number }).learningRate).toBe(0.1);
  disposeOptimizer(optimizer);
});

test("weights decay by adamw where their gradient is next to nothing", async () => {
  const decaying = { kind: "adamw", learningRate: 0.01, weightDecay: 0.5 } as const;
  const [free, decayed] = [
    await weightsAfter({ steps: 40, optimizer: { ...decaying, weightDecay: 0 } }),
    await weightsAfter({ steps: 40, optimizer: decaying }),
  ];
  expect(length(decayed)).toBeLessThan(0.95 * length(free));
  await expect(weightsAfter({ optimizer: { ...decaying, weightDecay: -1 } })).rejects.toThrow(
    "optimizer.weightDecay: expected a number from 0, got -1",
  );
});

test("early stopping ends a training that overfits, with the weights that did best", async () => {
  const validation = points(60, 5, 0.3);
  await withModel(net(), async (model) => {
    const history = await fit(model, points(40, 3, 0.3), {
      ...sgd,
      steps: 600,
      every: 5,
      optimizer: { kind: "adam", learningRate: 0.02 },
      validation,
      earlyStopping: { patience: 8 },
    });
    const losses = history.validation.map(({ loss }) => loss);
    const best = losses.indexOf(Math.min(...losses));
    expect(losses.length).toBe(best + 1 + 8);
    expect(history.best).toBe(history.validation[best].step);
    expect((await evaluate(model, validation)).loss).toBe(losses[best]);
  });
});

test("what cannot be is refused", async () => {
  await expect(weightsAfter({ clipNorm: 0 })).rejects.toThrow("clipNorm: expected a positive number, got 0");
  await expect(weightsAfter({ earlyStopping: { patience: 3 } })).rejects.toThrow(
    "earlyStopping: expected validation examples to watch, got none",
  );
  await expect(weightsAfter({ validation: some, earlyStopping: { patience: 0 } })).rejects.toThrow(
    "earlyStopping.patience: expected a positive integer, got 0",
  );
});
