import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { visitWindows, type Sizes } from "./support/convolution";
import { values } from "./support/reference";
import { bits, expectGradients, expectNothingLeft, expectTrainedAsOnCpu, expectWithin, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

type Pad = "same" | "valid" | [[0, 0], [number, number], [number, number], [0, 0]];

interface Pooling {
  readonly batch: number;
  readonly channels: number;
  readonly window: [number, number];
  readonly strides: [number, number];
  readonly height: number;
  readonly width: number;
  readonly pad: Pad;
  readonly seed: number;
}

const side = fc.integer({ min: 1, max: 4 });
const poolings = fc
  .record({
    batch: fc.constantFrom(1, 1, 2, 3),
    channels: fc.constantFrom(1, 2, 3, 4, 5, 8, 9),
    window: fc.tuple(side, side),
    strides: fc.tuple(side, side),
    extra: fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 })),
    pad: fc.constantFrom<Pad>("same", "valid", [
      [0, 0],
      [1, 0],
      [0, 1],
      [0, 0],
    ]),
    seed: fc.integer({ min: 1, max: 1e6 }),
  })
  .map(({ extra, window, ...rest }): Pooling => {
    // A window of one row or column with a border would lie wholly outside.
    const pad = Array.isArray(rest.pad) && Math.min(...window) === 1 ? "valid" : rest.pad;
    return { ...rest, window, pad, height: window[0] + extra[0], width: window[1] + extra[1] };
  });

/** Values of which many are equal, so that there are ties. */
const coarse = (count: number, seed: number) => values(count, seed).map((value) => Math.round(4 * value) / 4);

function prepare({ batch, channels, window, strides, height, width, pad, seed }: Pooling) {
  const inShape: [number, number, number, number] = [batch, height, width, channels];
  const info = tf.backend_util.computePool2DInfo(inShape, window, strides, 1, pad);
  const sizes: Sizes = {
    batch,
    height,
    width,
    channels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outputs: channels,
    filterHeight: window[0],
    filterWidth: window[1],
    strides,
    dilations: [1, 1],
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
  return {
    sizes,
    x: tf.tensor4d(coarse(tf.util.sizeFromShape(inShape), seed), inShape),
    dy: tf.tensor4d(values(tf.util.sizeFromShape(info.outShape), seed + 1), info.outShape),
    attrs: { filterSize: window, strides, pad },
  };
}

type Prepared = ReturnType<typeof prepare>;

const kernel = (name: string, inputs: tf.NamedTensorMap, attrs: object) =>
  tf.engine().runKernel(name, inputs, attrs as unknown as tf.NamedAttrMap) as tf.Tensor;

function run({ x, dy, attrs }: Prepared) {
  const y = kernel("MaxPool", { x }, attrs);
  return {
    max: y,
    maxGradient: kernel("MaxPoolGrad", { dy, input: x, output: y }, attrs),
    mean: kernel("AvgPool", { x }, attrs),
    meanGradient: kernel("AvgPoolGrad", { dy, input: x }, attrs),
  };
}

/** The same in float64, by the definitions, with tfjs's division by the whole window in the gradient of the mean. */
function reference({ sizes, x, dy }: Prepared) {
  const [xs, dys, n] = [x.dataSync(), dy.dataSync(), sizes.channels];
  const max = new Float64Array(dys.length).fill(-Infinity);
  const where = new Int32Array(dys.length).fill(-1);
  const sum = new Float64Array(dys.length);
  const count = new Float64Array(dys.length);
  const meanGradient = new Float64Array(xs.length);
  visitWindows(sizes, (pixel, out) => {
    for (let c = 0; c < n; c++) {
      const [i, o] = [pixel * n + c, out * n + c];
      if (xs[i] > max[o]) {
        max[o] = xs[i];
        where[o] = i;
      }
      sum[o] += xs[i];
      count[o]++;
      meanGradient[i] += dys[o] / (sizes.filterHeight * sizes.filterWidth);
    }
  });
  const maxGradient = new Float64Array(xs.length);
  where.forEach((i, o) => {
    if (i >= 0) maxGradient[i] += dys[o];
  });
  return { max, maxGradient, mean: sum.map((value, o) => value / count[o]), meanGradient };
}

test("maxima, means and their gradients over windows of any shape agree with float64 and are the same bits twice", () => {
  fc.assert(
    fc.property(poolings, (pooling) => {
      tf.tidy(() => {
        const prepared = prepare(pooling);
        const expected = reference(prepared);
        const [actual, again] = [run(prepared), run(prepared)];
        expect(Array.from(actual.max.dataSync())).toEqual(Array.from(expected.max));
        // Sums of at most 16 numbers below 1 in float32.
        for (const name of ["maxGradient", "mean", "meanGradient"] as const) {
          expectWithin(actual[name].dataSync(), expected[name], 16 * 16 * 2 ** -24);
          expect(bits(again[name])).toBe(bits(actual[name]));
        }
      });
    }),
    { numRuns: 150 },
  );
});

test("all of them agree with tfjs's cpu backend, ties and windows over the edge included", async () => {
  const cases = fc.sample(poolings, { numRuns: 40, seed: 7 });
  const compute = () =>
    cases.map((pooling) =>
      tf.tidy(() => Object.values(run(prepare(pooling))).map((tensor) => Array.from(tensor.dataSync()))),
    );
  const wasm = compute();
  const cpu = await onCpu(compute);
  wasm.forEach((results, which) =>
    results.forEach((result, name) => expectWithin(result, cpu[which][name], 16 * 16 * 2 ** -24)),
  );
});

test("gradients of tf.maxPool and tf.avgPool agree with finite differences", () => {
  // Distances between any two values exceed the step, so that no maximum changes its place.
  const x = tf.tensor4d(
    Array.from({ length: 2 * 6 * 7 * 3 }, (_, i) => ((i * 97) % 252) / 8 - 15),
    [2, 6, 7, 3],
  );
  const weights = tf.tensor4d(values(2 * 3 * 3 * 3, 2), [2, 3, 3, 3]);
  const losses = [
    (a: tf.Tensor) =>
      tf
        .maxPool(a as tf.Tensor4D, 2, 2, "valid")
        .mul(weights)
        .sum(),
    (a: tf.Tensor) =>
      tf
        .avgPool(a as tf.Tensor4D, 2, 2, "valid")
        .mul(weights)
        .sum(),
  ];
  for (const loss of losses) {
    // Linear on each side of 1/16: what is left is the rounding of two losses below 400 over a step of 1/8.
    expectGradients(loss, [x], { step: 1 / 16, bound: 400 * 2 ** -22 * 16 });
  }
});

test("the gradient of a mean over positions has the bits of dividing, once and twice, for images and for sequences", async () => {
  for (const shape of [
    [3, 7, 5, 6],
    [3, 11, 5],
  ]) {
    const size = tf.util.sizeFromShape(shape);
    const [x, channels] = [tf.tensor(values(size, 1), shape), shape[shape.length - 1]];
    const axes = shape.slice(2).map((_, index) => index + 1);
    const dy = tf.tensor(values(3 * channels, 2), [3, channels]);
    const gradient = tf.grad((a) => a.mean(axes))(x, dy);
    const count = size / 3 / channels;
    const expected = dy
      .div(count)
      .reshape([3, ...axes.map(() => 1), channels])
      .mul(tf.onesLike(x));
    expect(bits(gradient)).toBe(bits(expected));
    // The squared norm of the gradient of a squared mean, differentiated once more.
    const second = (a: tf.Tensor) =>
      tf
        .grad((b) => b.mean(axes).square().sum())(a)
        .square()
        .sum();
    const twice = () =>
      Array.from(
        tf
          .grad((a) => second(a))(x)
          .dataSync(),
      );
    const onWasm = twice();
    expectWithin(onWasm, await onCpu(twice), 1e-7);
  }
});

test("NaN is passed over by a maximum and spoils a mean, as on cpu; a window without a number has no gradient", async () => {
  const windows = [
    [NaN, 1, 2, 3],
    [1, NaN, 2, 3],
    [3, 2, 1, NaN],
    [NaN, NaN, NaN, NaN],
    [-Infinity, -Infinity, -Infinity, -Infinity],
    [Infinity, 1, Infinity, 2],
    [5, 5, 5, 5],
  ];
  const compute = () =>
    windows.flatMap((window) =>
      [1, 5].flatMap((n) =>
        tf.tidy(() => {
          const x = tf.tensor4d(
            window.flatMap((value) => new Array<number>(n).fill(value)),
            [1, 2, 2, n],
          );
          const dy = tf.ones<tf.Rank.R4>([1, 1, 1, n]);
          const results = run({ x, dy, attrs: { filterSize: 2, strides: 2, pad: "valid" } } as unknown as Prepared);
          return Object.values(results).map((tensor) => Array.from(tensor.dataSync()));
        }),
      ),
    );
  expect(compute()).toEqual(await onCpu(compute));
});

test("what is not float32 is refused by name", () => {
  const x = tf.zeros([1, 2, 2, 1], "int32");
  const attrs = { filterSize: 2, strides: 2, pad: "valid" };
  expect(() => kernel("MaxPool", { x }, attrs)).toThrow(/maxPool: expected float32 tensors, got int32/);
  expect(() => kernel("AvgPool", { x }, attrs)).toThrow(/avgPool: expected float32 tensors, got int32/);
});

const net = () =>
  tf.sequential({
    layers: [
      tf.layers.maxPooling2d({ inputShape: [8, 8, 3], poolSize: 3, strides: 2, padding: "same" }),
      tf.layers.dense({
        units: 6,
        activation: "relu",
        weights: [tf.tensor2d(values(18, 1), [3, 6]), tf.tensor1d(values(6, 2))],
      }),
      tf.layers.averagePooling2d({ poolSize: 2, strides: 1 }),
      tf.layers.dense({ units: 5, weights: [tf.tensor2d(values(30, 3), [6, 5]), tf.zeros([5])] }),
      tf.layers.globalAveragePooling2d({}),
    ],
  });

const data = () => [tf.tensor(values(4 * 192, 5), [4, 8, 8, 3]), tf.tensor(values(20, 6), [4, 5])] as const;

test("a net with pooling trained for four steps has the weights that the cpu backend gives", async () => {
  // The backends round differently: some 1e-7 a gradient, times four steps of rate 0.1.
  await expectTrainedAsOnCpu(net, data, 1e-6);
});

test("two hundred training steps leave no tensor and no data behind", async () => {
  const model = net();
  model.compile({ optimizer: tf.train.sgd(0.001), loss: tf.losses.meanSquaredError as never }); // a function: steps stay ordinary
  await expectNothingLeft(model, data(), 200);
});
