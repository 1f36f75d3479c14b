import { tf } from "@deepen/engine";
import { singularValues } from "../../../lib/src/math/singularValues";
import { orthogonal } from "../../../lib/src/nn/init";
import { convNet } from "../../../lib/src/nn/convNet";
import { mlp } from "../../../lib/src/nn/mlp";
import { jacobianSingularValues } from "../../../lib/src/probe/jacobian";
import { useEngine, weightsOf, withModel } from "../../support/engine";

useEngine();

const input = [0.3, -0.2, 0.5, 0.1, -0.4];
const square = { width: 5, inputs: 5, classes: 5, seed: 3 };

test("they are those of the Jacobian by central differences, also of a net that is not square", async () => {
  for (const classes of [5, 3]) {
    const net = mlp({ ...square, classes, depth: 3, activation: "tanh", init: "heNormal", biasStd: 0.3 });
    await withModel(net, (model) => {
      const before = weightsOf(model);
      const found = jacobianSingularValues(model, input);
      expect(found).toHaveLength(classes);
      expect(weightsOf(model)).toEqual(before);
      const output = (x: readonly number[]) =>
        tf.tidy(() => (model.apply(tf.tensor2d([[...x]])) as tf.Tensor).dataSync());
      const step = 1 / 128;
      const columns = input.map((_, at) => {
        const [up, down] = [1, -1].map((sign) => output(input.map((x, index) => (index === at ? x + sign * step : x))));
        return Array.from(up, (value, k) => (value - down[k]) / (2 * step));
      });
      const matrix = Array.from({ length: classes }, (_, k) => columns.map((column) => column[k])).flat();
      // Curvature times the square of the step, and float32's rounding divided by it.
      singularValues(matrix, classes, 5).forEach((value, index) => expect(found[index]).toBeCloseTo(value, 3));
    });
  }
});

test("orthogonal layers without bend stretch every direction by their gain, layer by layer", async () => {
  const net = mlp({ ...square, depth: 4, activation: "linear", init: orthogonal(1.5) });
  await withModel(net, (model) => {
    // Float32's rounding in four products.
    for (const value of jacobianSingularValues(model, input)) expect(value).toBeCloseTo(Math.pow(1.5, 4), 4);
  });
});

test("a wrong input and a net of pictures are refused", async () => {
  await withModel(mlp({ ...square, depth: 2, activation: "relu", init: "heNormal" }), (model) => {
    expect(() => jacobianSingularValues(model, [1, 2])).toThrow("input: expected 5 numbers, got 2");
  });
  const pictures = convNet({ inputShape: [4, 4, 1], depth: 2, channels: 2, classes: 2, seed: 1 });
  await withModel(pictures, (model) => {
    expect(() => jacobianSingularValues(model, input)).toThrow("model: expected inputs [N, D]");
  });
});
