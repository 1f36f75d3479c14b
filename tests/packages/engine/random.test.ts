import {
  capture,
  dropout,
  randomNormal,
  randomStream,
  randomUniform,
  ready,
  tf,
} from "../../../packages/engine/src/node";
import { bits, counts, expectClose, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

test("the words are those of the authors' known answers for Philox4x32-10", () => {
  // Random123's kat_vectors: key and counter 0; the two that our streams can hold.
  const words = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
  const stream = randomStream(0);
  expect(Array.from(randomUniform([4], stream).dataSync())).toEqual(words.map((word) => (word >>> 8) / 2 ** 24));
});

test("a stream goes on where it was, whatever the shapes, and other seeds give other numbers", () => {
  const [one, other] = [randomStream(7), randomStream(7)];
  const all = Array.from(randomUniform([24], one).dataSync());
  const parts = [[4], [2, 4], [3, 4]].flatMap((shape) => Array.from(randomUniform(shape, other).dataSync()));
  expect(parts).toEqual(all);
  expect(new Set(all).size).toBe(24);
  expect(Array.from(randomUniform([24], randomStream(8)).dataSync())).not.toEqual(all);
  expect(Array.from(randomUniform([24], randomStream(7 + 2 ** 32)).dataSync())).not.toEqual(all);
});

test("the cpu backend gives the same numbers, and the counter carries over", async () => {
  const draw = () => {
    const stream = randomStream(2 ** 40 + 12345);
    stream.state.assign(tf.tensor1d([1, 2, -2, 5], "int32"));
    const values = Array.from(randomUniform([14], stream).dataSync());
    return [...values, ...stream.state.dataSync()];
  };
  const wasm = draw();
  expect(wasm.slice(14)).toEqual([1, 2, 2, 6]);
  expect(wasm).toEqual(await onCpu(draw));
});

test("uniform numbers fill [0, 1) evenly, normal ones have mean 0 and variance 1", () => {
  const uniform = randomUniform([100_000], randomStream(3)).dataSync();
  const bins = new Array<number>(10).fill(0);
  for (const value of uniform) bins[Math.floor(10 * value)]++;
  // 10,000 a bin, give or take 95; five times that.
  for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(475);
  const normal = randomNormal([100_000], randomStream(3));
  const { mean, variance } = tf.moments(normal);
  // Standard errors 0.0032 and 0.0045.
  expect(Math.abs(mean.dataSync()[0])).toBeLessThan(0.015);
  expect(Math.abs(variance.dataSync()[0] - 1)).toBeLessThan(0.022);
});

test("dropout drops its part, another at every call, and keeps the mean", () => {
  const stream = randomStream(5);
  const x = tf.ones([20_000]);
  const [first, second] = [dropout(x, 0.25, stream), dropout(x, 0.25, stream)];
  const values = new Set(first.dataSync());
  expect([...values].sort()).toEqual([0, Math.fround(1 / 0.75)]);
  expect(bits(first)).not.toBe(bits(second));
  expect(Math.abs(first.mean().dataSync()[0] - 1)).toBeLessThan(0.02);
  const gradient = tf.grad((one: tf.Tensor) => dropout(one, 0.5, randomStream(6)))(tf.ones([8]));
  expectClose(gradient.dataSync(), dropout(tf.ones([8]), 0.5, randomStream(6)).dataSync(), 0);
  expect(() => dropout(x, 1, stream)).toThrow("rate: expected a number from 0 to below 1, got 1");
  expect(() => randomStream(-1)).toThrow("seed: expected an integer from 0 to 2^53 - 1, got -1");
});

test("a captured step draws new numbers each time, those of ordinary steps", () => {
  const run = (captured: boolean): string[] => {
    const stream = randomStream(11);
    const weights = tf.variable(tf.ones([6]));
    const optimizer = tf.train.adam(0.1);
    const ordinary = (x: tf.Tensor): tf.Scalar =>
      optimizer.minimize(
        () =>
          dropout(x.mul(weights), 0.5, stream)
            .sub(randomNormal([6], stream))
            .square()
            .mean(),
        true,
        [weights],
      )!;
    const step = capture(ordinary, { optimizer });
    const losses = Array.from({ length: 12 }, (_, i) => bits((captured ? step : ordinary)(tf.fill([6], i))));
    if (captured) expect(step.info()[0]).toMatchObject({ state: "captured" });
    step.reset();
    return [...losses, bits(weights), bits(stream.state)];
  };
  expect(run(true)).toEqual(run(false));
});

test("drawing leaves no tensor behind, and a disposed stream none at all", () => {
  const before = counts();
  const stream = randomStream(1);
  for (let round = 0; round < 100; round++) randomNormal([5], stream).dispose();
  stream.dispose();
  expect(counts()).toEqual(before);
});
