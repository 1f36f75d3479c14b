import { nn, tf } from "deepen";
import { ready } from "@deepen/engine";

beforeAll(() => ready());
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const trainable = (model: tf.LayersModel): number =>
  model.trainableWeights.reduce((sum, { shape }) => sum + shape.reduce<number>((size, length) => size * length!, 1), 0);

const cifar = { inputShape: [32, 32, 3], channels: 16, seed: 1 };
const signal = { inputShape: [40, 1], channels: 4, depth: 8, seed: 1 };
const input = (count: number) => tf.randomNormal([count, 40, 1], 0, 1, "float32", 3);

test.each([
  [20, 269_722],
  [32, 464_154],
  [44, 658_586],
  [56, 853_018],
  [110, 1_727_962],
])(
  "the residual net of depth %i for CIFAR-10 has %i weights, as counted in He et al. 2015 (0.27 to 1.7 million)",
  (depth, count) => {
    const model = nn.resNet({ ...cifar, depth });
    // Convolutions 3 × 3, two numbers a channel and batch normalisation, the dense layer; shortcuts have none.
    const n = (depth - 2) / 6;
    const stage = (c: number, before: number) => 9 * c * before + (2 * n - 1) * 9 * c * c + 2 * 2 * n * c;
    expect(9 * 3 * 16 + 32 + stage(16, 16) + stage(32, 16) + stage(64, 32) + 650).toBe(count);
    expect(trainable(model)).toBe(count);
    model.dispose();
  },
);

test("shortcuts of kind B have weights, the plain twin has none and else the same", () => {
  const [a, b, plain] = [{}, { shortcut: "B" } as const, { skip: false }].map((more) =>
    nn.resNet({ ...signal, ...more }),
  );
  expect(trainable(b) - trainable(a)).toBe(4 * 8 + 8 * 16);
  expect(trainable(plain)).toBe(trainable(a));
  const weights = (model: tf.LayersModel) => Array.from(model.getLayer("layer5").getWeights()[0].dataSync());
  expect(weights(plain)).toEqual(weights(a));
  expect(plain.layers.some(({ name }) => name.startsWith("sum"))).toBe(false);
});

test("a branch that is scaled to nothing leaves the shortcut: the input through the first layer, padded", () => {
  const model = nn.resNet({ ...signal, branchScale: 0, norm: "none", order: "pre" });
  const heard = tf.model({
    inputs: model.inputs,
    outputs: [model.getLayer("layer1").output as tf.SymbolicTensor, model.getLayer("sum6").output as tf.SymbolicTensor],
  });
  const [first, last] = heard.predict(input(2)) as tf.Tensor[];
  expect(last.shape).toEqual([2, 10, 16]);
  // Every fourth position is left, and four channels of sixteen.
  const expected = tf.pad(tf.stridedSlice(first, [0, 0, 0], [2, 40, 4], [1, 4, 1]), [
    [0, 0],
    [0, 0],
    [0, 12],
  ]);
  expect(Array.from(last.dataSync())).toEqual(Array.from(expected.dataSync()));
});

test("before the sum stands ReLU in one order, and nothing in the other", () => {
  const sums = (order: "pre" | "post") => {
    const model = nn.resNet({ ...signal, order });
    const names = model.layers.map(({ name }) => name);
    return names.slice(names.indexOf("sum2"), names.indexOf("sum2") + 2);
  };
  expect(sums("post")).toEqual(["sum2", "activation3"]);
  expect(sums("pre")).toEqual(["sum2", "norm4"]);
});

test.each([
  ["images", [12, 12, 2]],
  ["sequences", [13, 2]],
])("it trains on %s, is saved and loaded, and says what it is", async (_, inputShape) => {
  const model = nn.resNet({ inputShape, depth: 8, channels: 4, classes: 3, shortcut: "A", seed: 5 });
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const x = tf.randomNormal([4, ...inputShape], 0, 1, "float32", 3);
  const y = tf.zeros([4, 3]);
  const losses: number[] = [];
  for (let step = 0; step < 10; step++) losses.push((await model.trainOnBatch(x, y)) as number);
  expect(losses[9]).toBeLessThan(losses[0]);
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } });
    }),
  );
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
  expect(Array.from((loaded.predict(x) as tf.Tensor).dataSync())).toEqual(
    Array.from((model.predict(x) as tf.Tensor).dataSync()),
  );
  const lines: string[] = [];
  model.summary(100, undefined, (line: string) => lines.push(line));
  expect(lines.join("\n")).toContain("layer8");
});

test("what is not 6n + 2, no size or not known is refused", () => {
  expect(() => nn.resNet({ ...signal, depth: 9 })).toThrow(
    "depth: expected 6n + 2, such as 8, 14, 20, 32 or 50, got 9",
  );
  expect(() => nn.resNet({ ...signal, inputShape: [40] })).toThrow("inputShape: expected [length, channels] or");
  expect(() => nn.resNet({ ...signal, channels: 0 })).toThrow("channels: expected a positive integer, got 0");
  expect(() => nn.resNet({ ...signal, shortcut: "C" as "A" })).toThrow("shortcut: expected A or B, got C");
  expect(() => nn.resNet({ ...signal, branchScale: NaN })).toThrow("branchScale: expected a number, got NaN");
});
