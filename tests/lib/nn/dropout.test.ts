import { ready, tf } from "@deepen/engine";
import { examples } from "../../../lib/src/data/examples";
import { rng } from "../../../lib/src/math/rng";
import { Dropout } from "../../../lib/src/nn/dropout";
import { mlp } from "../../../lib/src/nn/mlp";
import { fit } from "../../../lib/src/train/fit";
import { fakeHost } from "../../support/fakeHost";
import { weightsOf } from "../../support/engine";

beforeAll(() => ready());
beforeEach(() => {
  fakeHost();
});

const ones = (): tf.Tensor2D => tf.ones([50, 40]);
const masks = (seed: number, calls: number): Float32Array[] => {
  const layer = new Dropout({ rate: 0.25, seed });
  const result = Array.from({ length: calls }, () =>
    tf.tidy(() => (layer.apply(ones(), { training: true }) as tf.Tensor).dataSync().slice() as Float32Array),
  );
  layer.dispose();
  return result;
};

test("it drops the share it is told and makes up for it, other numbers at every step", () => {
  const [first, second] = masks(1, 2);
  // Binomial with 2,000 draws at 1 in 4: standard deviation 19.4.
  for (const mask of [first, second]) {
    expect(Math.abs(mask.filter((value) => value === 0).length - 500)).toBeLessThan(4 * 19.4);
    expect(mask.every((value) => value === 0 || Math.abs(value - 4 / 3) < 1e-6)).toBe(true);
  }
  expect(first).not.toEqual(second);
});

test("the same seed drops the same numbers step by step, another seed others", () => {
  expect(masks(1, 3)).toEqual(masks(1, 3));
  expect(masks(1, 1)).not.toEqual(masks(2, 1));
});

test("out of training all passes", () => {
  tf.tidy(() => {
    const layer = new Dropout({ rate: 0.9, seed: 1 });
    expect((layer.apply(ones()) as tf.Tensor).dataSync().every((value) => value === 1)).toBe(true);
    layer.dispose();
  });
});

const net = (): tf.LayersModel =>
  mlp({ depth: 3, width: 8, inputs: 4, classes: 2, activation: "relu", init: "heNormal", seed: 1, dropout: 0.5 });

test("a net refuses a rate that is none", () => {
  const options = { depth: 2, width: 3, inputs: 2, activation: "relu", init: "heNormal", seed: 1 } as const;
  for (const dropout of [NaN, 1, -0.1]) {
    expect(() => mlp({ ...options, dropout })).toThrow(`rate: expected a number from 0 to below 1, got ${dropout}`);
  }
});

test("a net with dropout trains to the same weights twice, and to others than without", async () => {
  const random = rng(1);
  const points = examples({
    x: Float32Array.from({ length: 80 }, () => random.normal()),
    labels: Uint8Array.from({ length: 20 }, (_, index) => index % 2),
    shape: [4],
    classes: 2,
  });
  const train = async (dropout: number): Promise<number[]> => {
    const model = mlp({
      depth: 3,
      width: 8,
      inputs: 4,
      classes: 2,
      activation: "relu",
      init: "heNormal",
      seed: 1,
      dropout,
    });
    await fit(model, points, { steps: 8, batchSize: 5, optimizer: { kind: "sgd", learningRate: 0.1 }, seed: 2 });
    const weights = Array.from(weightsOf(model));
    model.dispose();
    return weights;
  };
  const before = tf.memory().numTensors;
  const dropped = await train(0.5);
  expect(await train(0.5)).toEqual(dropped);
  expect(await train(0)).not.toEqual(dropped);
  expect(tf.memory().numTensors).toBe(before);
});

test("the gradient passes where the number passed, and nowhere else", () => {
  tf.tidy(() => {
    const layer = new Dropout({ rate: 0.5, seed: 3 });
    let kept: tf.Tensor | undefined;
    const gradient = tf.grad((x) => {
      const out = layer.apply(x, { training: true }) as tf.Tensor;
      kept = tf.keep(out.clone());
      return out.sum();
    })(ones());
    expect(gradient.dataSync()).toEqual(kept!.dataSync());
    kept!.dispose();
    layer.dispose();
  });
});

test("it is saved and loaded with its rate and seed", async () => {
  const model = net();
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } });
    }),
  );
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
  expect(loaded.getLayer("dropout2").getConfig()).toEqual(model.getLayer("dropout2").getConfig());
  tf.tidy(() => {
    const x = tf.ones([3, 4]);
    const [a, b] = [model, loaded].map((one) => (one.apply(x, { training: true }) as tf.Tensor).dataSync());
    expect(a).toEqual(b);
  });
  model.dispose();
  loaded.dispose();
});

test("a rate of 1 or below 0 is refused", () => {
  expect(() => new Dropout({ rate: 1, seed: 1 })).toThrow("rate: expected a number from 0 to below 1, got 1");
  expect(() => new Dropout({ rate: -0.1, seed: 1 })).toThrow("got -0.1");
});
