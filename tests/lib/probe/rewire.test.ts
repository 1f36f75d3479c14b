import { tf } from "@deepen/engine";
import { mlp, type MlpOptions } from "../../../lib/src/nn/mlp";
import { rewire } from "../../../lib/src/probe/rewire";
import { useEngine, withModel } from "../../support/engine";

useEngine();

const options: MlpOptions = {
  depth: 5,
  width: 3,
  inputs: 2,
  classes: 2,
  activation: "linear",
  init: "heNormal",
  biasStd: 0.5,
  seed: 3,
};
const x = () => tf.tensor2d([1, -2, 0.5, 3], [2, 2]);
const outputs = (model: tf.LayersModel) => tf.tidy(() => Array.from((model.apply(x()) as tf.Tensor).dataSync()));

/** W and b of a net's layer. */
const affine = (model: tf.LayersModel, layer: number) => model.getLayer(`layer${layer}`).getWeights() as tf.Tensor2D[];

test("every layer in its own order is the net itself, whatever stands between its layers", async () => {
  for (const more of [
    {},
    { norm: "batch", activation: "relu" },
    { skip: true, branchScale: 0.5, survival: 0.5 },
  ] as const) {
    await withModel(mlp({ ...options, ...more }), async (model) => {
      await withModel(rewire(model, [2, 3, 4]), (same) => {
        expect(outputs(same)).toEqual(outputs(model));
      });
      expect(outputs(model).every(Number.isFinite)).toBe(true);
    });
  }
});

test("another order of linear layers is another product of their matrices; one that is left out is missing in it", async () => {
  await withModel(mlp(options), async (model) => {
    const product = (order: readonly number[]) =>
      tf.tidy(() => {
        const through = (h: tf.Tensor, layer: number) =>
          tf.matMul(h, affine(model, layer)[0]).add(affine(model, layer)[1]);
        return Array.from([1, ...order, 5].reduce(through, x() as tf.Tensor).dataSync());
      });
    for (const order of [[4, 2, 3], [2, 4], []]) {
      await withModel(rewire(model, order), (rewired) => {
        outputs(rewired).forEach((value, place) => {
          expect(value).toBeCloseTo(product(order)[place], 4);
        });
      });
    }
  });
});

test("a residual layer that is left out leaves what it would have added to", async () => {
  await withModel(mlp({ ...options, skip: true }), async (model) => {
    const [w1, b1, w3, b3, w5, b5] = [1, 3, 5].flatMap((layer) => affine(model, layer));
    const expected = tf.tidy(() => {
      const h = x().matMul(w1).add(b1) as tf.Tensor2D;
      const sum = h.add(h.matMul(w3).add(b3)) as tf.Tensor2D;
      return Array.from(sum.matMul(w5).add(b5).dataSync());
    });
    await withModel(rewire(model, [3]), (rewired) => {
      outputs(rewired).forEach((value, place) => {
        expect(value).toBeCloseTo(expected[place], 4);
      });
    });
  });
});

test("a layer that is not there, the first and the last one, and one that is named twice, are refused", async () => {
  await withModel(mlp(options), (model) => {
    for (const layer of [1, 5, 2.5, 2]) {
      expect(() => rewire(model, [2, layer])).toThrow(
        `order: expected hidden layers from 2 to 4 of a net made by nn.mlp, each once, got ${layer}`,
      );
    }
  });
});
