import { tf } from "@deepen/engine";
import { examples } from "../../../lib/src/data/examples";
import { rng } from "../../../lib/src/math/rng";
import { convNet } from "../../../lib/src/nn/convNet";
import { mlp } from "../../../lib/src/nn/mlp";
import { occlusion } from "../../../lib/src/probe/occlusion";
import { useEngine, withModel } from "../../support/engine";
import { fakeHost } from "../../support/fakeHost";

useEngine();
beforeEach(() => void fakeHost());

const random = rng(4);
const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
const pictures = examples({ x: normals(3 * 30), labels: Uint8Array.of(0, 1, 1), shape: [5, 6, 1], classes: 2 });
const signals = examples({ x: normals(2 * 20), labels: Uint8Array.of(1, 0), shape: [20, 1], classes: 2 });
const net = (inputShape: readonly number[]) => convNet({ inputShape, depth: 3, channels: 4, classes: 2, seed: 7 });

/** The probability of the label for one input, by plain prediction. */
function probability(model: tf.LayersModel, x: Float32Array, shape: readonly number[], label: number): number {
  return tf.tidy(() => (model.predict(tf.tensor(x, [1, ...shape])) as tf.Tensor2D).softmax().dataSync()[label]);
}

test("it is the loss of the label's probability with the square around each pixel of a picture at 0", async () => {
  await withModel(net([5, 6, 1]), async (model) => {
    const falls = await occlusion(model, pictures, 2, 3);
    const whole = pictures.x.slice(60, 90);
    const before = probability(model, whole, [5, 6, 1], 1);
    falls.forEach((fall, place) => {
      const hidden = whole.map((value, index) => {
        const [down, across] = [Math.floor(index / 6) - Math.floor(place / 6), (index % 6) - (place % 6)];
        return Math.abs(down) <= 1 && Math.abs(across) <= 1 ? 0 : value;
      });
      // Float32's rounding of a softmax.
      expect(fall).toBeCloseTo(before - probability(model, hidden, [5, 6, 1], 1), 6);
    });
    expect(Math.max(...falls.map(Math.abs))).toBeGreaterThan(0.01);
  });
});

test("of a signal, a stretch is hidden, and one as long as the signal leaves what the net says of nothing", async () => {
  await withModel(net([20, 1]), async (model) => {
    const falls = await occlusion(model, signals, 1, 39);
    const before = probability(model, signals.x.slice(20), [20, 1], 0);
    const nothing = probability(model, new Float32Array(20), [20, 1], 0);
    // The middle of 39 places reaches both ends from everywhere.
    for (const fall of falls) expect(fall).toBeCloseTo(before - nothing, 6);
    const [first] = await occlusion(model, signals, 1, 1);
    const hidden = signals.x.slice(20);
    hidden[0] = 0;
    expect(first).toBeCloseTo(before - probability(model, hidden, [20, 1], 0), 6);
  });
});

test("nets without places, examples that are not there and even sizes are refused", async () => {
  await withModel(net([5, 6, 1]), async (model) => {
    await expect(occlusion(model, pictures, 3, 3)).rejects.toThrow("example: expected 0 to 2, got 3");
    await expect(occlusion(model, pictures, 0, 2)).rejects.toThrow("size: expected an odd whole number, got 2");
  });
  await withModel(
    mlp({ depth: 2, width: 2, inputs: 30, activation: "relu", init: "heNormal", seed: 1 }),
    async (model) => {
      await expect(occlusion(model, pictures, 0, 3)).rejects.toThrow("model: expected inputs with places");
    },
  );
});
