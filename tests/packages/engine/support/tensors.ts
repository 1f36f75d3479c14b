import { tf } from "../../../../packages/engine/src/node";

/** A tensor's values as hexadecimal bytes: equal strings are equal bits. */
export function bits(tensor: tf.Tensor): string {
  return Buffer.from(tensor.dataSync().slice().buffer).toString("hex");
}

/** Numbers of tensors and data that tfjs and the backend hold. */
export function counts(): number[] {
  return [tf.memory().numTensors, tf.memory().numDataBuffers, tf.engine().backend.numDataIds()];
}

/** Fails unless every value is within `bound` of the expected one. */
export function expectWithin(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void {
  expect(actual).toHaveLength(expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    if (!(error <= worst)) worst = error;
  }
  expect(worst).toBeLessThanOrEqual(bound);
}

/** The gradient of `loss` at `x` by central differences. */
export function numericGradient(loss: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, step: number): Float64Array {
  const data = x.dataSync() as Float32Array;
  return Float64Array.from(data, (_, i) =>
    tf.tidy(() => {
      const moved = (by: number) => {
        const copy = Float32Array.from(data);
        copy[i] += by;
        return loss(tf.tensor(copy, x.shape)).dataSync()[0];
      };
      return (moved(step) - moved(-step)) / (2 * step);
    }),
  );
}

/** Fails unless the gradients of `loss` by central differences are within `bound` of those by tfjs, input by input. */
export function expectGradients(
  loss: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
  { step, bound }: { readonly step: number; readonly bound: number },
): void {
  tf.grads((...all) => loss(...all))([...inputs]).forEach((gradient, which) => {
    const moved = (x: tf.Tensor) => loss(...inputs.map((input, at) => (at === which ? x : input)));
    expectWithin(gradient.dataSync(), numericGradient(moved, inputs[which], step), bound);
  });
}

/** What `compute` gives on tfjs's cpu backend. */
export async function onCpu<T>(compute: () => T | Promise<T>): Promise<T> {
  await tf.setBackend("cpu");
  try {
    return await compute();
  } finally {
    await tf.setBackend("wasm");
  }
}

/** The weights of a model after some training steps on one batch. */
export async function trainingWeights(
  model: tf.Sequential,
  optimizer: tf.Optimizer,
  [x, y]: readonly [tf.Tensor, tf.Tensor],
  steps: number,
): Promise<Float32Array[]> {
  model.compile({ optimizer, loss: "meanSquaredError" });
  for (let step = 0; step < steps; step++) await model.trainOnBatch(x, y);
  return model.getWeights().map((weight) => weight.dataSync() as Float32Array);
}

/** Fails unless four steps of gradient descent give the same bits again, and weights within `bound` of the cpu backend's. */
export async function expectTrainedAsOnCpu(
  net: () => tf.Sequential,
  data: () => readonly [tf.Tensor, tf.Tensor],
  bound: number,
): Promise<void> {
  const train = () => trainingWeights(net(), tf.train.sgd(0.1), data(), 4);
  const wasm = await train();
  expect(await train()).toEqual(wasm);
  const cpu = await onCpu(train);
  wasm.forEach((weight, which) => {
    expectWithin(weight, cpu[which], bound);
  });
}

/** Fails unless `steps` more steps of a compiled model, the first few taken, leave as many tensors and data as there were. */
export async function expectNothingLeft(
  model: tf.LayersModel,
  [x, y]: readonly [tf.Tensor, tf.Tensor],
  steps: number,
): Promise<void> {
  for (let step = 0; step < 4; step++) await model.trainOnBatch(x, y); // the optimizer's slots, the captured step
  const before = counts();
  for (let step = 0; step < steps; step++) await model.trainOnBatch(x, y);
  expect(counts()).toEqual(before);
}

/** Fails unless the values differ from the expected ones by at most `bound` of the largest expected size. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void {
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expectWithin(actual, expected, bound * largest);
}
