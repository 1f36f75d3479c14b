import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { bits, counts } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

/** A tensor of so many numbers that nobody writes into, so that the machine need not have the memory. */
function untouched(size: number): tf.Tensor {
  const { backend } = tf.engine();
  const { dataId } = (backend as unknown as { makeOutput(shape: number[], dtype: string): tf.TensorInfo }).makeOutput(
    [size],
    "float32",
  );
  return tf.engine().makeTensorFromDataId(dataId, [size], "float32");
}

/** Where a tensor's data begins, in bytes. */
function address(tensor: tf.Tensor): number {
  const { dataIdMap } = tf.engine().backend as unknown as { dataIdMap: Map<object, { memoryOffset: number }> };
  return dataIdMap.get(tensor.dataId)!.memoryOffset;
}

/** Tensors that leave no room below 2 GB for any other. */
function fillLowMemory(): tf.Tensor[] {
  const tensors = [untouched(gigabyte), untouched(gigabyte)];
  for (let size = 2 ** 20; size >= 1; size /= 4) {
    do tensors.push(untouched(size));
    while (address(tensors[tensors.length - 1]) < 2 ** 31);
  }
  return tensors;
}

const gigabyte = 2 ** 28;

/** Bits of the weights of a small net with all sorts of layers, after some steps. */
async function trained(): Promise<string[]> {
  let seed = 0;
  const init = () => ({ kernelInitializer: tf.initializers.glorotUniform({ seed: ++seed }) });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [9, 9, 2], filters: 6, kernelSize: 3, strides: 2, padding: "same", ...init() }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 5, kernelSize: 2, activation: "tanh", ...init() }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 4, activation: "softmax", ...init() }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy" });
  const x = tf.tensor(values(3 * 162, 5), [3, 9, 9, 2]);
  const y = tf.oneHot(tf.tensor1d([0, 2, 3], "int32"), 4);
  for (let step = 0; step < 6; step++) await model.trainOnBatch(x, y);
  const result = model.getWeights().map(bits);
  model.dispose();
  return result;
}

test("a tensor that is larger than WebAssembly's memory is refused with what was asked, and nothing is lost", () => {
  const kept = tf.tensor1d([1, 2, 3]);
  const column = tf.ones([40_000, 1]);
  const before = counts();
  expect(() => tf.matMul(column, column, false, true)).toThrow(/expected 5\.96 GB .* smaller batch/s);
  expect(counts()).toEqual(before);
  expect(Array.from(kept.dataSync())).toEqual([1, 2, 3]);
});

test("steps whose tensors lie beyond 2 GB have the bits of others; beyond 4 GB they are refused until there is room", async () => {
  const near = await trained();
  const large = fillLowMemory();
  expect(address(tf.scalar(1))).toBeGreaterThan(2 ** 31);
  expect(await trained()).toEqual(near);
  expect(() => untouched(2 * gigabyte)).toThrow(/expected 2\.00 GB .* 2\.\d\d GB are in \d+ tensors/s);
  tf.dispose(large);
  untouched(2 * gigabyte);
  expect(await trained()).toEqual(near);
});
