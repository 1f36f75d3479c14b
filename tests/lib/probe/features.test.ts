import { tf } from "@deepen/engine";
import { examples } from "../../../lib/src/data/examples";
import { mlp } from "../../../lib/src/nn/mlp";
import { initializer } from "../../../lib/src/nn/initializer";
import { features } from "../../../lib/src/probe/features";
import { rng } from "../../../lib/src/math/rng";
import { useEngine, weightsOf, withModel } from "../../support/engine";
import { fakeHost } from "../../support/fakeHost";

useEngine();
beforeEach(() => void fakeHost());

const random = rng(8);
const batch = examples({
  x: Float32Array.from({ length: 300 * 12 }, () => random.normal()),
  labels: new Uint8Array(300),
  shape: [12, 1],
  classes: 3,
});

describe("features", () => {
  test("are the activations of every weight layer, the last of them the outputs, over more than one batch", async () => {
    const options = {
      depth: 3,
      width: 4,
      inputs: 12,
      classes: 3,
      activation: "relu",
      init: "heNormal",
      seed: 1,
    } as const;
    await withModel(mlp(options), async (model) => {
      const found = await features(model, batch);
      expect(found.map(({ name, count, units }) => [name, count, units])).toEqual([
        ["layer1", 300, 4],
        ["layer2", 300, 4],
        ["layer3", 300, 3],
      ]);
      const outputs = tf.tidy(() => (model.predict(tf.tensor2d(batch.x, [300, 12])) as tf.Tensor).dataSync());
      found[2].values.forEach((value, index) => expect(value).toBeCloseTo(outputs[index], 5));
      const [kernel, bias] = model
        .getLayer("layer1")
        .getWeights()
        .map((weight) => weight.dataSync());
      const last = Array.from({ length: 12 }, (_, i) => batch.x[299 * 12 + i]);
      for (let unit = 0; unit < 4; unit++) {
        const z = last.reduce((sum, value, i) => sum + value * kernel[i * 4 + unit], bias[unit]);
        expect(found[0].values[299 * 4 + unit]).toBeCloseTo(Math.max(0, z), 5);
      }
    });
  });

  test("of a convolution are means over positions, after its normalisation and ReLU as in use; nothing is changed", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv1d({
          inputShape: [12, 1],
          filters: 2,
          kernelSize: 3,
          padding: "same",
          kernelInitializer: initializer("heNormal", 5),
        }),
        tf.layers.batchNormalization({ movingMeanInitializer: "ones" }),
        tf.layers.activation({ activation: "relu" }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3 }),
      ],
    });
    await withModel(model, async () => {
      const before = weightsOf(model);
      const [conv] = await features(model, batch);
      const kernel = model.layers[0].getWeights()[0].dataSync();
      for (let unit = 0; unit < 2; unit++) {
        let sum = 0;
        for (let place = 0; place < 12; place++) {
          let z = -1;
          for (let tap = 0; tap < 3; tap++)
            z += (batch.x[12 * 7 + place + tap - 1] ?? 0) * within(place + tap - 1) * kernel[tap * 2 + unit];
          sum += Math.max(0, z / Math.sqrt(1 + 1e-3));
        }
        expect(conv.values[7 * 2 + unit]).toBeCloseTo(sum / 12, 5);
      }
      expect(weightsOf(model)).toEqual(before);
    });
  });
});

function within(place: number): number {
  return place >= 0 && place < 12 ? 1 : 0;
}
