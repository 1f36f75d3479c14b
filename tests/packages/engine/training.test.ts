import { createHash } from "node:crypto";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { expectNothingLeft } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));

function deepNet(seed: number): tf.Sequential {
  const units = [8, 24, 24, 24, 5];
  const model = tf.sequential();
  units.slice(1).forEach((width, layer) => {
    const inputs = units[layer];
    const kernel = values(inputs * width, seed + layer).map((value) => value * Math.sqrt(6 / inputs));
    model.add(
      tf.layers.dense({
        units: width,
        inputShape: layer === 0 ? [inputs] : undefined,
        activation: layer === units.length - 2 ? "linear" : "relu",
        weights: [tf.tensor2d(kernel, [inputs, width]), tf.zeros([width])],
      }),
    );
  });
  return model;
}

async function train(steps: number, optimizer: tf.Optimizer): Promise<Float32Array[]> {
  const model = deepNet(11);
  model.compile({ optimizer, loss: "meanSquaredError" });
  const x = tf.tensor2d(values(32 * 8, 3), [32, 8]);
  const y = tf.tensor2d(values(32 * 5, 4), [32, 5]);
  for (let step = 0; step < steps; step++) await model.trainOnBatch(x, y);
  return model.getWeights().map((weight) => weight.dataSync() as Float32Array);
}

const hash = (weights: Float32Array[]) => {
  const digest = createHash("sha256");
  weights.forEach((weight) => digest.update(Buffer.from(weight.buffer)));
  return digest.digest("hex");
};

test("a deep net trained for four steps has the weights that the cpu backend gives", async () => {
  const wasm = await train(4, tf.train.sgd(0.1));
  await tf.setBackend("cpu");
  const cpu = await train(4, tf.train.sgd(0.1));
  await tf.setBackend("wasm");
  // The backends round differently (cpu sums in float64): about 1e-7 a weight and step, times four steps and layers.
  wasm.forEach((weight, which) =>
    weight.forEach((value, i) => {
      expect(Math.abs(value - cpu[which][i])).toBeLessThan(2e-6);
    }),
  );
});

test("training twice gives the same bits, and those of the committed hash, on every machine", async () => {
  const first = hash(await train(50, tf.train.adam(0.01)));
  expect(hash(await train(50, tf.train.adam(0.01)))).toBe(first);
  expect(first).toBe("9cb2386bec8530a781c984bd472640ceebbfaef775f3e39d01185a1417b892f8");
});

test("a thousand training steps leave no tensor and no data behind", async () => {
  const model = deepNet(1);
  model.compile({ optimizer: tf.train.momentum(0.01, 0.9), loss: "meanSquaredError" });
  const x = tf.tensor2d(values(4 * 8, 3), [4, 8]);
  const y = tf.tensor2d(values(4 * 5, 4), [4, 5]);
  await expectNothingLeft(model, [x, y], 1000);
});
