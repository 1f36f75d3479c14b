import { ready, tf } from "../../../packages/engine/src/node";

beforeAll(() => ready({ engine: "wasm" }));

test("a clone shares the data, and each of the two can be disposed first", () => {
  const before = tf.memory();
  for (const first of [0, 1]) {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const pair = [x, x.clone()];
    expect(pair[1].dataId).toBe(x.dataId);
    expect(pair[1].shape).toEqual([2, 2]);
    pair[first].dispose();
    expect(Array.from(pair[1 - first].dataSync())).toEqual([1, 2, 3, 4]);
    pair[1 - first].dispose();
  }
  expect(tf.memory()).toEqual(before);
});

test("a clone of a variable keeps the old value when the variable gets a new one", () => {
  const variable = tf.variable(tf.tensor1d([1, 2]));
  const clone = variable.clone();
  variable.assign(tf.tensor1d([3, 4]));
  expect(Array.from(clone.dataSync())).toEqual([1, 2]);
  expect(Array.from(variable.dataSync())).toEqual([3, 4]);
});

test("clones of strings, numbers and booleans keep type and values", () => {
  expect(tf.tensor1d(["a", "b"]).clone().dataSync()).toEqual(["a", "b"]);
  expect(Array.from(tf.tensor1d([1, -2], "int32").clone().dataSync())).toEqual([1, -2]);
  const flags = tf.tensor1d([true, false], "bool").clone();
  expect([flags.dtype, ...flags.dataSync()]).toEqual(["bool", 1, 0]);
});
