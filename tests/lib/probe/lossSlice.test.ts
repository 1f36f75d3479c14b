import { tf } from "@deepen/engine";
import { examples } from "../../../lib/src/data/examples";
import { norm } from "../../../lib/src/math/linearAlgebra";
import { rng } from "../../../lib/src/math/rng";
import { mlp } from "../../../lib/src/nn/mlp";
import { lossSlice } from "../../../lib/src/probe/lossSlice";
import { useEngine, weightsOf, withModel } from "../../support/engine";
import { fakeHost } from "../../support/fakeHost";

useEngine();
beforeEach(() => void fakeHost());

const random = rng(4);
const set = examples({
  x: Float32Array.from({ length: 40 * 6 }, () => random.normal()),
  labels: Uint8Array.from({ length: 40 }, (_, index) => index % 3),
  shape: [6],
  classes: 3,
});
const net = (depth: number, norm: "none" | "batch" = "none") =>
  mlp({ depth, width: 5, inputs: 6, classes: 3, activation: "relu", init: "heNormal", norm, seed: 2 });

/** Loss of a linear net with weights `[6, 3]`, in float64. */
function lossOf(weights: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < set.count; row++) {
    const logits = [0, 1, 2].map((k) => {
      let logit = 0;
      for (let input = 0; input < 6; input++) logit += set.x[row * 6 + input] * weights[input * 3 + k];
      return logit;
    });
    sum += Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0)) - logits[set.labels[row]];
  }
  return sum / set.count;
}

test("of a linear net it is the loss at the weights plus the distance times normal numbers as long as each unit's weights", async () => {
  await withModel(net(1), async (model) => {
    const weights = Array.from(model.getWeights()[0].dataSync());
    const drawn = rng(9);
    const direction = weights.map(() => drawn.normal());
    const column = (values: readonly number[], unit: number) => values.filter((_, index) => index % 3 === unit);
    const scaled = direction.map(
      (value, index) => (value * norm(column(weights, index % 3))) / norm(column(direction, index % 3)),
    );
    const distances = [-1, -0.25, 0, 0.5, 2];
    const found = await lossSlice(model, set, { seed: 9, distances });
    found.forEach((loss, place) => {
      // Float32's rounding.
      expect(loss).toBeCloseTo(lossOf(weights.map((weight, index) => weight + distances[place] * scaled[index])), 5);
    });
  });
});

test("the model is given back to the bit, also if the examples do not fit, and another seed goes another way", async () => {
  await withModel(net(4, "batch"), async (model) => {
    const before = weightsOf(model);
    const distances = [0, 0.5];
    const [start, one] = await lossSlice(model, set, { seed: 1, distances });
    const [again, other] = await lossSlice(model, set, { seed: 2, distances });
    expect(weightsOf(model)).toEqual(before);
    expect(again).toBe(start);
    expect(other).not.toBe(one);
    const wrong = { ...set, shape: [3], count: 80, labels: new Uint8Array(80) };
    await expect(lossSlice(model, wrong, { seed: 1, distances })).rejects.toThrow("examples: the model takes [6]");
    expect(weightsOf(model)).toEqual(before);
  });
});

test("batch normalisation takes the statistics of the examples: longer weights of a hidden layer change no loss", async () => {
  await withModel(net(3, "batch"), async (model) => {
    const loss = async () => (await lossSlice(model, set, { seed: 1, distances: [0] }))[0];
    const before = await loss();
    const [kernel, bias] = model.getLayer("layer1").getWeights();
    const longer = kernel.mul(8); // a power of two, so that nothing is rounded
    model.getLayer("layer1").setWeights([longer, bias]);
    longer.dispose();
    // The normalisation's ε, 1e-3 beside variances of about 1 and 64.
    expect(await loss()).toBeCloseTo(before, 2);
  });
});

test("a model without weights is refused", async () => {
  const input = tf.input({ shape: [3] });
  const empty = tf.model({
    inputs: input,
    outputs: tf.layers.activation({ activation: "relu" }).apply(input) as tf.SymbolicTensor,
  });
  await withModel(empty, async (model) => {
    await expect(lossSlice(model, set, { seed: 1, distances: [0] })).rejects.toThrow("expected a dense or convolution");
  });
});
