import { ready } from "@deepen/engine";
import type { tf } from "deepen";
import { nn, theory } from "deepen";
import { receptiveField } from "../../../lib/src/probe/receptiveField";

beforeAll(() => ready());

/** A cost counted on a model itself, layer by layer, from the shapes of its weights and of its outputs. */
function counted(model: tf.LayersModel): theory.Cost {
  const size = (shape: readonly (number | null)[]): number => shape.reduce<number>((all, side) => all * (side ?? 1), 1);
  const cost = { parameters: 0, macs: 0, activations: 0 };
  for (const layer of model.layers) {
    for (const { shape } of layer.trainableWeights) cost.parameters += size(shape);
    if (!/^(layer|shortcut)\d+$/.test(layer.name) || layer.weights.length === 0) continue;
    const output = layer.outputShape as tf.Shape;
    cost.activations += size(output);
    cost.macs += size(output.slice(0, -1)) * size(layer.weights[0].shape);
  }
  model.dispose();
  return cost;
}

const mlps: theory.MlpShape[] = [
  { depth: 1, width: 7 },
  { depth: 2, width: 7, inputs: 40 },
  { depth: 5, width: 3, inputs: 2, classes: 4, norm: "batch" },
  { depth: 9, width: 12, inputs: 40, norm: "batch" },
];
test.each(mlps)("a fully connected net %j costs what its model counts", (shape) => {
  const model = nn.mlp({ ...shape, activation: "relu", init: "heNormal", seed: 1 });
  const cost = theory.mlpCost(shape);
  if (shape.norm === undefined) expect(cost.parameters).toBe(model.countParams());
  expect(cost).toEqual(counted(model));
});

const convolutional: theory.ConvNetShape[] = [
  { inputShape: [40, 1], depth: 1, channels: 5 },
  { inputShape: [40, 1], depth: 4, channels: 5, strides: [2, 2], norm: "batch" },
  { inputShape: [39, 2], depth: 5, channels: 3, kernelSize: 5, strides: [2, 3, 2] },
  { inputShape: [28, 27, 1], depth: 3, channels: 4, strides: [1, 2], classes: 3 },
];
test.each(convolutional)("a convolutional net %j costs what its model counts", (shape) => {
  const model = nn.convNet({ ...shape, seed: 1 });
  if (shape.norm === undefined) expect(theory.convNetCost(shape).parameters).toBe(model.countParams());
  expect(theory.convNetCost(shape)).toEqual(counted(model));
});

const residual: (theory.ResNetShape & { order?: "pre" | "post" })[] = [
  { inputShape: [40, 1], depth: 8, channels: 3 },
  { inputShape: [40, 1], depth: 14, channels: 3, order: "pre" },
  { inputShape: [37, 1], depth: 14, channels: 2, shortcut: "B", norm: "none" },
  { inputShape: [37, 1], depth: 8, channels: 2, shortcut: "B", skip: false },
  { inputShape: [32, 32, 3], depth: 20, channels: 16 },
  { inputShape: [32, 32, 3], depth: 20, channels: 16, shortcut: "B" },
];
test.each(residual)("a residual net %j costs what its model counts", (shape) => {
  expect(theory.resNetCost(shape)).toEqual(counted(nn.resNet({ ...shape, seed: 1 })));
});

test.each([
  [20, 269_722, 0.27, 2, 40.55, 0.75],
  [32, 464_154, 0.46, 2, 68.86, undefined],
  [44, 658_586, 0.66, 2, 97.17, undefined],
  [56, 853_018, 0.85, 2, 125.49, 2.13],
  [110, 1_727_962, 1.7, 1, 252.89, 4.19],
  [1202, 19_421_274, 19.4, 1, 2829.24, 45.9],
])(
  "the residual net of depth %i for CIFAR-10 has %i parameters, %f million in table 6 of He et al. 2015",
  (depth, parameters, millions, digits, megaMacs, megabytes) => {
    const cost = theory.resNetCost({ inputShape: [32, 32, 3], depth, channels: 16 });
    expect(cost.parameters).toBe(parameters);
    expect((cost.parameters / 1e6).toFixed(digits)).toBe(millions.toFixed(digits));
    expect((cost.macs / 1e6).toFixed(2)).toBe(megaMacs.toFixed(2));
    if (megabytes !== undefined) expect(Math.abs((4 * cost.activations) / 1e6 - megabytes)).toBeLessThan(0.05);
  },
);

test("costs have closed forms: the fully connected net's parameters, and operations that do not fall with a stage", () => {
  const [D, H, K] = [40, 25, 10];
  for (const depth of [2, 3, 8]) {
    const cost = theory.mlpCost({ depth, width: H, inputs: D });
    expect(cost.parameters).toBe((D + 1) * H + (depth - 2) * (H + 1) * H + (H + 1) * K);
    expect(cost.macs).toBe(cost.parameters - (depth - 1) * H - K);
  }
  // Half the side and twice the channels: each stage of a residual net has the operations of the one before.
  const perBlock = (depth: number) => theory.resNetCost({ inputShape: [32, 32, 3], depth, channels: 16 }).macs;
  expect(perBlock(14) - perBlock(8)).toBe(3 * 2 * 9 * 16 * 16 * 32 * 32);
});

test("shapes that are none are refused", () => {
  expect(() => theory.mlpCost({ depth: 0, width: 2 })).toThrow("depth: expected a positive integer, got 0");
  expect(() => theory.convNetCost({ inputShape: [40], depth: 2, channels: 2 })).toThrow(
    "inputShape: expected [length, channels] or [height, width, channels], got [40]",
  );
  expect(() => theory.resNetCost({ inputShape: [40, 1], depth: 10, channels: 2 })).toThrow("depth: expected 6n + 2");
});

test.each([{ depth: 6, strides: [2, 2] }, { depth: 5, kernelSize: 5, strides: [1, 3, 2] }, { depth: 4 }])(
  "the receptive field of %j is what the model's own graph has",
  (stack) => {
    const model = nn.convNet({ inputShape: [60, 1], channels: 2, seed: 1, ...stack });
    const measured = Array.from({ length: stack.depth - 1 }, (_, layer) => {
      const { output } = model.getLayer(`layer${layer + 1}`);
      return receptiveField(output as tf.SymbolicTensor)[0].size;
    });
    expect(theory.receptiveField(stack)).toEqual(measured);
    model.dispose();
  },
);

test("kernels of three see 3, 5, 7 positions without strides, and 3, 7, 15 with two at each", () => {
  expect(theory.receptiveField({ depth: 4 })).toEqual([3, 5, 7]);
  expect(theory.receptiveField({ depth: 4, strides: [2, 2, 2] })).toEqual([3, 7, 15]);
  expect(theory.receptiveField({ depth: 1 })).toEqual([]);
});

test("the widest net fits its budget, and one unit more does not", () => {
  for (const depth of [2, 3, 6, 12]) {
    const parameters = (width: number) => theory.mlpCost({ depth, width, inputs: 40 }).parameters;
    const width = theory.widest(2000, parameters);
    expect(parameters(width)).toBeLessThanOrEqual(2000);
    expect(parameters(width + 1)).toBeGreaterThan(2000);
  }
  expect(theory.widest(16, (width) => width * width)).toBe(4);
  expect(theory.widest(15, (width) => width * width)).toBe(3);
  expect(theory.widest(1, (width) => width)).toBe(1);
});

test("a budget that no net fits, and a cost that never reaches it, are refused", () => {
  expect(() => theory.widest(3, (width) => 10 * width)).toThrow(
    "budget: expected at least 10, the cost of width 1, got 3",
  );
  expect(() => theory.widest(3, () => 1)).toThrow("cost: expected one that grows with width");
});
