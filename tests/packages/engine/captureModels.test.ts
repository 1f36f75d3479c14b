import { allowCapture, capture, isOnlyTfjs, ready, tf } from "../../../packages/engine/src/node";
import * as captures from "../../../packages/engine/src/capture/capture";
import { values } from "./support/reference";
import { bits, counts } from "./support/tensors";

jest.mock("../../../packages/engine/src/capture/capture", (): unknown => {
  const actual = jest.requireActual<typeof captures>("../../../packages/engine/src/capture/capture");
  return { __esModule: true, ...actual, capture: jest.fn(actual.capture) };
});

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => {
  tf.engine().startScope();
  jest.mocked(captures.capture).mockClear();
});
afterEach(() => {
  tf.engine().endScope();
});

function net(layers: tf.layers.Layer[] = []): tf.Sequential {
  const dense = (units: number, seed: number, activation: "relu" | "softmax", inputShape?: number[]) =>
    tf.layers.dense({
      units,
      activation,
      kernelInitializer: tf.initializers.glorotUniform({ seed }),
      ...(inputShape && { inputShape }),
    });
  return tf.sequential({ layers: [dense(8, 1, "relu", [6]), ...layers, dense(3, 2, "softmax")] });
}

const x = () => tf.tensor2d(values(22 * 6, 1), [22, 6]);
const y = () =>
  tf.tidy(() =>
    tf.oneHot(
      tf.tensor1d(
        Array.from({ length: 22 }, (_, i) => i % 3),
        "int32",
      ),
      3,
    ),
  );

/** The captured functions that models have made. */
const made = () =>
  jest.mocked(captures.capture).mock.results.map(({ value }) => value as captures.CapturedFunction<tf.Tensor[]>);

/** Runs `train` with and without capturing and expects the same bits. */
async function expectSame(train: (model: tf.Sequential) => Promise<unknown>, layers?: () => tf.layers.Layer[]) {
  const run = async (): Promise<[string[], unknown]> => {
    const model = net(layers?.());
    model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const result = await train(model);
    const weights = model.getWeights().map(bits);
    model.dispose();
    return [weights, result];
  };
  const captured = await run();
  jest.mocked(captures.capture).mockImplementation(
    (step) =>
      Object.assign((...inputs: tf.Tensor[]) => tf.tidy(() => step(...inputs)), {
        info: () => [],
        audit: () => {
          throw new Error("not captured");
        },
        reset: () => undefined,
      }) as unknown as captures.CapturedFunction<never>,
  );
  const ordinary = await run();
  jest
    .mocked(captures.capture)
    .mockImplementation(jest.requireActual<typeof captures>("../../../packages/engine/src/capture/capture").capture);
  expect(captured).toEqual(ordinary);
}

const fit = async (model: tf.Sequential, args: tf.ModelFitArgs = {}) => {
  const [inputs, targets] = [x(), y()];
  const { history } = await model.fit(inputs, targets, {
    epochs: 8,
    batchSize: 8,
    shuffle: false,
    verbose: 0,
    ...args,
  });
  tf.dispose([inputs, targets]);
  return history;
};

test("fit, with a last batch that is smaller and a metric, gives the weights and the history of ordinary steps", async () => {
  await expectSame((model) => fit(model));
  await expectSame(
    (model) => fit(model, { validationSplit: 0.25 }),
    () => [tf.layers.batchNormalization()],
  );
});

test("trainOnBatch gives the losses and the weights of ordinary steps", async () => {
  await expectSame(async (model) => {
    const losses: unknown[] = [];
    for (let step = 0; step < 10; step++) losses.push(await model.trainOnBatch(x(), y()));
    return losses;
  });
});

test("a layer that is frozen in mid-training stays as it is from then on", async () => {
  await expectSame(async (model) => {
    await fit(model);
    model.layers[0].trainable = false;
    model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy" });
    const frozen = bits(model.layers[0].getWeights()[0]);
    await fit(model);
    expect(bits(model.layers[0].getWeights()[0])).toBe(frozen);
  });
});

test("a callback that changes a rate of dropout is followed at once", async () => {
  const dropout = () => tf.layers.dropout({ rate: 0.2, seed: 3 });
  const change = (model: tf.Sequential) => ({
    callbacks: {
      onEpochEnd: (epoch: number) => {
        if (epoch === 4) (model.layers[1] as unknown as { rate: number }).rate = 0.6;
      },
    },
  });
  await expectSame(
    (model) => fit(model, change(model)),
    () => [dropout()],
  );
});

test("steps of fit are captured, and their memory is given back when it ends", async () => {
  const model = net();
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "categoricalCrossentropy" });
  const states: string[] = [];
  await fit(model);
  const before = counts();
  await fit(model, {
    callbacks: { onEpochEnd: () => void states.push(...made().flatMap((one) => one.info().map(({ state }) => state))) },
  });
  expect(states).toContain("captured");
  expect(made().flatMap((one) => one.info())).toEqual([]);
  expect(counts()).toEqual(before);
});

test("small predictions are captured and equal ordinary ones, also after the weights have changed", () => {
  const model = net();
  const input = x().slice(0, 5);
  const ordinary = () => tf.tidy(() => bits(model.predict(input, { batchSize: 2 }) as tf.Tensor));
  for (let round = 0; round < 6; round++) {
    expect(bits(model.predict(input) as tf.Tensor)).toBe(ordinary());
    model.setWeights(model.getWeights().map((weight) => weight.mul(1.1)));
  }
  expect(made().flatMap((one) => one.info().map(({ state }) => state))).toContain("captured");
  model.dispose();
  expect(made().flatMap((one) => one.info())).toEqual([]);
});

class Doubling extends tf.layers.Layer {
  static className = "Doubling";
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return [inputs].flat()[0].mul(2);
  }
}

class Twice extends Doubling {
  static override className = "Twice";
}

test("a model with code of the user's in its steps is not captured, unless its class is allowed", async () => {
  const compile = (model: tf.Sequential, more: Partial<tf.ModelCompileArgs> = {}) => {
    model.compile({ optimizer: "sgd", loss: "meanSquaredError", ...more });
    return model;
  };
  const own = (_: tf.Tensor, output: tf.Tensor) => output.mean();
  expect(isOnlyTfjs(compile(net()))).toBe(true);
  expect(isOnlyTfjs(compile(net([new Doubling({})])))).toBe(false);
  expect(isOnlyTfjs(compile(net(), { loss: own }))).toBe(false);
  expect(isOnlyTfjs(compile(net(), { metrics: [own] }))).toBe(false);
  expect(isOnlyTfjs(compile(net([tf.layers.timeDistributed({ layer: new Doubling({}) })].slice(1))))).toBe(true);
  const nested = tf.sequential({ layers: [net([new Doubling({})]), tf.layers.dense({ units: 3 })] });
  expect(isOnlyTfjs(compile(nested))).toBe(false);
  allowCapture(Twice);
  expect(isOnlyTfjs(compile(net([new Twice({})])))).toBe(true);
  const model = compile(net([new Doubling({})]));
  for (let step = 0; step < 5; step++) await model.trainOnBatch(x(), y());
  expect(made()).toEqual([]);
  expect(capture).toBeDefined();
});

test("a thousand cycles of training and disposing leave nothing behind", async () => {
  const cycle = async (): Promise<void> => {
    const model = net();
    model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
    const [inputs, targets] = [x(), y()];
    for (let step = 0; step < 5; step++) await model.trainOnBatch(inputs, targets);
    tf.dispose([inputs, targets]);
    model.dispose();
  };
  await cycle();
  await cycle();
  const heap = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
  const [before, bytes] = [counts(), heap()];
  for (let round = 0; round < 1000; round++) await cycle();
  expect(counts()).toEqual(before);
  expect(heap()).toBe(bytes);
});
