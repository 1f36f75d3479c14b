import { ready, tf } from "../../../packages/engine/src/node";
import { inputOf, type LayerCase, layerCases, netOf } from "./support/layerCases";
import { expectClose, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

/** What a net with the layer, a flattening and a dense layer of three outputs does on one batch. */
interface Course {
  readonly outputs: Float32Array;
  readonly gradients: readonly Float32Array[];
  /** Of all weights after four steps, moving statistics included. */
  readonly weights: readonly Float32Array[];
}

async function courseOf(layerCase: LayerCase): Promise<Course> {
  const model = netOf(layerCase);
  const x = inputOf(layerCase, 4);
  const y = tf.oneHot(tf.tensor1d([0, 1, 2, 1], "int32"), 3).toFloat();
  const outputs = (model.predict(x) as tf.Tensor).dataSync().slice() as Float32Array;
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const loss = (): tf.Scalar =>
    tf.metrics.categoricalCrossentropy(y, model.apply(x, { training: true }) as tf.Tensor).mean();
  const moving = model.nonTrainableWeights.map((weight) => weight.read().clone());
  const { grads } = tf.variableGrads(loss, variables);
  model.nonTrainableWeights.forEach((weight, i) => weight.write(moving[i]));
  const gradients = variables.map((variable) => grads[variable.name].dataSync().slice() as Float32Array);
  model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy" });
  for (let step = 0; step < 4; step++) await model.trainOnBatch(x, y);
  return {
    outputs,
    gradients,
    weights: model.getWeights().map((weight) => weight.dataSync().slice() as Float32Array),
  };
}

describe.each(Object.entries(layerCases))("%s", (_, layerCase) => {
  test("has the outputs, the gradients and the weights after four steps that the cpu backend has", async () => {
    const wasm = await courseOf(layerCase);
    const cpu = await onCpu(() => courseOf(layerCase));
    // Both round in float32, in other orders: sums of up to some hundred terms differ by up to about 1e-6 of their size.
    expectClose(wasm.outputs, cpu.outputs, 2e-6);
    expect(wasm.gradients).toHaveLength(cpu.gradients.length);
    wasm.gradients.forEach((gradient, i) => expectClose(gradient, cpu.gradients[i], 1e-5));
    // Adam divides by the root of a mean square: where a gradient is itself only rounding, the step's sign is chance,
    // and the weight differs by up to the learning rate a step; elsewhere by rounding.
    wasm.weights.forEach((weight, i) => expectClose(weight, cpu.weights[i], 1e-3));
  });
});
