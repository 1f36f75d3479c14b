import { tf } from "@deepen/engine";
import { examples } from "../../../lib/src/data/examples";
import { rng } from "../../../lib/src/math/rng";
import { mlp, type MlpOptions } from "../../../lib/src/nn/mlp";
import { pathShares } from "../../../lib/src/probe/pathShares";
import { pathCensus } from "../../../lib/src/theory/pathCensus";
import { useEngine, weightsOf, withModel } from "../../support/engine";

useEngine();

const width = 4;
const options: MlpOptions = {
  depth: 5,
  width,
  inputs: 3,
  classes: 2,
  activation: "relu",
  init: "heNormal",
  biasStd: 0.3,
  skip: true,
  seed: 6,
};
const random = rng(8);
const set = examples({
  x: Float32Array.from({ length: 12 * 3 }, () => random.normal()),
  labels: Uint8Array.from({ length: 12 }, (_, index) => index % 2),
  shape: [3],
  classes: 2,
});

/** Gives every branch the same matrix, a number times the identity. */
function setBranches(model: tf.LayersModel, depth: number, factor: number): void {
  for (let layer = 2; layer < depth; layer++) {
    tf.tidy(() => {
      model.getLayer(`layer${layer}`).setWeights([tf.eye(width).mul(factor), tf.zeros([width])]);
    });
  }
}

test("with branches that multiply by a, n over k paths of length k bring a^k each", async () => {
  for (const [depth, factor] of [
    [3, 1],
    [8, 1],
    [8, 0.25],
    [6, -0.5],
  ]) {
    await withModel(mlp({ ...options, depth, activation: "linear" }), (model) => {
      setBranches(model, depth, factor);
      const found = pathShares(model, set);
      // The census has 2^-n n over k.
      const expected = pathCensus(depth - 2).map((share, length) => share * 2 ** (depth - 2) * factor ** length);
      const total = (1 + factor) ** (depth - 2);
      expect(found).toHaveLength(depth - 1);
      found.forEach((share, length) => {
        expect(share).toBeCloseTo(expected[length] / total, 4);
      });
    });
  }
});

/** W (a row for each input), b, and the numbers of a normalisation, in float64. */
function layersOf(model: tf.LayersModel, layer: number): { w: number[][]; b: number[]; gamma: number[] | undefined } {
  const [w, b] = model.getLayer(`layer${layer}`).getWeights();
  const norm = model.layers.find(({ name }) => name === `norm${layer}`);
  return {
    w: w.arraySync() as number[][],
    b: Array.from(b.dataSync()),
    gamma: norm === undefined ? undefined : Array.from(norm.getWeights()[0].dataSync()),
  };
}

/** A layer's output on all examples, and what each unit's derivative by its pre-activation is, ReLU and batch norm included. */
function forward({ w, b, gamma }: ReturnType<typeof layersOf>, h: readonly number[][]) {
  const z = h.map((row) =>
    b.map((bias, unit) => row.reduce((sum, value, input) => sum + value * w[input][unit], bias)),
  );
  const scale = b.map((_, unit) => {
    if (gamma === undefined) return { mean: 0, factor: 1 };
    const mean = z.reduce((sum, row) => sum + row[unit], 0) / z.length;
    const variance = z.reduce((sum, row) => sum + (row[unit] - mean) ** 2, 0) / z.length;
    return { mean, factor: gamma[unit] / Math.sqrt(variance + 1e-3) };
  });
  const normal = z.map((row) => row.map((value, unit) => (value - scale[unit].mean) * scale[unit].factor));
  return {
    out: normal.map((row) => row.map((value) => Math.max(0, value))),
    slope: normal.map((row) => row.map((value, unit) => (value > 0 ? scale[unit].factor : 0))),
  };
}

/** The shares by the definition: all 2^n paths one by one. */
function pathByPath(model: tf.LayersModel, depth: number, branchScale: number): number[] {
  const rows = Array.from({ length: set.count }, (_, row) => Array.from(set.x.subarray(3 * row, 3 * row + 3)));
  let h = forward(layersOf(model, 1), rows).out;
  const branches = Array.from({ length: depth - 2 }, (_, place) => {
    const layer = layersOf(model, place + 2);
    const { out, slope } = forward(layer, h);
    h = h.map((row, index) => row.map((value, unit) => value + branchScale * out[index][unit]));
    return (delta: number[], example: number) =>
      layer.w.map((weights) =>
        weights.reduce((sum, w, unit) => sum + branchScale * w * slope[example][unit] * delta[unit], 0),
      );
  });
  const { w, b } = layersOf(model, depth);
  const byLength = branches.concat([() => []]).map(() => Array<number>(set.count * width).fill(0));
  h.forEach((row, example) => {
    const logits = b.map((bias, k) => row.reduce((sum, value, unit) => sum + value * w[unit][k], bias));
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const error = logits.map((logit, k) => Math.exp(logit) / total - (k === set.labels[example] ? 1 : 0));
    const last = w.map((weights) => weights.reduce((sum, value, k) => sum + value * error[k], 0));
    for (let path = 0; path < 2 ** branches.length; path++) {
      const taken = branches.map((_, branch) => (path >> branch) % 2 === 1);
      const arrived = branches.reduceRight((d, back, branch) => (taken[branch] ? back(d, example) : d), last);
      const length = taken.filter(Boolean).length;
      arrived.forEach((value, unit) => (byLength[length][example * width + unit] += value));
    }
  });
  const gradient = byLength[0].map((_, place) => byLength.reduce((sum, values) => sum + values[place], 0));
  const dot = (a: readonly number[], c: readonly number[]) =>
    a.reduce((sum, value, place) => sum + value * c[place], 0);
  return byLength.map((values) => dot(values, gradient) / dot(gradient, gradient));
}

test("shares are those of all paths, gone one by one, with scaled branches and with batch normalisation", async () => {
  for (const [more, scale] of [
    [{}, 1],
    [{ branchScale: 0.3, depth: 7 }, 0.3],
    [{ norm: "batch" }, 1],
  ] as const) {
    const own: MlpOptions = { ...options, ...more };
    await withModel(mlp(own), (model) => {
      const expected = pathByPath(model, own.depth, scale);
      const found = pathShares(model, set);
      expect(found.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
      found.forEach((share, length) => {
        expect(share).toBeCloseTo(expected[length], 4);
      });
    });
  }
});

test("the model stays as it was", async () => {
  await withModel(mlp({ ...options, norm: "batch" }), (model) => {
    const before = weightsOf(model);
    pathShares(model, set);
    expect(weightsOf(model)).toEqual(before);
  });
});

test("a net without skips, or without a branch, is refused; so are examples that do not fit", async () => {
  for (const more of [{ skip: false }, { depth: 2 }]) {
    await withModel(mlp({ ...options, ...more }), (model) => {
      expect(() => pathShares(model, set)).toThrow("model: expected a net of nn.mlp with skips");
    });
  }
  await withModel(mlp({ ...options, inputs: 5 }), (model) => {
    expect(() => pathShares(model, set)).toThrow(RangeError);
  });
});
