import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { bits, expectClose, expectNothingLeft, numericGradient, onCpu } from "./support/tensors";

/** tfjs's own kernel: the engine replaces it when it starts. */
const stockInUse = tf.getKernel("FusedBatchNorm", "wasm").kernelFunc;

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

type Args = NonNullable<Parameters<typeof tf.layers.batchNormalization>[0]>;

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

const tensor = (shape: number[], seed: number, shift = 0): tf.Tensor =>
  tf.tensor(
    values(sizeOf(shape), seed).map((value) => value + shift),
    shape,
  );

/** A built layer whose weights are no ones and zeros. */
function built<L extends tf.layers.Layer>(layer: L, shape: number[]): L {
  layer.build([null, ...shape.slice(1)]);
  layer.setWeights(layer.weights.map((weight, i) => tensor(weight.shape as number[], 20 + i, 1.5)));
  return layer;
}

/** What it must be, in float64: every group of elements with mean 0 and variance 1, then scaled and shifted. */
function normalized(x: ArrayLike<number>, groupOf: (index: number) => number, epsilon: number): Float64Array {
  const groups = new Map<number, number[]>();
  Array.from(x).forEach((value, i) => groups.set(groupOf(i), [...(groups.get(groupOf(i)) ?? []), value]));
  const statistics = new Map(
    [...groups].map(([group, members]) => {
      const mean = members.reduce((sum, value) => sum + value, 0) / members.length;
      const variance = members.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / members.length;
      return [group, { mean, root: Math.sqrt(variance + epsilon) }] as const;
    }),
  );
  return Float64Array.from(x, (value, i) => {
    const { mean, root } = statistics.get(groupOf(i))!;
    return (value - mean) / root;
  });
}

const shapes = fc
  .array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 })
  .chain((outer) => fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 25, 33).map((channels) => [...outer, channels]));

test("batch normalisation gives every channel mean 0 and variance 1, then its scale and its shift, in any shape", () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 1000 }), (shape, seed) => {
      tf.tidy(() => {
        const channels = shape[shape.length - 1];
        const layer = built(tf.layers.batchNormalization({ epsilon: 0.01 }), shape);
        const x = tensor(shape, seed, 3);
        const [gamma, beta] = layer.getWeights().map((weight) => weight.dataSync());
        const y = layer.apply(x, { training: true }) as tf.Tensor;
        const expected = normalized(x.dataSync(), (i) => i % channels, 0.01).map(
          (value, i) => value * gamma[i % channels] + beta[i % channels],
        );
        // Values about 3 minus their mean lose two bits; a root and three roundings follow.
        expectClose(y.dataSync(), expected, 4e-6);
      });
    }),
  );
});

test("layer normalisation gives every row mean 0 and variance 1, then its scale and its shift, in any shape", () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 1000 }), (shape, seed) => {
      tf.tidy(() => {
        const columns = shape[shape.length - 1];
        const layer = built(tf.layers.layerNormalization({ epsilon: 0.01 }), shape);
        const x = tensor(shape, seed, 3);
        const [gamma, beta] = layer.getWeights().map((weight) => weight.dataSync());
        const y = layer.apply(x) as tf.Tensor;
        const expected = normalized(x.dataSync(), (i) => Math.floor(i / columns), 0.01).map(
          (value, i) => value * gamma[i % columns] + beta[i % columns],
        );
        expectClose(y.dataSync(), expected, 4e-6);
      });
    }),
  );
});

test("the moving statistics move as tfjs's own layer moves them", async () => {
  const shape = [6, 5, 9];
  const moved = () => {
    const layer = built(tf.layers.batchNormalization({ momentum: 0.7 }), shape);
    for (let step = 1; step <= 3; step++) layer.apply(tensor(shape, step, step), { training: true });
    return layer.getWeights().map((weight) => weight.dataSync().slice());
  };
  const [wasm, cpu] = [moved(), await onCpu(moved)];
  // Means of 30 numbers, each rounded in float32.
  wasm.forEach((weight, i) => expectClose(weight, cpu[i], 1e-6));
});

const gradientCases: [string, () => tf.layers.Layer, number[]][] = [
  ["batch normalisation", () => tf.layers.batchNormalization({ epsilon: 0.1 }), [3, 4, 5]],
  ["batch normalisation without center", () => tf.layers.batchNormalization({ epsilon: 0.1, center: false }), [7, 6]],
  ["batch normalisation without scale", () => tf.layers.batchNormalization({ epsilon: 0.1, scale: false }), [7, 6]],
  ["batch normalisation over another axis", () => tf.layers.batchNormalization({ epsilon: 0.1, axis: 1 }), [3, 4, 5]],
  ["layer normalisation", () => tf.layers.layerNormalization({ epsilon: 0.1 }), [5, 7]],
  ["layer normalisation over two axes", () => tf.layers.layerNormalization({ epsilon: 0.1, axis: [1, 2] }), [3, 3, 5]],
  ["layer normalisation without center", () => tf.layers.layerNormalization({ epsilon: 0.1, center: false }), [5, 8]],
  ["layer normalisation without scale", () => tf.layers.layerNormalization({ epsilon: 0.1, scale: false }), [5, 8]],
];

test.each(gradientCases)("the gradients of %s are those of finite differences", (_, make, shape) => {
  const layer = built(make(), shape);
  const factors = tensor(shape, 9);
  const x = tensor(shape, 4);
  const loss = (input: tf.Tensor) => (layer.apply(input, { training: true }) as tf.Tensor).mul(factors).sum();
  // A step of 2^-6 on values of size 1: the third derivative costs some 1e-4, rounding of sums of size 10 some 1e-4.
  const step = 1 / 64;
  expectClose(tf.grad(loss)(x).dataSync(), numericGradient(loss, x, step), 1e-3);
  for (const weight of layer.trainableWeights) {
    const variable = weight.read() as tf.Variable;
    const start = variable.clone();
    const ofWeight = (value: tf.Tensor) => {
      variable.assign(value);
      return loss(x);
    };
    const numeric = numericGradient(ofWeight, start, step);
    variable.assign(start);
    const { grads } = tf.variableGrads(() => loss(x) as tf.Scalar, [variable]);
    expectClose(grads[variable.name].dataSync(), numeric, 1e-3);
  }
});

test("a gradient of a gradient goes through batch normalisation as on cpu", async () => {
  const second = () => {
    const layer = built(tf.layers.batchNormalization({ epsilon: 0.1 }), [4, 3]);
    const first = tf.grad((x: tf.Tensor) =>
      (layer.apply(x, { training: true }) as tf.Tensor)
        .square()
        .mul(tensor([4, 3], 8))
        .sum(),
    );
    return tf
      .grad((x: tf.Tensor) => first(x).square().sum())(tensor([4, 3], 5))
      .dataSync()
      .slice();
  };
  const wasm = second();
  expectClose(wasm, await onCpu(second), 1e-4);
});

test("one NaN makes its whole channel NaN, and no other", () => {
  const layer = built(tf.layers.batchNormalization(), [4, 6]);
  const numbers = values(24, 3);
  numbers[8] = NaN;
  const y = (layer.apply(tf.tensor2d(numbers, [4, 6]), { training: true }) as tf.Tensor).dataSync();
  expect(Array.from(y, Number.isNaN)).toEqual(Array.from(y, (_, i) => i % 6 === 2));
});

test("a batch of one example normalises to the shift", () => {
  const layer = built(tf.layers.batchNormalization(), [1, 5]);
  const y = layer.apply(tensor([1, 5], 3), { training: true }) as tf.Tensor;
  expect(Array.from(y.dataSync())).toEqual(Array.from(layer.getWeights()[1].dataSync()));
});

test("in use, the stored statistics normalise, and stay as they are", async () => {
  const use = () => {
    const layer = built(tf.layers.batchNormalization(), [4, 6]);
    const before = layer.getWeights().map(bits);
    const y = (layer.apply(tensor([4, 6], 2)) as tf.Tensor).dataSync().slice();
    expect(layer.getWeights().map(bits)).toEqual(before);
    return y;
  };
  expectClose(use(), await onCpu(use), 2e-6);
});

test("in use, values have the bits of tfjs's own kernel, in any shape, NaN and infinities included", () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 1000 }), fc.constantFrom(0, 1e-3, 0.1), (shape, seed, epsilon) => {
      tf.tidy(() => {
        const channels = shape[shape.length - 1];
        const numbers = values(sizeOf(shape), seed);
        [NaN, Infinity, -Infinity].forEach((number, i) => (numbers[(7 * i + seed) % numbers.length] = number));
        const x = tf.tensor(numbers, shape);
        const [mean, offset, scale] = [1, 2, 3].map((i) => tensor([channels], seed + i));
        const variance = tensor([channels], seed + 4).square();
        const inputs = { x, mean, variance, offset, scale };
        const ours = tf.batchNorm(
          x,
          mean as tf.Tensor1D,
          variance as tf.Tensor1D,
          offset as never,
          scale as never,
          epsilon,
        );
        const { backend } = tf.engine();
        const own = stockInUse({ inputs, backend, attrs: { varianceEpsilon: epsilon } }) as tf.TensorInfo;
        const theirs = tf.engine().makeTensorFromTensorInfo(own);
        expect(Array.from(ours.dataSync())).toEqual(Array.from(theirs.dataSync()));
      });
    }),
  );
});

test("in use, statistics of another shape, no scale and no center go to tfjs's own kernel", async () => {
  const use = () => {
    const [x, mean, variance] = [tensor([3, 2, 4], 1), tensor([2, 4], 2), tensor([2, 4], 3, 2)];
    const whole = tf.batchNorm(x, mean as never, variance as never);
    const rows = tf.batchNorm(x, mean.slice(0, 1).reshape([4]) as never, variance.slice(0, 1).reshape([4]) as never);
    return [whole, rows].map((y) => y.dataSync().slice());
  };
  const wasm = use();
  (await onCpu(use)).forEach((expected, i) => expectClose(wasm[i], expected, 2e-6));
});

test("a thousand steps through both layers leave no tensor and no data behind", async () => {
  const args: Args = { center: false };
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, inputShape: [4] }),
      tf.layers.batchNormalization(args),
      tf.layers.layerNormalization(),
      tf.layers.dense({ units: 2 }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.01), loss: tf.losses.meanSquaredError as never }); // a function: steps stay ordinary
  const [x, y] = [tensor([6, 4], 1), tensor([6, 2], 2)];
  await expectNothingLeft(model, [x, y], 1000);
});
