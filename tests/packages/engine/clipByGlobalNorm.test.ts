import { capture, clipByGlobalNorm, ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { bits, counts, expectClose, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const tensors = (scale = 1): tf.Tensor[] => [
  tf.tensor2d(values(15, 1), [3, 5]).mul(scale),
  tf.tensor1d(values(7, 2)).mul(scale),
  tf.scalar(0.5 * scale),
];

const norm = (list: readonly tf.Tensor[]): number =>
  Math.sqrt(list.flatMap((tensor) => Array.from(tensor.dataSync())).reduce((sum, value) => sum + value * value, 0));

test("tensors of a larger norm come down to it, in their own directions", () => {
  const list = tensors();
  const clipped = clipByGlobalNorm(list, 0.7);
  expect(norm(clipped)).toBeCloseTo(0.7, 6);
  const factor = 0.7 / norm(list);
  // One factor, rounded once, and one product.
  clipped.forEach((tensor, i) =>
    expectClose(
      tensor.dataSync(),
      list[i].dataSync().map((x) => x * factor),
      2e-7,
    ),
  );
});

test("tensors of a smaller norm stay as they are, to the bit", () => {
  const list = tensors(0.01);
  expect(clipByGlobalNorm(list, 5).map(bits)).toEqual(list.map(bits));
});

test("numbers whose squares float32 cannot hold still have a norm", () => {
  const [large, small] = [tf.tensor1d([3e30, 4e30]), tf.tensor1d([3e-30, 4e-30])];
  expectClose(clipByGlobalNorm([large], 5)[0].dataSync(), [3, 4], 2e-7);
  expectClose(clipByGlobalNorm([small], 5e-31)[0].dataSync(), [3e-31, 4e-31], 2e-7);
});

test("one NaN makes all of them NaN, an infinite norm zeros and NaN, as the definition has it", () => {
  const [nan, rest] = clipByGlobalNorm([tf.tensor1d([NaN, 1]), tf.tensor1d([1])], 5);
  expect([...nan.dataSync(), ...rest.dataSync()]).toEqual([NaN, NaN, NaN]);
  expect(Array.from(clipByGlobalNorm([tf.tensor1d([Infinity, 1])], 5)[0].dataSync())).toEqual([NaN, 0]);
});

test("the cpu backend clips alike, and a captured step too", async () => {
  const clip = () => clipByGlobalNorm(tensors(), 0.7).map((tensor) => tensor.dataSync().slice());
  const cpu = await onCpu(clip);
  // There the norm accumulates in float32.
  clip().forEach((value, i) => expectClose(value, cpu[i], 1e-6));
  const step = capture((x: tf.Tensor) => clipByGlobalNorm([x, x.square()], 1));
  for (let i = 1; i < 7; i++) {
    const x = tf.tensor1d(values(9, i));
    expect(step(x).map(bits)).toEqual(clipByGlobalNorm([x, x.square()], 1).map(bits));
  }
  expect(step.info()[0]).toMatchObject({ state: "captured" });
  step.reset();
});

test("it leaves nothing behind but its results, and refuses a norm that is not positive", () => {
  const list = tensors();
  const before = counts();
  tf.dispose(clipByGlobalNorm(list, 1));
  expect(counts()).toEqual(before);
  expect(() => clipByGlobalNorm(list, 0)).toThrow("most: expected a positive number, got 0");
});
