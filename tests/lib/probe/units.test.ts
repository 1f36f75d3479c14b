import { tf } from "@deepen/engine";
import { examples } from "../../../lib/src/data/examples";
import { rng } from "../../../lib/src/math/rng";
import { initializer } from "../../../lib/src/nn/initializer";
import { ascent, maximise } from "../../../lib/src/probe/maximise";
import { mostActivating } from "../../../lib/src/probe/mostActivating";
import { receptiveField } from "../../../lib/src/probe/receptiveField";
import { submodel } from "../../../lib/src/probe/unit";
import { useEngine, weightsOf } from "../../support/engine";
import { fakeHost } from "../../support/fakeHost";

useEngine();
beforeEach(() => void fakeHost());

/** A small net of convolutions, strides and pooling, with a branch that is added. */
function net(): tf.LayersModel {
  const input = tf.input({ shape: [20, 20, 1] });
  const conv = (name: string, kernelSize: number, strides: number, seed: number): tf.layers.Layer =>
    tf.layers.conv2d({
      name,
      filters: 3,
      kernelSize,
      strides,
      padding: "same",
      kernelInitializer: initializer("heNormal", seed),
    });
  const first = conv("first", 3, 2, 1).apply(input) as tf.SymbolicTensor;
  const bent = tf.layers.activation({ name: "bent", activation: "tanh" }).apply(first) as tf.SymbolicTensor;
  const second = conv("second", 5, 1, 2).apply(bent) as tf.SymbolicTensor;
  const sum = tf.layers.add({ name: "sum" }).apply([bent, second]) as tf.SymbolicTensor;
  const pooled = tf.layers.averagePooling2d({ name: "pooled", poolSize: 2 }).apply(sum) as tf.SymbolicTensor;
  const flat = tf.layers.flatten({ name: "flat" }).apply(pooled) as tf.SymbolicTensor;
  const output = tf.layers.dense({ name: "output", units: 4, kernelInitializer: initializer("heNormal", 3) });
  return tf.model({ inputs: input, outputs: output.apply(flat) as tf.SymbolicTensor });
}

const random = rng(2);
const pictures = examples({
  x: Float32Array.from({ length: 30 * 400 }, () => random.normal()),
  labels: new Uint8Array(30),
  shape: [20, 20, 1],
  classes: 2,
});

let model: tf.LayersModel;
beforeAll(() => (model = net()));
afterAll(() => void model.dispose());

describe("receptiveField", () => {
  test.each(["first", "bent", "second", "sum", "pooled"])(
    "holds exactly the pixels that a position of %s depends on, in a corner and in the middle",
    (layer) => {
      const part = submodel(model, { layer, channel: 0 });
      const [down, across] = receptiveField(part.outputs[0]);
      const length = part.outputs[0].shape[1]!;
      for (const position of [0, Math.floor(length / 2), length - 1]) {
        const gradient = tf.tidy(() => {
          const at = (x: tf.Tensor): tf.Scalar =>
            (part.apply(x) as tf.Tensor4D).slice([0, position, position, 0], [1, 1, 1, 1]).asScalar();
          return tf
            .grad(at)(tf.tensor(pictures.x.slice(0, 400), [1, 20, 20, 1]))
            .dataSync();
        });
        const rows = Array.from({ length: 20 }, (_, row) => row).filter((row) =>
          gradient.subarray(row * 20, row * 20 + 20).some((value) => value !== 0),
        );
        const start = down.start + position * down.stride;
        expect([rows[0], rows.at(-1)]).toEqual([Math.max(0, start), Math.min(19, start + down.size - 1)]);
        expect(across).toEqual(down);
      }
    },
  );

  test("is refused behind a layer that mixes all positions", () => {
    expect(() => receptiveField(submodel(model, { layer: "output", channel: 0 }).outputs[0])).toThrow(
      /the receptive field through a|keeps positions apart/,
    );
  });
});

describe("mostActivating", () => {
  test("cuts the pieces for which the unit is greatest, one an example, the strongest first", async () => {
    const unit = { layer: "first", channel: 1 };
    const patches = await mostActivating(model, unit, pictures, 5);
    const kernel = model.getLayer("first").getWeights()[0].dataSync();
    expect(patches.map(({ activation }) => activation)).toEqual(
      patches.map(({ activation }) => activation).sort((a, b) => b - a),
    );
    expect(new Set(patches.map(({ example }) => example)).size).toBe(5);
    for (const { values, shape, activation } of patches) {
      expect(shape).toEqual([3, 3, 1]);
      // The unit's value is the piece times the kernel, so it must be the right piece.
      expect(values.reduce((sum, value, tap) => sum + value * kernel[tap * 3 + 1], 0)).toBeCloseTo(activation, 4);
    }
    const all = tf.tidy(() => {
      const outputs = submodel(model, unit).apply(tf.tensor(pictures.x, [30, 20, 20, 1])) as tf.Tensor4D;
      return outputs.slice([0, 0, 0, 1], [-1, -1, -1, 1]).max([1, 2, 3]).dataSync();
    });
    expect(patches[0].activation).toBeCloseTo(Math.max(...all), 5);
    expect(patches[4].activation).toBeCloseTo(Array.from(all).sort((a, b) => b - a)[4], 5);
  });

  test("names layers and channels that are not there", async () => {
    await expect(mostActivating(model, { layer: "third", channel: 0 }, pictures)).rejects.toThrow(
      'unit.layer: the model has no layer "third"; it has ',
    );
    await expect(mostActivating(model, { layer: "first", channel: 3 }, pictures)).rejects.toThrow(
      'unit.channel: expected 0 to 2 in layer "first", got 3',
    );
    await expect(mostActivating(model, { layer: "first", channel: 0 }, pictures, 31)).rejects.toThrow(
      "count: expected 1 to 30 pieces",
    );
  });
});

describe("maximise", () => {
  test.each([{}, { l2: 2 }, { totalVariation: 3 }])(
    "climbs along the true gradient, penalties %j included",
    (penalties) => {
      const part = submodel(model, { layer: "second", channel: 2 });
      const x = Float32Array.from(pictures.x.subarray(0, 400));
      const { gradient } = ascent(part, 2, x, penalties);
      const step = 1 / 128;
      for (const pixel of [190, 210, 211, 230, 0]) {
        const at = (by: number): number =>
          ascent(
            part,
            2,
            x.map((value, index) => (index === pixel ? value + by : value)),
            penalties,
          ).value;
        const difference = (at(step) - at(-step)) / (2 * step);
        expect(Math.abs(difference - gradient[pixel])).toBeLessThan(2e-3 * Math.max(1, Math.abs(gradient[pixel])));
      }
    },
  );

  test("excites the unit more than any example does, and the same seed gives the same input", async () => {
    const unit = { layer: "output", channel: 1 };
    const before = weightsOf(model);
    const options = { seed: 1, steps: 40, jitter: 1, l2: 0.1 };
    const [made, again] = [await maximise(model, unit, options), await maximise(model, unit, options)];
    const outputs = tf.tidy(() => (model.predict(tf.tensor(pictures.x, [30, 20, 20, 1])) as tf.Tensor2D).dataSync());
    const best = Math.max(...Array.from({ length: 30 }, (_, row) => outputs[row * 4 + 1]));
    expect(made.activation).toBeGreaterThan(best);
    expect(again).toEqual(made);
    expect(weightsOf(model)).toEqual(before);
  });

  test("finds the matched filter of a linear unit: the kernel itself, where it lies", async () => {
    const { values } = await maximise(model, { layer: "first", channel: 0 }, { seed: 2, steps: 100 });
    const kernel = model.getLayer("first").getWeights()[0].dataSync();
    const { start, stride } = receptiveField(submodel(model, { layer: "first", channel: 0 }).outputs[0])[0];
    const corner = start + 5 * stride;
    const seen = Array.from(
      { length: 9 },
      (_, tap) => values[(corner + Math.floor(tap / 3)) * 20 + corner + (tap % 3)],
    );
    const wanted = seen.map((_, tap) => kernel[tap * 3]);
    const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i], 0);
    expect(dot(seen, wanted) / Math.sqrt(dot(seen, seen) * dot(wanted, wanted))).toBeGreaterThan(0.98);
  });

  test("is smoother with a penalty on total variation", async () => {
    const roughness = (values: Float32Array): number =>
      values.reduce((sum, value, index) => (index % 20 === 0 ? sum : sum + Math.abs(value - values[index - 1])), 0) /
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    const unit = { layer: "output", channel: 0 };
    const rough = await maximise(model, unit, { seed: 3 });
    const smooth = await maximise(model, unit, { seed: 3, totalVariation: 20 });
    expect(roughness(smooth.values)).toBeLessThan(0.8 * roughness(rough.values));
  });
});
