import { tf } from "@deepen/engine";
import { examples, type Examples } from "../../../lib/src/data/examples";
import { norm } from "../../../lib/src/math/linearAlgebra";
import { rng } from "../../../lib/src/math/rng";
import { mlp, type MlpActivation } from "../../../lib/src/nn/mlp";
import { normal } from "../../../lib/src/nn/init";
import { record } from "../../../lib/src/probe/record";
import { softmaxCrossEntropy } from "../../../lib/src/train/loss";
import { useEngine, weightsOf, withModel } from "../../support/engine";
import { golden } from "../../support/golden";

useEngine();

interface Golden {
  x: number[];
  labels: number[];
  sizes: number[];
  weights: number[][];
  biases: number[][];
  profiles: {
    activation: MlpActivation;
    norm: "none" | "batch";
    activationMean: number[];
    activationStd: number[];
    deltaNorm: number[];
    weightGradientNorm: number[];
    deadFraction: number[];
  }[];
}
const numpy = golden<Golden>("backpropagation");
const batch = examples({
  x: Float32Array.from(numpy.x),
  labels: Uint8Array.from(numpy.labels),
  shape: [5],
  classes: 3,
});

/** The net of the golden values: sizes differ from layer to layer, so it is put together layer by layer. */
function goldenNet(activation: MlpActivation, batchNorm: boolean): tf.LayersModel {
  const model = tf.sequential();
  numpy.weights.forEach((weights, index) => {
    const [fanIn, units] = [numpy.sizes[index], numpy.sizes[index + 1]];
    const last = index === numpy.weights.length - 1;
    model.add(
      tf.layers.dense({
        name: `layer${index + 1}`,
        units,
        ...(index === 0 ? { inputShape: [fanIn] } : {}),
        ...(last || batchNorm ? {} : { activation }),
      }),
    );
    const values = [tf.tensor2d(weights, [fanIn, units]), tf.tensor1d(numpy.biases[index])];
    model.layers.at(-1)!.setWeights(values);
    tf.dispose(values);
    if (batchNorm && !last) {
      model.add(tf.layers.batchNormalization({ epsilon: 1e-3 }));
      model.add(tf.layers.activation({ activation }));
    }
  });
  return model;
}

function oneHotLabels(): tf.Tensor2D {
  return tf.oneHot(tf.tensor1d(numpy.labels, "int32"), 3).toFloat() as tf.Tensor2D;
}

test.each(numpy.profiles)(
  "$activation with norm $norm: a profile is that of backpropagation by hand in NumPy",
  async (expected) => {
    await withModel(goldenNet(expected.activation, expected.norm === "batch"), (model) => {
      const profile = record(model, batch);
      expect(profile.layers).toEqual(["layer1", "layer2", "layer3", "layer4"]);
      for (const key of ["activationMean", "activationStd", "deltaNorm", "weightGradientNorm"] as const) {
        profile[key].forEach((value, layer) => {
          // float32 against float64: 1e-5 of the value (2e-7 a rounding, a few dozen of them)
          expect(Math.abs(value - expected[key][layer])).toBeLessThan(
            1e-5 * Math.max(1e-2, Math.abs(expected[key][layer])),
          );
        });
      }
      expect(profile.deadFraction).toEqual(expected.deadFraction);
    });
  },
);

test("weight gradients are those of finite differences", async () => {
  await withModel(
    mlp({ depth: 3, width: 4, inputs: 5, classes: 3, activation: "tanh", init: normal(0.7), seed: 1 }),
    (model) => {
      const profile = record(model, batch);
      const x = tf.tensor2d(batch.x, [batch.count, 5]);
      const classes = tf.tidy(() => oneHotLabels());
      const loss = (): number =>
        tf.tidy(() => softmaxCrossEntropy(model.predict(x) as tf.Tensor2D, classes).dataSync()[0]);
      const kernels = model.layers.slice(1).map((layer) => layer.weights[0]);
      kernels.forEach((kernel, layer) => {
        const values = kernel.read().dataSync();
        const slopes = Array.from(values, (value, index) => {
          const [above, below] = [1, -1].map((sign) => {
            const moved = Float32Array.from(values);
            moved[index] = value + sign * 0.02;
            tf.tidy(() => {
              kernel.write(tf.tensor(moved, kernel.shape as number[]));
            });
            return loss();
          });
          return (above - below) / 0.04;
        });
        tf.tidy(() => {
          kernel.write(tf.tensor(values, kernel.shape as number[]));
        });
        // A step of 0.02 has a cubic error of about 1e-4, rounding one of 1e-7 / 0.04.
        expect(Math.abs(norm(slopes) / profile.weightGradientNorm[layer] - 1)).toBeLessThan(5e-3);
      });
      tf.dispose([x, classes]);
    },
  );
});

test("recording changes neither weights nor stored statistics nor the model's answers, and leaves no tensor", async () => {
  await withModel(
    mlp({ depth: 4, width: 6, inputs: 5, classes: 3, activation: "relu", init: "heNormal", norm: "batch", seed: 2 }),
    (model) => {
      const weights = weightsOf(model);
      const configuration = model.toJSON();
      const before = tf.memory().numTensors;
      const first = record(model, batch);
      expect(record(model, batch)).toEqual(first);
      expect(tf.memory().numTensors).toBe(before);
      expect(weightsOf(model)).toEqual(weights);
      expect(model.toJSON()).toEqual(configuration);
    },
  );
});

test("a loss that throws leaves the model and the tensor count as they were", async () => {
  await withModel(goldenNet("relu", true), (model) => {
    const weights = weightsOf(model);
    const before = tf.memory().numTensors;
    const expected = record(model, batch);
    const fails = (): never => {
      throw new Error("mine");
    };
    expect(() => record(model, batch, fails)).toThrow("mine");
    expect(tf.memory().numTensors).toBe(before);
    expect(weightsOf(model)).toEqual(weights);
    expect(record(model, batch)).toEqual(expected);
  });
});

test("an activation in a layer of its own gives the profile of one inside the weight layer", async () => {
  const inside = await withModel(goldenNet("relu", false), (model) => record(model, batch));
  const separate = tf.sequential();
  numpy.weights.forEach((_, index) => {
    const units = numpy.sizes[index + 1];
    separate.add(tf.layers.dense({ name: `layer${index + 1}`, units, ...(index === 0 ? { inputShape: [5] } : {}) }));
    if (index < 3) separate.add(index === 1 ? tf.layers.reLU() : tf.layers.activation({ activation: "relu" }));
  });
  await withModel(goldenNet("relu", false), (model) => {
    separate.setWeights(model.getWeights());
  });
  await withModel(separate, (model) => {
    expect(record(model, batch)).toEqual(inside);
  });
});

test("a model inside a model is looked into, a layer used twice counts once with its gradients added", async () => {
  const input = tf.input({ shape: [5] });
  const twice = tf.layers.dense({ name: "twice", units: 5, activation: "tanh" });
  const inner = tf.sequential({ layers: [tf.layers.dense({ name: "inner", units: 3, inputShape: [5] })] });
  const hidden = twice.apply(twice.apply(input)) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: inner.apply(hidden) as tf.SymbolicTensor });
  const variables = model.weights.map((weight) => weight.read());
  await withModel(model, () => {
    const { layers, weightGradientNorm, activationStd } = record(model, batch);
    expect(layers).toEqual(["twice", "inner"]);
    expect(activationStd).toHaveLength(2);
    tf.tidy(() => {
      const x = tf.tensor2d(batch.x, [batch.count, 5]);
      const classes = oneHotLabels();
      const [kernel, bias, last, lastBias] = model.getWeights();
      const forward = (w: tf.Tensor): tf.Scalar => {
        const step = (h: tf.Tensor): tf.Tensor => tf.tanh(tf.add(tf.matMul(h as tf.Tensor2D, w as tf.Tensor2D), bias));
        return softmaxCrossEntropy(
          tf.add(tf.matMul(step(step(x)) as tf.Tensor2D, last as tf.Tensor2D), lastBias),
          classes,
        );
      };
      expect(norm(tf.grad(forward)(kernel).dataSync()) / weightGradientNorm[0]).toBeCloseTo(1, 5);
    });
  });
  tf.dispose(variables.filter((variable) => !variable.isDisposed)); // tfjs forgets those of a model inside a model
});

describe("convolutions", () => {
  // The wasm engine has no gradient of a convolution.
  beforeAll(() => tf.setBackend("cpu"));
  afterAll(() => tf.setBackend("wasm"));

  const random = rng(3);
  const images = examples({
    x: Float32Array.from({ length: 4 * 36 }, () => random.normal()),
    labels: Uint8Array.from([0, 1, 1, 0]),
    shape: [6, 6, 1],
    classes: 2,
  });

  test("have a profile: kernels, deltas per position, channels as units", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ name: "conv", filters: 3, kernelSize: 3, inputShape: [6, 6, 1], activation: "relu" }),
        tf.layers.flatten(),
        tf.layers.dense({ name: "dense", units: 2 }),
      ],
    });
    await withModel(model, () => {
      const [kernel, , dense] = model.getWeights().map((weight) => weight.dataSync());
      const biases = tf.tensor1d([0, 0, -100]); // the third channel is dead
      const [k, , d, b] = model.getWeights();
      model.setWeights([k, biases, d, b]);
      biases.dispose();
      const profile = record(model, images);
      expect(profile.layers).toEqual(["conv", "dense"]);
      expect(profile.deadFraction).toEqual([expect.closeTo(1 / 3, 12), 0]);

      // The same by hand, in float64 and plain loops.
      const at = (n: number, r: number, c: number): number => images.x[36 * n + 6 * r + c];
      const grid = Array.from(
        { length: 4 * 4 * 3 },
        (_, i) => [Math.floor(i / 12), Math.floor(i / 3) % 4, i % 3] as const,
      );
      let deltaSquares = 0;
      const kernelGradient = new Float64Array(27);
      for (let n = 0; n < 4; n++) {
        const z = grid.map(([r, c, f]) => {
          let sum = f === 2 ? -100 : 0;
          for (let i = 0; i < 9; i++) sum += kernel[3 * i + f] * at(n, r + Math.floor(i / 3), c + (i % 3));
          return sum;
        });
        const logits = [0, 1].map((o) => z.reduce((sum, value, i) => sum + Math.max(value, 0) * dense[2 * i + o], 0));
        const p = 1 / (1 + Math.exp(logits[0] - logits[1]));
        const error = [1 - p, p].map((value, o) => (value - Number(images.labels[n] === o)) / 4);
        z.forEach((value, i) => {
          const delta = value > 0 ? error[0] * dense[2 * i] + error[1] * dense[2 * i + 1] : 0;
          const [r, c, f] = grid[i];
          deltaSquares += delta * delta;
          for (let j = 0; j < 9; j++) kernelGradient[3 * j + f] += delta * at(n, r + Math.floor(j / 3), c + (j % 3));
        });
      }
      expect(profile.deltaNorm[0] / Math.sqrt(deltaSquares)).toBeCloseTo(1, 5);
      expect(profile.weightGradientNorm[0] / norm(kernelGradient)).toBeCloseTo(1, 5);
    });
  });
});

test("norms do not underflow where a float32 sum of squares would, and are 0 where every element is", async () => {
  await withModel(
    mlp({ depth: 45, width: 32, inputs: 5, classes: 3, activation: "sigmoid", init: "glorotUniform", seed: 1 }),
    (model) => {
      const { deltaNorm, weightGradientNorm } = record(model, batch);
      expect(deltaNorm[0]).toBeGreaterThan(0);
      expect(deltaNorm[0]).toBeLessThan(1e-23); // its square is below the smallest float32, 1.4e-45
      expect(weightGradientNorm[0]).toBeGreaterThan(0);
    },
  );
  await withModel(
    mlp({ depth: 60, width: 16, inputs: 5, classes: 3, activation: "relu", init: normal(0.01), seed: 1 }),
    (model) => {
      const { activationStd, deltaNorm, deadFraction } = record(model, batch);
      expect([activationStd[58], deltaNorm[0], deadFraction[58]]).toEqual([0, 0, 1]);
    },
  );
});

test("what cannot be recorded is refused with what was expected", async () => {
  const bare = tf.sequential({ layers: [tf.layers.activation({ activation: "relu", inputShape: [3] })] });
  const three: Examples = examples({ x: new Float32Array(3), labels: Uint8Array.from([0]), shape: [3], classes: 3 });
  expect(() => record(bare, three)).toThrow("model: expected a dense or convolution layer, got none");
  bare.dispose();
  await withModel(goldenNet("relu", false), (model) => {
    expect(() => record(model, three)).toThrow("examples: the model takes [5], one example is [3]");
  });
});
