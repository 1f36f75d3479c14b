import { createHash } from "node:crypto";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { expectNothingLeft, expectTrainedAsOnCpu, trainingWeights } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

function convolutionalNet(): tf.Sequential {
  const weights = (shape: number[], seed: number) => {
    const scale = Math.sqrt(6 / tf.util.sizeFromShape(shape.slice(0, -1)));
    return tf.tensor(
      values(tf.util.sizeFromShape(shape), seed).map((value) => value * scale),
      shape,
    );
  };
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [9, 9, 1],
        filters: 6,
        kernelSize: 3,
        padding: "same",
        activation: "relu",
        weights: [weights([3, 3, 1, 6], 1), tf.zeros([6])],
      }),
      tf.layers.conv2d({
        filters: 10,
        kernelSize: 3,
        strides: 2,
        activation: "relu",
        weights: [weights([3, 3, 6, 10], 2), tf.zeros([10])],
      }),
      tf.layers.reshape({ targetShape: [16, 10] }),
      tf.layers.conv1d({ filters: 5, kernelSize: 4, strides: 3, weights: [weights([4, 10, 5], 3), tf.zeros([5])] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, weights: [weights([25, 3], 4), tf.zeros([3])] }),
    ],
  });
}

const data = () => [tf.tensor(values(6 * 81, 5), [6, 9, 9, 1]), tf.tensor(values(18, 6), [6, 3])] as const;

test("a convolutional net trained for four steps has the weights that the cpu backend gives", async () => {
  // The backends round differently: some 1e-7 a gradient, times four steps of rate 0.1 through six layers.
  await expectTrainedAsOnCpu(convolutionalNet, data, 2e-6);
});

test("training gives the bits of the committed hash, on every machine", async () => {
  const train = async () => {
    const model = convolutionalNet();
    model.add(tf.layers.batchNormalization({}));
    const weights = await trainingWeights(model, tf.train.adam(0.01), data(), 50);
    const digest = createHash("sha256");
    weights.forEach((weight) => digest.update(Buffer.from(weight.slice().buffer)));
    return digest.digest("hex");
  };
  const first = await train();
  expect(await train()).toBe(first);
  expect(first).toBe("2007dbdba18a3b932f1f58e63d3ad264245f91a9e7622427da7883f79f029c97");
});

test("two hundred training steps leave no tensor and no data behind", async () => {
  const model = convolutionalNet();
  model.compile({ optimizer: tf.train.adam(0.001), loss: "meanSquaredError" });
  await expectNothingLeft(model, data(), 200);
});

test("layers with a dilation rate train", async () => {
  const trains = async (layer: tf.layers.Layer, inputShape: number[]) => {
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape }), layer, tf.layers.flatten()] });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
    const before = model.getWeights()[0].dataSync().slice();
    const size = model.outputs[0].shape[1] ?? 0;
    await model.trainOnBatch(
      tf.tensor(values(2 * 98, 1).slice(0, 2 * tf.util.sizeFromShape(inputShape)), [2, ...inputShape]),
      tf.zeros([2, size]),
    );
    return model
      .getWeights()[0]
      .dataSync()
      .some((weight, i) => weight !== before[i]);
  };
  const common = { kernelSize: 3, dilationRate: 2 };
  expect(await trains(tf.layers.conv1d({ ...common, filters: 3 }), [9, 2])).toBe(true);
  expect(await trains(tf.layers.conv2d({ ...common, filters: 3, activation: "relu" }), [7, 7, 2])).toBe(true);
  expect(await trains(tf.layers.depthwiseConv2d({ ...common, dilationRate: [2, 2] }), [7, 7, 2])).toBe(true);
  expect(await trains(tf.layers.separableConv2d({ ...common, filters: 3 }), [7, 7, 2])).toBe(true);
  expect(await trains(tf.layers.conv2d({ ...common, filters: 3 }), [7, 7, 2])).toBe(true);
});
