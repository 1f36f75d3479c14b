import { mnist1d } from "../../../lib/src/data/mnist1d";
import { subset } from "../../../lib/src/data/subset";
import { withLabelNoise } from "../../../lib/src/data/labelNoise";
import { fromJson, toJson } from "../../../lib/src/math/json";
import { childSeed } from "../../../lib/src/math/rng";
import { mlp } from "../../../lib/src/nn/mlp";
import { record } from "../../../lib/src/probe/record";
import { evaluate } from "../../../lib/src/train/evaluate";
import { experiment, type ExperimentSpec } from "../../../lib/src/train/experiment";
import { fit } from "../../../lib/src/train/fit";
import { registerMeasure } from "../../../lib/src/train/measure";
import "../../../lib/src/probe/measures";
import { useEngine, withModel } from "../../support/engine";
import { fakeHost } from "../../support/fakeHost";

useEngine();
beforeEach(() => {
  fakeHost();
});

const spec: ExperimentSpec = {
  data: { kind: "mnist1d", train: 200, test: 100, labelNoise: 0.25 },
  model: { kind: "mlp", depth: 3, width: 16, activation: "relu", init: "heNormal" },
  train: { steps: 45, batchSize: 20, optimizer: { kind: "adam", learningRate: 0.01 }, every: 20 },
  seed: 3,
  measures: ["firstDeltaNorm"],
};

test("an experiment gives what its parts give when they are called one by one", async () => {
  const whole = mnist1d();
  const seed = childSeed(3, "data");
  const train = withLabelNoise(subset(whole.train, { count: 200, seed }), { fraction: 0.25, seed });
  const test = whole.test.take(100);
  const { depth, width, activation, init } = spec.model as {
    depth: 3;
    width: 16;
    activation: "relu";
    init: "heNormal";
  };
  const net = mlp({ depth, width, activation, init, inputs: 40, classes: 10, seed: childSeed(3, "model") });
  const result = await experiment(spec);
  await withModel(net, async (model) => {
    expect(result.measures.firstDeltaNorm).toEqual(record(model, train).deltaNorm);
    const history = await fit(model, train, { ...spec.train, seed: childSeed(3, "fit"), validation: test });
    const [trained, tested] = [await evaluate(model, train), await evaluate(model, test)];
    expect(result.loss).toEqual({ train: trained.loss, test: tested.loss });
    expect(result.accuracy).toEqual({ train: trained.accuracy, test: tested.accuracy });
    expect(result.scores).toEqual(history.validation);
    expect(result.scores.map(({ step }) => step)).toEqual([20, 40, 45]);
    expect(result.parameters).toBe(model.countParams());
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(result.curve).toHaveLength(20);
    expect(result.curve[0]).toEqual({
      step: 2,
      loss: mean(history.loss.slice(0, 2)),
      accuracy: mean(history.accuracy.slice(0, 2)),
    });
    expect(result.curve[19].step).toBe(45);
  });
});

test("the same specification gives the same numbers, also after JSON; another seed gives others", async () => {
  const first = await experiment(spec);
  expect(await experiment(fromJson(toJson(spec)) as ExperimentSpec)).toEqual(first);
  const other = await experiment({ ...spec, seed: 4 });
  expect(other.loss.test).not.toBe(first.loss.test);
});

test("numbers that JSON lacks survive a run that diverges", async () => {
  const sgd = { kind: "sgd", learningRate: 1e6 } as const;
  const result = await experiment({ ...spec, train: { ...spec.train, optimizer: sgd } });
  expect(result.loss.train).toBeNaN();
  expect(fromJson(toJson(result))).toEqual(result);
  expect(fromJson(toJson([NaN, Infinity, -Infinity, 0, { number: "a word" }, { number: 3 }]))).toEqual([
    NaN,
    Infinity,
    -Infinity,
    0,
    NaN,
    { number: 3 },
  ]);
});

test("early stopping watches examples that are neither trained on nor tested on", async () => {
  const stopped = await experiment({
    ...spec,
    data: { kind: "mnist1d", train: 100, validation: 50, test: 100 },
    train: { ...spec.train, steps: 400, every: 10, earlyStopping: { patience: 2 } },
  });
  expect(stopped.scores.length).toBeLessThan(40);
  const kept = stopped.scores.reduce((best, score) => (score.loss < best.loss ? score : best));
  expect([stopped.loss.validation, stopped.accuracy.validation]).toEqual([kept.loss, kept.accuracy]);
  expect(stopped.curve.at(-1)!.step).toBe(stopped.scores.at(-1)!.step);
});

test("convolutional and residual nets are made from plain data too", async () => {
  const train = { steps: 2, batchSize: 4, optimizer: { kind: "sgd", learningRate: 0.1 } } as const;
  const data = { kind: "mnist1d", train: 8, test: 8 } as const;
  const conv = await experiment({ data, model: { kind: "convNet", depth: 2, channels: 4 }, train, seed: 1 });
  // 3 · 4 + 4 weights of the convolution, 4 · 10 + 10 of the output layer.
  expect(conv.parameters).toBe(66);
  const residual = await experiment({
    data,
    model: { kind: "resNet", depth: 8, channels: 2 },
    train,
    seed: 1,
  });
  expect(residual.curve).toHaveLength(2);
});

test("a measure is taken before the first step or after the last, as it says", async () => {
  const weights: number[] = [];
  for (const when of ["before", "after"] as const) {
    registerMeasure(`firstWeight/${when}`, {
      when,
      take: (model) => {
        weights.push(model.getWeights()[0].dataSync()[0]);
        return weights.length;
      },
    });
  }
  const result = await experiment({ ...spec, measures: ["firstWeight/after", "firstWeight/before"] });
  expect(result.measures).toEqual({ "firstWeight/before": 1, "firstWeight/after": 2 });
  expect(weights[0]).not.toBe(weights[1]);
  expect(() => registerMeasure("firstWeight/before", { when: "before", take: () => 0 })).toThrow(/registered already/);
});

test.each([
  [{ data: { kind: "cifar" } }, /data\.kind: expected "mnist1d", "mnist" or "shapes", got "cifar"/],
  [{ data: { kind: "shapes", label: "colour" } }, /data\.label: expected "strokes"/],
  [{ data: { kind: "mnist1d", train: 5000 } }, /count: expected 1 to 4000 examples, got 5000/],
  [{ model: { kind: "transformer" } }, /model\.kind: expected "mlp", "convNet" or "resNet", got "transformer"/],
  [{ train: { batchSize: 5, optimizer: { kind: "sgd", learningRate: 1 } } }, /steps, epochs/],
  [{ measures: ["beauty"] }, /measures: expected some of .*firstDeltaNorm.*, got "beauty"/],
])("a specification with %j is refused", async (wrong, message) => {
  await expect(experiment({ ...spec, ...wrong } as ExperimentSpec)).rejects.toThrow(message);
});
