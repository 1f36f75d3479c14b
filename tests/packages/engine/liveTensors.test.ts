import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { guard, ready, tf } from "../../../packages/engine/src/node";

beforeAll(() => ready({ engine: "wasm" }));

test("a completed or failed cell keeps its tensors, its open scope and its variables", () => {
  for (const outcome of ["completed", "failed"] as const) {
    const end = guard();
    tf.engine().startScope();
    const tensor = tf.tensor1d([1, 2]);
    const variable = tensor.variable();
    end(outcome);
    expect(tensor.isDisposed).toBe(false);
    expect(Array.from(variable.dataSync())).toEqual([1, 2]);
    tf.engine().endScope();
    variable.dispose();
  }
});

test("a killed cell loses its tensors and variables; a variable from before keeps the value it was given", () => {
  const older = tf.tensor1d([1, 2]);
  const variable = older.variable();
  const before = tf.memory();
  const end = guard();
  tf.engine().startScope();
  const value = tf.tensor1d([3, 4]);
  variable.assign(value);
  const made = value.variable(true, "made-in-killed-cell");
  const clone = older.reshape([2, 1]);
  end("killed");
  expect([value, made, clone].map((tensor) => tensor.isDisposed)).toEqual([true, true, true]);
  expect(tf.memory().numTensors).toBe(before.numTensors);
  expect(tf.memory().numBytes).toBe(before.numBytes);
  expect(tf.engine().backend.numDataIds()).toBe(tf.memory().numDataBuffers);
  expect(Array.from(variable.dataSync())).toEqual([3, 4]);
  expect(Array.from(older.dataSync())).toEqual([1, 2]);
  // The name is free again.
  older.variable(true, "made-in-killed-cell").dispose();
  variable.dispose();
  older.dispose();
  expect(tf.memory().numTensors).toBe(before.numTensors - 2);
});

test("profiling and a backend that was being started are given up", async () => {
  const end = guard();
  void tf.profile(() => new Promise<tf.Tensor>(() => undefined));
  end("killed");
  const profile = await tf.profile(() => tf.zeros([2]));
  expect(profile.kernels.length).toBeLessThanOrEqual(1);
  tf.dispose(profile.result as tf.Tensor);
});

test("disposed tensors are not kept alive", () => {
  const references: WeakRef<tf.Tensor>[] = [];
  for (let made = 0; made < 3000; made++) {
    const tensor = tf.scalar(made);
    references.push(new WeakRef(tensor));
    tensor.dispose();
  }
  const collected = new Promise<number>((resolve) => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    setTimeout(() => {
      collect();
      resolve(references.filter((reference) => reference.deref() === undefined).length);
    }, 10);
  });
  // The list of tensors drops disposed ones when it has 1024 entries more than twice those alive.
  return expect(collected).resolves.toBeGreaterThan(1900);
});
