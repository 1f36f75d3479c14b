import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { expectClose, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const optimizers: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.05, 0.9),
  "momentum, Nesterov's": () => tf.train.momentum(0.05, 0.9, true),
  rmsprop: () => tf.train.rmsprop(0.01),
  "rmsprop with momentum": () => tf.train.rmsprop(0.01, 0.9, 0.9),
  // tfjs subtracts epsilon where it should add it: a larger one gives NaN on every backend.
  "rmsprop, centered": () => tf.train.rmsprop(0.01, 0.9, 0, 1e-12, true),
  adagrad: () => tf.train.adagrad(0.05),
  adadelta: () => tf.train.adadelta(0.5),
  adamax: () => tf.train.adamax(0.01),
  adam: () => tf.train.adam(0.01),
};

/** Losses and weights of ten steps of a net of two layers on one batch. */
async function courseOf(make: () => tf.Optimizer): Promise<{ losses: number[]; weights: Float32Array[] }> {
  const weights = (rows: number, columns: number, seed: number) => [
    tf.tensor2d(values(rows * columns, seed), [rows, columns]),
    tf.zeros([columns]),
  ];
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 9, activation: "tanh", inputShape: [6], weights: weights(6, 9, 1) }),
      tf.layers.dense({ units: 3, activation: "softmax", weights: weights(9, 3, 2) }),
    ],
  });
  model.compile({ optimizer: make(), loss: "categoricalCrossentropy" });
  const x = tf.tensor2d(values(5 * 6, 3), [5, 6]);
  const y = tf.oneHot(tf.tensor1d([0, 1, 2, 1, 0], "int32"), 3).toFloat();
  const losses: number[] = [];
  for (let step = 0; step < 10; step++) losses.push((await model.trainOnBatch(x, y)) as number);
  return { losses, weights: model.getWeights().map((weight) => weight.dataSync().slice() as Float32Array) };
}

test.each(Object.entries(optimizers))("%s takes the ten steps that it takes on the cpu backend", async (_, make) => {
  const wasm = await courseOf(make);
  const cpu = await onCpu(() => courseOf(make));
  // No gradient here is near 0, so that nothing but rounding parts the two: some 1e-7 a step, fed back ten times.
  expectClose(wasm.losses, cpu.losses, 1e-5);
  wasm.weights.forEach((weight, i) => expectClose(weight, cpu.weights[i], 1e-5));
});
