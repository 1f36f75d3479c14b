import { models } from "../../../packages/engine/bench/models.cjs";
import { ready, tf } from "../../../packages/engine/src/node";
import { golden } from "../../support/golden";
import { values } from "./support/reference";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

interface GoldenTensor {
  readonly shape: readonly number[];
  readonly norm: number;
  readonly products: readonly number[];
}

interface GoldenModel {
  readonly batch: number;
  readonly loss: number;
  readonly tensors: readonly GoldenTensor[];
}

const { models: expected } = golden<{ models: Readonly<Record<string, GoldenModel>> }>("modelGradients");

/** Inner products of a tensor with the directions of tests/golden/modelGradients.py, in float64. */
function products(gradient: ArrayLike<number>, count: number): number[] {
  const size = gradient.length;
  const directions = values(count * size, 97);
  return Array.from({ length: count }, (_, which) => {
    let product = 0;
    for (let i = 0; i < size; i++) product += directions[which * size + i] * gradient[i];
    return product;
  });
}

/** Length of the difference relative to the expected one: directions have components of variance 1/3. */
function relativeError(actual: readonly number[], { norm, products: wanted }: GoldenTensor): number {
  const squares = actual.map((product, which) => (product - wanted[which]) ** 2);
  return Math.sqrt((3 * squares.reduce((sum, square) => sum + square, 0)) / squares.length) / norm;
}

test("there are golden gradients of all models", () => {
  expect(Object.keys(expected)).toEqual(Object.keys(models));
});

test.each(Object.entries(expected))("gradients of %s are PyTorch's in float64, to 1e-5", (name, reference) => {
  const { weights, loss } = models[name].make(tf, reference.batch);
  const { value, grads } = tf.variableGrads(loss, Object.values(weights));
  expect(Math.abs(value.dataSync()[0] / reference.loss - 1)).toBeLessThan(1e-6);
  const gradients = Object.values(weights).map((weight) => grads[weight.name]);
  expect(gradients.map(({ shape }) => shape)).toEqual(reference.tensors.map(({ shape }) => shape));
  gradients.forEach((gradient, which) => {
    const tensor = reference.tensors[which];
    const data = gradient.dataSync<"float32">();
    const norm = Math.sqrt(data.reduce((sum, component) => sum + component ** 2, 0));
    expect(Math.abs(norm / tensor.norm - 1)).toBeLessThan(1e-5);
    expect(relativeError(products(data, tensor.products.length), tensor)).toBeLessThan(1e-5);
  });
});
