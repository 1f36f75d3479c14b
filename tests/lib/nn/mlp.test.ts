import { tf } from "@deepen/engine";
import { childSeed } from "../../../lib/src/math/rng";
import { std } from "../../../lib/src/math/stats";
import { drawWeights } from "../../../lib/src/nn/initializer";
import { mlp, type MlpOptions } from "../../../lib/src/nn/mlp";
import { useEngine, weightsOf, withModel } from "../../support/engine";

useEngine();

const small: MlpOptions = {
  depth: 3,
  width: 4,
  inputs: 5,
  classes: 2,
  activation: "tanh",
  init: "heNormal",
  seed: 1,
};

test("depth counts weight layers, the output included", async () => {
  await withModel(mlp({ ...small, depth: 1 }), (model) => {
    expect(model.countParams()).toBe(5 * 2 + 2);
  });
  await withModel(mlp(small), (model) => {
    expect(model.countParams()).toBe(5 * 4 + 4 + (4 * 4 + 4) + (4 * 2 + 2));
    expect(model.layers.slice(1).map((layer) => layer.name)).toEqual(["layer1", "layer2", "layer3"]);
    expect(model.outputs[0].shape).toEqual([null, 2]);
  });
  await withModel(mlp({ depth: 2, width: 8, activation: "relu", init: "heNormal", seed: 1 }), (model) => {
    expect(model.countParams()).toBe(784 * 8 + 8 + 8 * 10 + 10); // the usual sizes
  });
});

test("it computes what its weights say: matrix, bias, activation, and logits at the end", async () => {
  await withModel(mlp({ ...small, biasStd: 0.5 }), (model) => {
    const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
    let hidden = [0.3, -1, 2, 0, 0.5];
    const input = tf.tensor2d([hidden]);
    for (let layer = 0; layer < 3; layer++) {
      const [kernel, bias] = weights.slice(2 * layer, 2 * layer + 2);
      hidden = bias.map((b, unit) => {
        const z = hidden.reduce((sum, value, k) => sum + value * kernel[k * bias.length + unit], b);
        return layer < 2 ? Math.tanh(z) : z;
      });
    }
    const output = model.predict(input) as tf.Tensor;
    output.dataSync().forEach((logit, k) => {
      expect(Math.abs(logit - hidden[k])).toBeLessThan(1e-5); // float32 against float64
    });
    tf.dispose([input, output]);
  });
});

test("every layer draws from a child seed of its own, biases too", async () => {
  await withModel(mlp({ ...small, depth: 5 }), (model) => {
    const kernels = model.getWeights().filter((weight) => weight.rank === 2);
    kernels.forEach((kernel, index) => {
      const drawn = drawWeights("heNormal", kernel.shape, childSeed(1, `weights/${index + 1}`));
      expect(Array.from(kernel.dataSync())).toEqual(Array.from(drawn));
    });
    expect(kernels[1].dataSync()).not.toEqual(kernels[2].dataSync());
  });
  await withModel(mlp({ ...small, width: 500, biasStd: 0.3 }), (model) => {
    const [first, second] = model.getWeights().filter((weight) => weight.rank === 1);
    expect(Math.abs(std(first.dataSync() as Float32Array) / 0.3 - 1)).toBeLessThan(4 / Math.sqrt(2 * 500));
    expect(first.dataSync()).not.toEqual(second.dataSync());
  });
});

test("the same seed gives the same weights, another seed others", async () => {
  const weights = (seed: number): Promise<number[]> => withModel(mlp({ ...small, seed }), weightsOf);
  expect(await weights(1)).toEqual(await weights(1));
  expect(await weights(1)).not.toEqual(await weights(2));
});

test("batch norm stands between weights and activation, with momentum 0.9, scale and centre", async () => {
  await withModel(mlp({ ...small, norm: "batch" }), (model) => {
    expect(model.layers.slice(1).map((layer) => layer.name)).toEqual([
      "layer1",
      "norm1",
      "activation1",
      "layer2",
      "norm2",
      "activation2",
      "layer3",
    ]);
    const norm = model.getLayer("norm1");
    expect(norm.getConfig()).toMatchObject({ momentum: 0.9, center: true, scale: true });
    expect(norm.countParams()).toBe(4 * 4);
  });
});

test("a skip adds to each hidden layer from the second on what came into it, unscaled", async () => {
  await withModel(mlp({ ...small, activation: "relu", skip: true, depth: 4 }), (model) => {
    const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
    const input = [1, -1, 0.5, 2, -0.3];
    const affine = (layer: number, hidden: number[]): number[] =>
      weights[2 * layer + 1].map((b, unit) =>
        hidden.reduce((sum, value, k) => sum + value * weights[2 * layer][k * weights[2 * layer + 1].length + unit], b),
      );
    const relu = (values: number[]): number[] => values.map((value) => Math.max(value, 0));
    let hidden = relu(affine(0, input));
    for (const layer of [1, 2]) {
      const branch = relu(affine(layer, hidden));
      hidden = hidden.map((value, unit) => value + branch[unit]);
    }
    const x = tf.tensor2d([input]);
    const output = model.predict(x) as tf.Tensor;
    const expected = affine(3, hidden);
    output.dataSync().forEach((logit, k) => {
      expect(Math.abs(logit - expected[k])).toBeLessThan(1e-4);
    });
    tf.dispose([x, output]);
  });
});

test("a model saves and loads, and then answers the same", async () => {
  await withModel(mlp({ ...small, norm: "batch", biasStd: 0.1 }), async (model) => {
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save({
      save: (artifacts) => {
        saved = artifacts;
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } });
      },
    });
    const loaded = await tf.loadLayersModel({ load: () => Promise.resolve(saved!) });
    expect(weightsOf(loaded)).toEqual(weightsOf(model));
    loaded.dispose();
  });
});

test("sizes that are none and choices that are not known are refused", () => {
  expect(() => mlp({ ...small, depth: 0 })).toThrow("depth: expected a positive integer, got 0");
  expect(() => mlp({ ...small, width: 2.5 })).toThrow("width: expected a positive integer, got 2.5");
  expect(() => mlp({ ...small, activation: "swish" as "relu" })).toThrow(
    "activation: expected linear or relu or tanh or sigmoid, got swish",
  );
  expect(() => mlp({ ...small, norm: "layer" as "batch" })).toThrow("norm: expected none or batch, got layer");
  expect(() => mlp({ ...small, seed: 0.5 })).toThrow("seed: expected an integer");
});
