import { ready, tf } from "../../../packages/engine/src/node";
import * as recording from "../../../packages/engine/src/capture/recording";
import { values } from "./support/reference";
import { bits } from "./support/tensors";

jest.mock("../../../packages/engine/src/capture/recording", (): unknown => ({
  __esModule: true,
  ...jest.requireActual<object>("../../../packages/engine/src/capture/recording"),
}));

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  jest.restoreAllMocks();
});

const { layers } = tf;
let seed = 0;
const init = () => tf.initializers.glorotUniform({ seed: ++seed });
const recurrent = () => ({ kernelInitializer: init(), recurrentInitializer: init() });
const dense = (units: number, activation: "relu" | "softmax" | "linear" | "sigmoid", inputShape?: number[]) =>
  layers.dense({ units, activation, kernelInitializer: init(), ...(inputShape && { inputShape }) });
const classifier = () => tf.sequential({ layers: [dense(5, "relu", [4]), dense(3, "softmax")] });
const drawn = (shape: number[], key: number) => tf.tensor(values(tf.util.sizeFromShape(shape), key + 1), shape);
const classes = (count: number, number: number, shift = 0) =>
  tf.oneHot(
    tf.tensor1d(
      Array.from({ length: count }, (_, i) => (i * 7 + shift) % number),
      "int32",
    ),
    number,
  );
const weights = (...models: tf.LayersModel[]) => models.flatMap((model) => model.getWeights().map(bits));
const predicted = (model: tf.LayersModel, ...inputs: tf.Tensor[]) =>
  [model.predict(inputs.length === 1 ? inputs[0] : inputs)].flat().map(bits);
const quiet = { verbose: 0, shuffle: false } as const;

/** Courses of training and prediction; each gives all that came out of it. */
const courses: Readonly<Record<string, () => Promise<unknown>>> = {
  "a recurrent net that keeps its state between batches": async () => {
    const lstm = layers.lstm({ units: 5, stateful: true, batchInputShape: [4, 6, 3], ...recurrent() });
    const model = tf.sequential({ layers: [lstm, dense(2, "softmax")] });
    model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
    const seen: unknown[] = [];
    for (let i = 0; i < 10; i++) {
      if (i % 4 === 3) model.resetStates();
      seen.push(await model.trainOnBatch(drawn([4, 6, 3], i), classes(4, 2, i)));
      seen.push(predicted(model, drawn([4, 6, 3], 100 + i)));
    }
    return [seen, weights(model)];
  },
  "words with a mask": async () => {
    const embedding = layers.embedding({
      inputDim: 9,
      outputDim: 4,
      maskZero: true,
      inputLength: 5,
      embeddingsInitializer: init(),
    });
    const model = tf.sequential({
      layers: [embedding, layers.lstm({ units: 4, ...recurrent() }), dense(3, "softmax")],
    });
    model.compile({ optimizer: "rmsprop", loss: "categoricalCrossentropy" });
    const losses: unknown[] = [];
    for (let i = 0; i < 9; i++) {
      const words = Array.from({ length: 20 }, (_, j) => (j * i + j) % 5);
      losses.push(await model.trainOnBatch(tf.tensor2d(words, [4, 5]), classes(4, 3, i)));
    }
    return [losses, weights(model)];
  },
  "two inputs and two outputs": async () => {
    const [a, b] = [tf.input({ shape: [4] }), tf.input({ shape: [3] })];
    const joined = layers
      .concatenate()
      .apply([
        dense(6, "relu").apply(a) as tf.SymbolicTensor,
        dense(6, "sigmoid").apply(b) as tf.SymbolicTensor,
      ]) as tf.SymbolicTensor;
    const outputs = [dense(3, "softmax"), dense(1, "linear")].map((layer) => layer.apply(joined) as tf.SymbolicTensor);
    const model = tf.model({ inputs: [a, b], outputs });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: ["categoricalCrossentropy", "meanSquaredError"] });
    const seen: unknown[] = [];
    for (let i = 0; i < 8; i++) {
      const inputs = [drawn([6, 4], i), drawn([6, 3], i + 50)];
      seen.push(await model.trainOnBatch(inputs, [classes(6, 3, i), drawn([6, 1], i + 9)]));
      seen.push(predicted(model, ...inputs));
    }
    const { history } = await model.fit([drawn([22, 4], 1), drawn([22, 3], 2)], [classes(22, 3), drawn([22, 1], 4)], {
      ...quiet,
      epochs: 4,
      batchSize: 8,
    });
    return [seen, Object.values(history), weights(model)];
  },
  "weights of classes": async () => {
    const model = classifier();
    model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const classWeight = { 0: 1, 1: 2.5, 2: 0.3 };
    const args = { ...quiet, epochs: 5, batchSize: 7, classWeight };
    const { history } = await model.fit(drawn([30, 4], 1), classes(30, 3), args);
    return [history, weights(model)];
  },
  "a data set of batches of two sizes, with a callback that sets the learning rate": async () => {
    const model = tf.sequential({
      layers: [dense(5, "relu", [4]), layers.batchNormalization(), dense(3, "softmax")],
    });
    model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const dataset = tf.data.generator(function* () {
      for (let i = 0; i < 7; i++) {
        const size = i % 3 === 2 ? 5 : 8;
        yield { xs: drawn([size, 4], i), ys: classes(size, 3, i) };
      }
    });
    const { history } = await model.fitDataset(dataset as Parameters<typeof model.fitDataset>[0], {
      epochs: 4,
      verbose: 0,
      validationData: [drawn([10, 4], 77), classes(10, 3)],
      callbacks: {
        onEpochEnd(epoch: number) {
          (model.optimizer as unknown as { learningRate: number }).learningRate = 0.01 / (epoch + 1);
        },
      },
    });
    return [history, weights(model)];
  },
  "two models that share a layer, trained in turns": async () => {
    const input = tf.input({ shape: [4] });
    const shared = dense(6, "relu").apply(input) as tf.SymbolicTensor;
    const [first, second] = [dense(2, "softmax"), dense(1, "linear")].map((layer) =>
      tf.model({ inputs: input, outputs: layer.apply(shared) as tf.SymbolicTensor }),
    );
    first.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy" });
    second.compile({ optimizer: tf.train.momentum(0.01, 0.9), loss: "meanSquaredError" });
    const losses: unknown[] = [];
    for (let i = 0; i < 14; i++) {
      losses.push(await first.trainOnBatch(drawn([5, 4], i), classes(5, 2, i)));
      losses.push(await second.trainOnBatch(drawn([5, 4], i), drawn([5, 1], i)));
    }
    return [losses, weights(first, second)];
  },
  "a generator and its critic": async () => {
    const generator = tf.sequential({ layers: [dense(6, "relu", [2]), dense(3, "linear")] });
    const critic = tf.sequential({ layers: [dense(6, "relu", [3]), dense(1, "sigmoid")] });
    critic.compile({ optimizer: tf.train.adam(0.01), loss: "binaryCrossentropy" });
    critic.trainable = false;
    const noise = tf.input({ shape: [2] });
    const judged = critic.apply(generator.apply(noise)) as tf.SymbolicTensor;
    const both = tf.model({ inputs: noise, outputs: judged });
    both.compile({ optimizer: tf.train.adam(0.01), loss: "binaryCrossentropy" });
    const losses: unknown[] = [];
    for (let i = 0; i < 10; i++) {
      const made = generator.predict(drawn([5, 2], i)) as tf.Tensor;
      critic.trainable = true;
      const examples = tf.concat([made, drawn([5, 3], i)]);
      losses.push(await critic.trainOnBatch(examples, tf.concat([tf.zeros([5, 1]), tf.ones([5, 1])])));
      critic.trainable = false;
      losses.push(await both.trainOnBatch(drawn([5, 2], i + 60), tf.ones([5, 1])));
    }
    return [losses, weights(generator, critic)];
  },
  "clones of all weights held at each step, and put back": async () => {
    const model = tf.sequential({
      layers: [dense(5, "relu", [4]), layers.batchNormalization(), dense(3, "softmax")],
    });
    model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
    const held: tf.Tensor[][] = [];
    for (let i = 0; i < 12; i++) {
      held.push(model.getWeights().map((weight) => weight.clone()));
      await model.trainOnBatch(drawn([5, 4], i), classes(5, 3, i));
      if (i === 8) model.setWeights(held[2]);
    }
    return [held.map((list) => list.map(bits)), weights(model)];
  },
  "predictions, and gradients through them, in turns": () => {
    const model = tf.sequential({ layers: [dense(5, "sigmoid", [4]), dense(1, "linear")] });
    const x = drawn([5, 4], 1);
    const seen = Array.from({ length: 6 }, () => [
      predicted(model, x),
      bits(tf.grad((at: tf.Tensor) => (model.predict(at) as tf.Tensor).sum())(x)),
    ]);
    return Promise.resolve(seen);
  },
  "two fits at the same time": async () => {
    const models = [classifier(), classifier()];
    await Promise.all(
      models.map((model) => {
        model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
        const args = { ...quiet, epochs: 6, batchSize: 8, yieldEvery: "batch" } as const;
        return model.fit(drawn([30, 4], 1), classes(30, 3), args);
      }),
    );
    return weights(...models);
  },
  "a model saved and loaded in mid-training, whose weights go back": async () => {
    const model = classifier();
    model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
    const train = async (one: tf.LayersModel) => {
      for (let i = 0; i < 6; i++) await one.trainOnBatch(drawn([5, 4], i), classes(5, 3, i));
    };
    await train(model);
    let saved: tf.io.ModelArtifacts = {};
    await model.save(
      tf.io.withSaveHandler((artifacts) => {
        saved = artifacts;
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } });
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
    loaded.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
    await train(loaded);
    model.setWeights(loaded.getWeights());
    await train(model);
    return weights(model, loaded);
  },
};

test.each(Object.entries(courses))("%s: with captured steps as without them, to the bit", async (_, course) => {
  const run = async () => {
    seed = 0;
    return course();
  };
  const recorded = jest.spyOn(recording, "record");
  const captured = await run();
  expect(recorded).toHaveBeenCalled();
  recorded.mockClear();
  jest.spyOn(recording, "canRecord").mockReturnValue(false);
  expect(captured).toEqual(await run());
  expect(recorded).not.toHaveBeenCalled();
});
