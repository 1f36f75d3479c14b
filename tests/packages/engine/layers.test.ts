import { ready, tf } from "../../../packages/engine/src/node";
import { type LayerCase, layerCases } from "./support/layerCases";
import { values } from "./support/reference";
import { expectClose, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const batch = 4;

/** What a net with the layer, a flattening and a dense layer of three outputs does on one batch. */
interface Course {
  readonly outputs: Float32Array;
  readonly gradients: readonly Float32Array[];
  /** Of all weights after four steps, moving statistics included. */
  readonly weights: readonly Float32Array[];
}

function netOf({ shape, layer }: LayerCase): tf.LayersModel {
  let seed = 10;
  const initializer = () => tf.initializers.glorotUniform({ seed: ++seed });
  const input = tf.input({ shape: [...shape] });
  let x = layer(initializer).apply(input) as tf.SymbolicTensor;
  if (x.shape.length > 2) x = tf.layers.flatten().apply(x) as tf.SymbolicTensor;
  const last = tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: initializer() });
  return tf.model({ inputs: input, outputs: last.apply(x) as tf.SymbolicTensor });
}

function inputOf({ shape, indices = false }: LayerCase): tf.Tensor {
  const size = batch * tf.util.sizeFromShape([...shape]);
  const numbers = indices ? Float32Array.from({ length: size }, (_, i) => (i * 7) % 20) : values(size, 3);
  return tf.tensor(numbers, [batch, ...shape]);
}

async function courseOf(layerCase: LayerCase): Promise<Course> {
  const model = netOf(layerCase);
  const x = inputOf(layerCase);
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
