import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { counts, expectClose, numericGradient, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

/** Logarithms of softmax of a row, in float64. */
function logSoftmax(row: readonly number[]): number[] {
  const top = Math.max(...row);
  const log = top + Math.log(row.reduce((sum, x) => sum + Math.exp(x - top), 0));
  return row.map((x) => x - log);
}

const rowsOf = (data: ArrayLike<number>, columns: number): number[][] =>
  Array.from({ length: data.length / columns }, (_, row) => Array.from(data).slice(row * columns, (row + 1) * columns));

const sizes = fc.record({ rows: fc.integer({ min: 1, max: 9 }), columns: fc.integer({ min: 1, max: 37 }) });

/** Labels that are no classes but any numbers from 0 to 1, and logits of the given size. */
function drawn({ rows, columns }: { rows: number; columns: number }, seed: number, size: number) {
  const labels = values(rows * columns, seed + 1).map(Math.abs);
  const logits = values(rows * columns, seed + 2).map((x) => size * x);
  return { labels, logits };
}

test("softmax cross-entropy and its gradient are those of float64, for rows of any length", () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(0.1, 3, 40), (shape, seed, size) => {
      const { rows, columns } = shape;
      const { labels, logits } = drawn(shape, seed, size);
      const logs = rowsOf(logits, columns).map(logSoftmax);
      const given = rowsOf(labels, columns);
      const losses = given.map((row, i) => -row.reduce((sum, label, k) => sum + label * logs[i][k], 0));
      const gradients = given.flatMap((row, i) => row.map((label, k) => (Math.exp(logs[i][k]) - label) / rows));
      const loss = (x: tf.Tensor) => tf.losses.softmaxCrossEntropy(tf.tensor2d(labels, [rows, columns]), x);
      const x = tf.tensor2d(logits, [rows, columns]);
      // Forty terms, and differences of logits up to 80 that are rounded before exp: 80 · 2^-24.
      expectClose(loss(x).dataSync(), [losses.reduce((sum, one) => sum + one, 0) / rows], 5e-6);
      expectClose(tf.grad(loss)(x).dataSync(), gradients, 1e-5);
    }),
  );
});

/** As a model computes its loss: a row, of a model without layers. */
function lossOfModels(classes: number): (target: tf.Tensor, output: tf.Tensor) => tf.Tensor {
  const input = tf.input({ shape: [classes] });
  const model = tf.model({ inputs: input, outputs: input });
  model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy" });
  return (model as unknown as { lossFunctions: ((target: tf.Tensor, output: tf.Tensor) => tf.Tensor)[] })
    .lossFunctions[0];
}

test("categorical cross-entropy and its gradient are those of the cpu backend, for rows of any length", async () => {
  const cases = fc.sample(fc.tuple(sizes, fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(0.1, 3, 40)), 60);
  const compute = () =>
    cases.map(([shape, seed, size]) =>
      tf.tidy(() => {
        const { labels, logits } = drawn(shape, seed, size);
        const target = tf.tensor2d(labels, [shape.rows, shape.columns]);
        // Probabilities whose sums are not 1, some of them below the least and above the most that are kept.
        const output = tf.softmax(tf.tensor2d(logits, [shape.rows, shape.columns])).mul(1.5);
        const each = lossOfModels(shape.columns);
        const weights = tf.range(1, shape.rows + 1);
        return [
          each(target, output).dataSync().slice(),
          tf
            .grad((x: tf.Tensor) => each(target, x).mul(weights).sum())(output)
            .dataSync()
            .slice(),
        ];
      }),
    );
  const expected = await onCpu(compute);
  compute().forEach(([losses, gradient], i) => {
    expectClose(losses, expected[i][0], 2e-6);
    expectClose(gradient, expected[i][1], 1e-5);
  });
});

/** Fails unless what is not finite is the same, and the rest close. */
function expectAlike(actual: readonly number[], expected: readonly number[]): void {
  expected.forEach((value, i) => {
    if (Number.isFinite(value))
      expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
    else expect(actual[i]).toBe(value);
  });
}

test.each([
  ["NaN", [NaN, 1, 2, 3, 4]],
  ["NaN in the rest of a row", [0, 1, 2, 3, NaN]],
  ["an infinity", [0, Infinity, 2, 3, 4]],
  ["a negative infinity", [0, -Infinity, 2, 3, 4]],
  ["nothing but negative infinities", [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity]],
  ["large numbers", [1e4, -1e4, 0, 3e38, -3e38]],
])("logits with %s give what the cpu backend gives", async (_, row) => {
  const each = (label: number) => () => {
    const loss = (x: tf.Tensor) => tf.losses.softmaxCrossEntropy(tf.oneHot([label], 5), x);
    return [
      ...loss(tf.tensor2d([row])).dataSync(),
      ...tf
        .grad(loss)(tf.tensor2d([row]))
        .dataSync(),
    ];
  };
  for (const label of [0, 1, 4]) expectAlike(each(label)(), await onCpu(each(label)));
});

test("probabilities of zero, of NaN and of infinity give what the cpu backend gives", async () => {
  const rows = [
    [0, 1, 0, 0, 0],
    [1, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
    [NaN, 1, 0, 0, 0],
    [Infinity, 1, 0, 0, 0],
  ];
  const each = () => {
    const loss = (x: tf.Tensor) => lossOfModels(5)(tf.oneHot([1, 1, 1, 1, 1], 5), x);
    return [...loss(tf.tensor2d(rows)).dataSync(), ...tf.grad(loss)(tf.tensor2d(rows)).dataSync()];
  };
  expectAlike(each(), await onCpu(each));
});

test("smoothed labels, weights and every reduction give what the cpu backend gives", async () => {
  const { labels, logits } = drawn({ rows: 4, columns: 6 }, 9, 3);
  const compute = () =>
    [
      tf.losses.softmaxCrossEntropy(tf.tensor2d(labels, [4, 6]), tf.tensor2d(logits, [4, 6]), undefined, 0.1),
      ...[tf.Reduction.NONE, tf.Reduction.MEAN, tf.Reduction.SUM, tf.Reduction.SUM_BY_NONZERO_WEIGHTS].map(
        (reduction) =>
          tf.losses.softmaxCrossEntropy(
            tf.tensor2d(labels, [4, 6]),
            tf.tensor2d(logits, [4, 6]),
            tf.tensor1d([1, 0, 2, 3]),
            0,
            reduction,
          ),
      ),
    ].map((loss) => Array.from(loss.dataSync()));
  const expected = await onCpu(compute);
  compute().forEach((loss, i) => expectClose(loss, expected[i], 1e-6));
  expect(() => tf.losses.softmaxCrossEntropy(tf.zeros([2, 3]), tf.zeros([2, 4]))).toThrow("must match");
});

test("the gradient of the labels is that of finite differences", () => {
  const { labels, logits } = drawn({ rows: 3, columns: 5 }, 4, 2);
  const given = tf.tensor2d(labels, [3, 5]);
  const weights = tf.tensor1d([1, 2, 3]);
  const x = tf.tensor2d(logits, [3, 5]);
  const probabilities = tf.softmax(x);
  for (const loss of [
    (y: tf.Tensor) => tf.losses.softmaxCrossEntropy(y, x, undefined, 0, tf.Reduction.NONE).mul(weights).sum(),
    (y: tf.Tensor) => lossOfModels(5)(y, probabilities).mul(weights).sum(),
  ]) {
    // Linear in the labels: rounding is all.
    expectClose(tf.grad(loss)(given).dataSync(), numericGradient(loss, given, 1 / 4), 1e-5);
  }
});

test("the gradient of a gradient of softmax cross-entropy is that of finite differences", () => {
  const { labels, logits } = drawn({ rows: 3, columns: 5 }, 6, 1);
  const given = tf.tensor2d(labels, [3, 5]);
  const at = tf.tensor2d(logits, [3, 5]);
  const penalty = (x: tf.Tensor, y: tf.Tensor) =>
    tf
      .grad((one: tf.Tensor) => tf.losses.softmaxCrossEntropy(y, one.square()))(x)
      .square()
      .sum();
  // Third derivatives and rounding, both of the order of the step's square, 2^-12.
  expectClose(
    tf
      .grad((x: tf.Tensor) => penalty(x, given))(at)
      .dataSync(),
    numericGradient((x) => penalty(x, given), at, 1 / 64),
    2e-3,
  );
  expectClose(
    tf
      .grad((y: tf.Tensor) => penalty(at, y))(given)
      .dataSync(),
    numericGradient((y) => penalty(at, y), given, 1 / 64),
    2e-3,
  );
});

test("a compiled model keeps its metrics and the checks of its targets", () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], activation: "softmax" })] });
  model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  const [x, y] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[0, 1, 0]])];
  const [loss, accuracy] = (model.evaluate(x, y) as tf.Scalar[]).map((score) => score.dataSync()[0]);
  const probabilities = Array.from((model.predict(x) as tf.Tensor).dataSync());
  expect(loss).toBeCloseTo(-Math.log(probabilities[1]), 5);
  expect(accuracy).toBe(probabilities.indexOf(Math.max(...probabilities)) === 1 ? 1 : 0);
  expect(() => model.evaluate(x, tf.tensor2d([[1]]))).toThrow(/categorical ?_?crossentropy|shape/i);
});

test("losses and their gradients leave no data behind", () => {
  const { labels, logits } = drawn({ rows: 3, columns: 5 }, 2, 2);
  const [y, x] = [tf.tensor2d(labels, [3, 5]), tf.tensor2d(logits, [3, 5])];
  const each = lossOfModels(5);
  const all = () =>
    tf.tidy(() => {
      tf.grad((one: tf.Tensor) => tf.losses.softmaxCrossEntropy(y, one))(x);
      tf.grad((one: tf.Tensor) => each(y, one.softmax()).mean())(x);
    });
  all();
  const before = counts();
  for (let i = 0; i < 10; i++) all();
  expect(counts()).toEqual(before);
});
