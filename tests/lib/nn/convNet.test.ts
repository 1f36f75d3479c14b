import { nn, tf } from "deepen";
import { ready } from "@deepen/engine";

beforeAll(() => ready());
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const options = { inputShape: [40, 1], depth: 5, channels: 6, seed: 1 };
const names = (model: tf.LayersModel): string[] => model.layers.map(({ name }) => name);

test("depth counts the weight layers, and strides shorten the sequence", () => {
  const model = nn.convNet({ ...options, strides: [2, 1, 2] });
  expect(names(model).filter((name) => name.startsWith("layer"))).toEqual([1, 2, 3, 4, 5].map((i) => `layer${i}`));
  expect(model.getLayer("activation4").outputShape).toEqual([null, 10, 6]);
  expect(model.countParams()).toBe(3 * 6 + 6 + 3 * (3 * 36 + 6) + 70);
});

test("over images it has convolutions of two dimensions", () => {
  const model = nn.convNet({ ...options, inputShape: [8, 9, 3], kernelSize: 5, classes: 4 });
  expect(model.getLayer("layer1").getWeights()[0].shape).toEqual([5, 5, 3, 6]);
  expect(model.outputs[0].shape).toEqual([null, 4]);
});

test("with batch normalisation the convolutions have no biases", () => {
  const model = nn.convNet({ ...options, norm: "batch" });
  expect(model.getLayer("layer2").getWeights()).toHaveLength(1);
  expect(model.getLayer("norm2").getConfig().momentum).toBe(0.9);
});

test("skips stand where both sides have one shape", () => {
  const model = nn.convNet({ ...options, strides: [1, 2], skip: true });
  expect(names(model).filter((name) => name.startsWith("sum"))).toEqual(["sum3", "sum4"]);
});

test("each layer draws weights of its own, by the seed", () => {
  const kernel = (seed: number, layer: string) =>
    Array.from(
      nn
        .convNet({ ...options, seed })
        .getLayer(layer)
        .getWeights()[0]
        .dataSync(),
    );
  expect(kernel(1, "layer2")).toEqual(kernel(1, "layer2"));
  expect(kernel(1, "layer2")).not.toEqual(kernel(2, "layer2"));
  expect(kernel(1, "layer2")).not.toEqual(kernel(1, "layer3"));
  const variance = kernel(1, "layer3").reduce((sum, w) => sum + w * w, 0) / 108;
  // He: 2 over 3 × 6 inputs; 108 draws know their variance to about 2 · 14 %.
  expect(Math.abs(variance / (2 / 18) - 1)).toBeLessThan(0.3);
});

test("depth 1 is a mean over positions and a dense layer", () => {
  const model = nn.convNet({ ...options, depth: 1 });
  expect(model.countParams()).toBe(20);
});

test("what is no size, or too much, is refused", () => {
  expect(() => nn.convNet({ ...options, depth: 0 })).toThrow("depth: expected a positive integer, got 0");
  expect(() => nn.convNet({ ...options, strides: [1, 1, 1, 1, 2] })).toThrow("strides: expected at most 4 for 4");
  expect(() => nn.convNet({ ...options, strides: [0] })).toThrow("strides[0]: expected a positive integer, got 0");
  expect(() => nn.convNet({ ...options, norm: "layer" as "batch" })).toThrow("norm: expected none or batch, got layer");
});
