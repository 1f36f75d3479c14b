import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { counts, expectClose, numericGradient, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const f = Math.fround;

/** Numbers of every size, of both signs, and 0: 4,001 of them, so that the last is alone in its vector. */
const numbers = Float32Array.from({ length: 4001 }, (_, i) => {
  const place = (i - 2000) / 2000;
  return Math.sign(place) * 100 * Math.abs(place) ** 6;
});

const special = [NaN, Infinity, -Infinity, 0, -0, 1e-40, 88.8, -104.5];

/** Distance in units in the last place of the expected float32. */
function ulps(actual: number, expected: number): number {
  if (f(expected) === actual || (Number.isNaN(expected) && Number.isNaN(actual))) return 0;
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(expected))));
  return Math.abs(actual - expected) / 2 ** (exponent - 23);
}

test.each([
  ["sigmoid", (x: number) => 1 / (1 + Math.exp(-x))],
  ["tanh", Math.tanh],
  ["elu", (x: number) => (x >= 0 ? x : Math.expm1(x))],
] as const)("%s is within 3 units in the last place of the function, at every size", (name, exact) => {
  const x = Float32Array.from([...numbers, ...special]);
  const out = tf[name](tf.tensor1d(x)).dataSync();
  const worst = Array.from(x, (one, i) => ulps(out[i], exact(one))).reduce((most, one) => Math.max(most, one), 0);
  expect(worst).toBeLessThan(3);
});

test("tanh of a zero has the sign of that zero", () => {
  const [plus, minus] = tf.tanh(tf.tensor1d([0, -0])).dataSync();
  expect([Object.is(plus, 0), Object.is(minus, -0)]).toEqual([true, true]);
});

test("clipByValue and relu6 hold every number between the bounds, and give the lower one for NaN", () => {
  const x = [...numbers, ...special];
  const clipped = (low: number, high: number) => x.map((one) => (one >= high ? high : one > low ? f(one) : low));
  expect(Array.from(tf.clipByValue(tf.tensor1d(x), -0.5, 2).dataSync())).toEqual(clipped(-0.5, 2));
  expect(Array.from(tf.relu6(tf.tensor1d(x)).dataSync())).toEqual(clipped(0, 6));
  expect(Array.from(tf.clipByValue(tf.tensor1d([7, -7, 1], "int32"), 0, 3).dataSync())).toEqual([3, 0, 1]);
});

test("relu and square have the bits of JavaScript's, signs of zero and NaN included", () => {
  const x = [...numbers, ...special];
  expect(Array.from(tf.square(tf.tensor1d(x)).dataSync())).toEqual(x.map((one) => f(f(one) * f(one))));
  const rectified = Array.from(tf.relu(tf.tensor1d(x)).dataSync());
  x.forEach((one, i) => {
    if (!Object.is(one, -0)) expect(rectified[i]).toBe(one > 0 || Number.isNaN(one) ? f(one) : 0);
  });
});

test("softmax of rows of any length is exp of each number over the sum, and does not overflow", () => {
  for (const columns of [1, 2, 3, 4, 5, 8, 10, 33]) {
    const x = values(6 * columns, columns).map((value, i) => 30 * value + (i < columns ? 1000 : 0));
    const y = tf.softmax(tf.tensor2d(x, [6, columns])).dataSync();
    const expected = Float64Array.from(x, (value, i) => {
      const row = x.subarray(Math.floor(i / columns) * columns, (Math.floor(i / columns) + 1) * columns);
      return 1 / row.reduce((sum, other) => sum + Math.exp(other - value), 0);
    });
    // A number up to 60 below the largest is rounded before exp: 60 · 2^-24, about 4e-6.
    y.forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(4e-6 * expected[i]);
    });
  }
  for (const columns of [1, 3, 4, 7, 8]) {
    for (let place = 0; place < columns; place++) {
      const x = Array.from({ length: columns }, (_, i) => (i === place ? NaN : i));
      expect(Array.from(tf.softmax(tf.tensor1d(x)).dataSync())).toEqual(x.map(() => NaN));
    }
  }
});

const gradients: [string, (x: tf.Tensor) => tf.Tensor, (dy: number, x: number, y: number) => number][] = [
  ["relu", (x) => x.relu(), (dy, x) => f(dy * (x > 0 ? 1 : Number.isNaN(x) ? NaN : 0))],
  ["relu6", (x) => x.relu6(), (dy, x) => f(dy * (x > 0 && x <= 6 ? 1 : Number.isNaN(x) ? NaN : 0))],
  ["leakyRelu", (x) => tf.leakyRelu(x, 0.3), (dy, x) => (x > 0 ? dy : f(dy * f(0.3)))],
  ["clipByValue", (x) => x.clipByValue(-0.5, 2), (dy, x) => (x >= -0.5 && x <= 2 ? dy : 0)],
  ["elu", (x) => x.elu(), (dy, _, y) => (y >= 0 ? dy : f(dy * f(y + 1)))],
  ["sigmoid", (x) => x.sigmoid(), (dy, _, y) => f(dy * f(y * f(1 - y)))],
  ["tanh", (x) => x.tanh(), (dy, _, y) => f(f(1 - f(y * y)) * dy)],
];

test.each(gradients)("the gradient of %s has the bits of tfjs's operations", (_, activation, rule) => {
  const x = Float32Array.from([...numbers, ...special]);
  const dy = values(x.length, 5);
  const input = tf.tensor1d(x);
  const y = activation(input).dataSync();
  const dx = tf
    .grad((one: tf.Tensor) => activation(one))(input, tf.tensor1d(dy))
    .dataSync();
  x.forEach((value, i) => {
    const expected = rule(dy[i], value, y[i]);
    // 0 and -0 are both no gradient.
    if (!(expected === 0 && dx[i] === 0)) expect(dx[i]).toBe(expected);
  });
});

const activations: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  relu: (x) => x.relu(),
  relu6: (x) => x.relu6(),
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  clipByValue: (x) => x.clipByValue(-0.5, 0.5),
  sigmoid: (x) => x.sigmoid(),
  tanh: (x) => x.tanh(),
  softmax: (x) => x.softmax(),
};

test.each(["relu", "relu6", "leakyRelu", "clipByValue"])(
  "a gradient of a gradient goes through %s as finite differences have it",
  (name) => {
    const weights = tf.tensor2d(values(24, 8), [4, 6]);
    const first = (x: tf.Tensor) => tf.grad((one: tf.Tensor) => activations[name](one).square().mul(weights).sum())(x);
    const penalty = (x: tf.Tensor) => first(x).square().sum();
    const x = tf.tensor2d(values(24, 5), [4, 6]);
    // The penalty is quadratic but at the corners, which no number lies within a step of: rounding is all.
    expectClose(tf.grad(penalty)(x).dataSync(), numericGradient(penalty, x, 1 / 256), 1e-3);
  },
);

/** What each gradient kernel computes, in tfjs's own operations. */
const slopes: Record<string, (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor> = {
  SigmoidGradient: (dy, y) => dy.mul(y.mul(tf.sub(1, y))),
  TanhGradient: (dy, y) => tf.sub(1, y.square()).mul(dy),
  SoftmaxGradient: (dy, y) => dy.mul(y).sub(dy.mul(y).sum(-1, true).mul(y)),
};

test.each(Object.entries(slopes))("the kernel %s has the gradients that its formula has", async (name, formula) => {
  const weights = values(24, 8);
  const gradientsOf = (compute: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor) => () =>
    tf
      .grads((dy: tf.Tensor, y: tf.Tensor) =>
        compute(dy, y)
          .mul(tf.tensor2d(weights, [4, 6]))
          .sum(),
      )([tf.tensor2d(values(24, 5), [4, 6]), tf.tensor2d(values(24, 6), [4, 6])])
      .map((gradient) => gradient.dataSync().slice());
  const ours = gradientsOf((dy, x) => tf.engine().runKernel(name, { dy, x }))();
  const expected = await onCpu(gradientsOf(formula));
  // Sums of up to six products of numbers below 1.
  ours.forEach((gradient, i) => expectClose(gradient, expected[i], 1e-6));
});

test("activations and their gradients leave no data behind", () => {
  const x = tf.tensor2d(values(24, 5), [4, 6]);
  const step = () => {
    for (const activation of Object.values(activations)) {
      tf.grad((one: tf.Tensor) => activation(one).sum())(x).dispose();
    }
  };
  step();
  const before = counts();
  for (let round = 0; round < 100; round++) step();
  expect(counts()).toEqual(before);
});
