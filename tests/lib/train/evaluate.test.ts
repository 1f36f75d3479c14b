import { tf } from "@deepen/engine";
import { examples } from "../../../lib/src/data/examples";
import { countRight } from "../../../lib/src/train/accuracy";
import { evaluate } from "../../../lib/src/train/evaluate";
import { useEngine, withModel } from "../../support/engine";
import { fakeHost } from "../../support/fakeHost";

useEngine();
beforeEach(() => {
  fakeHost();
});

/** A model that passes its two inputs on as logits. */
function identity(): tf.LayersModel {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, useBias: false, inputShape: [2] })] });
  const eye = tf.eye(2);
  model.setWeights([eye]);
  eye.dispose();
  return model;
}

test("loss and accuracy are means over all examples, also where the last batch is smaller", async () => {
  // 1,100 examples: two batches of 500 and one of 100. Every third is wrong.
  const count = 1100;
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 2);
  const margin = (index: number): number => (index % 3 === 0 ? -1 : 1) * (1 + index / count);
  const x = Float32Array.from({ length: 2 * count }, (_, k) => {
    const index = k >> 1;
    return k % 2 === labels[index] ? margin(index) : 0;
  });
  const loss = Array.from({ length: count }, (_, index) => Math.log1p(Math.exp(-margin(index))));
  await withModel(identity(), async (model) => {
    const score = await evaluate(model, examples({ x, labels, shape: [2], classes: 2 }));
    expect(score.loss).toBeCloseTo(loss.reduce((sum, value) => sum + value, 0) / count, 5);
    expect(score.accuracy).toBe(loss.filter((value) => value < Math.LN2).length / count);
  });
});

test("a row of NaN is wrong, not class 0; ties go to the first", () => {
  expect(countRight([NaN, NaN, 1, 2, 5, 5], [1, 0, 0, 1, 1, 0], 2)).toBe(2);
});

test("it stops between batches when the reader asks", async () => {
  fakeHost({ stopRequested: () => true });
  await withModel(identity(), async (model) => {
    const some = examples({ x: new Float32Array(4), labels: new Uint8Array(2), shape: [2], classes: 2 });
    await expect(evaluate(model, some)).rejects.toThrow("stopped at example 2 of 2; variables are kept");
  });
});
