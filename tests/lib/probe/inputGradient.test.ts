import { tf } from "@deepen/engine";
import { autocorrelation } from "../../../lib/src/math/stats";
import { mlp } from "../../../lib/src/nn/mlp";
import { inputGradient } from "../../../lib/src/probe/inputGradient";
import { useEngine, withModel } from "../../support/engine";

useEngine();

const net = (norm: "none" | "batch") =>
  mlp({ depth: 4, width: 8, inputs: 1, classes: 2, activation: "tanh", init: "heNormal", norm, biasStd: 1, seed: 2 });
const grid = { from: -1, to: 1, points: 9 };

test("it is the slope of the output between neighbouring inputs", async () => {
  await withModel(net("none"), (model) => {
    const gradient = inputGradient(model, grid);
    const output = (x: number) => tf.tidy(() => (model.apply(tf.tensor2d([[x]])) as tf.Tensor).sum().dataSync()[0]);
    gradient.forEach((slope, place) => {
      const x = -1 + place / 4;
      // Curvature over a step of 1/256, and float32's rounding divided by it.
      expect(slope).toBeCloseTo(128 * (output(x + 1 / 256) - output(x - 1 / 256)), 2);
    });
  });
});

test("batch normalisation uses the mean and the variance of the inputs, and keeps what it had stored", async () => {
  await withModel(net("batch"), (model) => {
    const before = model.getWeights().map((weight) => Array.from(weight.dataSync()));
    const gradient = inputGradient(model, grid);
    expect(model.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual(before);
    // The same net by hand: statistics of the grid, held fixed.
    const expected = tf.tidy(() => {
      const inputs = tf.linspace(-1, 1, 9).reshape([9, 1]);
      const fixed: { mean: tf.Tensor; scale: tf.Tensor }[] = [];
      const forward = (x: tf.Tensor, learn: boolean) => {
        let h = x;
        for (let layer = 1; layer < 4; layer++) {
          const [w, b] = model.getLayer(`layer${layer}`).getWeights();
          h = h.matMul(w).add(b);
          if (learn) {
            const { mean, variance } = tf.moments(h, 0);
            fixed.push({ mean, scale: variance.add(1e-3).sqrt() });
          }
          h = h
            .sub(fixed[layer - 1].mean)
            .div(fixed[layer - 1].scale)
            .tanh();
        }
        const [w, b] = model.getLayer("layer4").getWeights();
        return h.matMul(w).add(b);
      };
      forward(inputs, true);
      return tf
        .grad((x: tf.Tensor) => forward(x, false).sum())(inputs)
        .dataSync()
        .slice();
    });
    gradient.forEach((slope, place) => {
      expect(Math.abs(slope - expected[place])).toBeLessThanOrEqual(1e-3 * Math.max(1, Math.abs(expected[place])));
    });
  });
});

test("a net with several inputs and a grid of one point are refused", async () => {
  await withModel(mlp({ depth: 2, width: 2, inputs: 3, activation: "relu", init: "heNormal", seed: 1 }), (model) => {
    expect(() => inputGradient(model, grid)).toThrow("model: expected one input feature, got inputs of shape [3]");
  });
  await withModel(net("none"), (model) => {
    expect(() => inputGradient(model, { ...grid, points: 1 })).toThrow("points: expected an integer from 2, got 1");
  });
});

test("autocorrelation is R's: of 1 to 5 it is 0.4 at lag 1 and -0.1 at lag 2; alternating signs give -(n - 1) / n", () => {
  expect(autocorrelation([1, 2, 3, 4, 5])).toBeCloseTo(0.4, 15);
  expect(autocorrelation([1, 2, 3, 4, 5], 2)).toBeCloseTo(-0.1, 15);
  expect(autocorrelation([1, -1, 1, -1], 1)).toBeCloseTo(-0.75, 15);
  expect(autocorrelation([3, 1, 2], 0)).toBe(1);
  expect(autocorrelation([2, 2, 2])).toBeNaN();
  expect(() => autocorrelation([1], 1)).toThrow("autocorrelation");
});
