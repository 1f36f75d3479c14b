import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { visitWindows } from "./support/convolution";
import { withValues } from "./support/convolutionCases";
import { values } from "./support/reference";
import { bits, expectGradients, expectNothingLeft, expectTrainedAsOnCpu, expectWithin, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const one = fc.constant<[number, number]>([1, 1]);
const pair = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
const side = fc.integer({ min: 1, max: 4 });
const border = fc.integer({ min: 0, max: 2 });

type Pad = "same" | "valid" | [[0, 0], [number, number], [number, number], [0, 0]];

const convolutions = fc
  .record({
    batch: fc.constantFrom(1, 1, 2, 3),
    filter: fc.tuple(side, side),
    channels: fc.constantFrom(1, 2, 3, 5, 8, 11),
    multiplier: fc.constantFrom(1, 1, 2, 3),
    extra: fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 })),
    stretch: fc.oneof(fc.record({ strides: pair, dilations: one }), fc.record({ strides: one, dilations: pair })),
    pad: fc.oneof(
      fc.constantFrom<Pad>("same", "valid"),
      fc.tuple(border, border, border, border).map(([top, bottom, left, right]): Pad => [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]),
    ),
    seed: fc.integer({ min: 1, max: 1e6 }),
  })
  .map(({ filter, extra, stretch, ...rest }) => {
    const [height, width] = [0, 1].map((axis) => (filter[axis] - 1) * stretch.dilations[axis] + 1 + extra[axis]);
    return { ...rest, ...stretch, filter, height, width };
  });

type Convolution = typeof convolutions extends fc.Arbitrary<infer T> ? T : never;

function prepare(convolution: Convolution) {
  const { batch, height, width, channels, multiplier, filter, strides, dilations, pad } = convolution;
  const inShape: [number, number, number, number] = [batch, height, width, channels];
  const filterShape: [number, number, number, number] = [...filter, channels, multiplier];
  const info = tf.backend_util.computeConv2DInfo(inShape, filterShape, strides, dilations, pad, "floor", true);
  return withValues(convolution, info);
}

function run({ inShape, filterShape, outShape, x, w, dy, attrs }: ReturnType<typeof prepare>) {
  const [xs, ws, dys] = [tf.tensor(x, inShape), tf.tensor(w, filterShape), tf.tensor(dy, outShape)];
  const kernel = (name: string, inputs: tf.NamedTensorMap, more: object) =>
    tf.engine().runKernel(`DepthwiseConv2dNative${name}`, inputs, {
      ...attrs,
      ...more,
    } as unknown as tf.NamedAttrMap) as tf.Tensor;
  return {
    y: kernel("", { x: xs, filter: ws }, {}),
    dx: kernel("BackpropInput", { dy: dys, filter: ws }, { inputShape: inShape }),
    dfilter: kernel("BackpropFilter", { x: xs, dy: dys }, { filterShape }),
  };
}

/** The same in float64, by the definition. */
function reference({ sizes, x, w, dy }: ReturnType<typeof prepare>) {
  const { channels, outputs } = sizes;
  const y = new Float64Array(dy.length);
  const dx = new Float64Array(x.length);
  const dfilter = new Float64Array(w.length);
  visitWindows(sizes, (pixel, out, place) => {
    for (let f = 0; f < outputs; f++) {
      const c = Math.floor((f * channels) / outputs);
      const [i, o, k] = [pixel * channels + c, out * outputs + f, place * outputs + f];
      y[o] += x[i] * w[k];
      dx[i] += dy[o] * w[k];
      dfilter[k] += x[i] * dy[o];
    }
  });
  return { y, dx, dfilter };
}

/** Bound of a float32 sum of `terms` products below 1, each addition of which errs by half a unit in the last place. */
const roundingBound = (terms: number) => terms * terms * 2 ** -24 + 1e-12;

test("output and both gradients of any shape agree with float64 and are the same bits twice", () => {
  fc.assert(
    fc.property(convolutions, (convolution) => {
      tf.tidy(() => {
        const prepared = prepare(convolution);
        const { batch, outHeight, outWidth, filterHeight, filterWidth } = prepared.sizes;
        const expected = reference(prepared);
        const [actual, again] = [run(prepared), run(prepared)];
        const places = filterHeight * filterWidth;
        expectWithin(actual.y.dataSync(), expected.y, roundingBound(places));
        expectWithin(actual.dx.dataSync(), expected.dx, roundingBound(places * convolution.multiplier));
        expectWithin(actual.dfilter.dataSync(), expected.dfilter, roundingBound(batch * outHeight * outWidth));
        for (const name of ["y", "dx", "dfilter"] as const) expect(bits(again[name])).toBe(bits(actual[name]));
      });
    }),
    { numRuns: 120 },
  );
});

test("depthwise, separable and fused convolutions agree with tfjs's cpu backend, and so do their gradients", async () => {
  const cases = fc.sample(
    convolutions.filter(({ dilations }) => dilations[0] * dilations[1] === 1),
    { numRuns: 15, seed: 4 },
  );
  const compute = () =>
    tf.tidy(() => {
      const results: tf.Tensor[] = [];
      for (const convolution of cases) {
        const { inShape, filterShape, x, w, attrs, outShape, dy } = prepare(convolution);
        const { strides, pad, dimRoundingMode } = attrs as { dimRoundingMode?: "floor" } & typeof attrs;
        const output = (a: tf.Tensor, b: tf.Tensor) =>
          tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad as "same", "NHWC", 1, dimRoundingMode);
        const [xs, ws] = [tf.tensor(x, inShape), tf.tensor(w, filterShape)];
        results.push(output(xs, ws), ...tf.grads((a, b) => output(a, b).mul(tf.tensor(dy, outShape)).sum())([xs, ws]));
      }
      const x = tf.tensor4d(values(2 * 5 * 6 * 3, 1), [2, 5, 6, 3]);
      const depth = tf.tensor4d(values(3 * 3 * 3 * 2, 2), [3, 3, 3, 2]);
      const point = tf.tensor4d(values(6 * 4, 3), [1, 1, 6, 4]);
      const separable = (...[a, b, c]: tf.Tensor[]) =>
        tf.separableConv2d(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor4D, 1, "same");
      const gradients = tf.grads((...inputs) =>
        separable(...inputs)
          .square()
          .sum(),
      )([x, depth, point]);
      results.push(separable(x, depth, point), ...gradients);
      for (const activation of ["linear", "relu", "relu6", "elu", "sigmoid"] as const) {
        const bias = tf.tensor1d(values(6, 6));
        results.push(tf.fused.depthwiseConv2d({ x, filter: depth, strides: 1, pad: "same", bias, activation }));
      }
      return results.map((tensor) => ({ shape: tensor.shape, data: Array.from(tensor.dataSync()) }));
    });
  const wasm = compute();
  const cpu = await onCpu(compute);
  wasm.forEach(({ shape, data }, which) => {
    expect(shape).toEqual(cpu[which].shape);
    // cpu sums in float64; here a few hundred terms, each with an error of 2^-24 of the largest sum, come together.
    const largest = cpu[which].data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    expectWithin(data, cpu[which].data, 2e-6 * largest);
  });
});

test("a fused convolution gives the bits of the three operations one by one", () => {
  const x = tf.tensor4d(values(2 * 5 * 6 * 3, 1), [2, 5, 6, 3]);
  const filter = tf.tensor4d(values(3 * 3 * 3 * 2, 2), [3, 3, 3, 2]);
  const bias = tf.tensor1d(values(6, 3));
  const fused = tf.fused.depthwiseConv2d({ x, filter, strides: 2, pad: "valid", bias, activation: "relu" });
  expect(bits(fused)).toBe(bits(tf.depthwiseConv2d(x, filter, 2, "valid").add(bias).relu()));
});

test("gradients agree with finite differences, with strides and, on wasm only, with dilations", async () => {
  const x = tf.tensor4d(values(2 * 7 * 8 * 2, 8), [2, 7, 8, 2]);
  const filter = tf.tensor4d(values(3 * 2 * 2 * 3, 9), [3, 2, 2, 3]);
  const loss = (strides: number, dilations: number) => (a: tf.Tensor, b: tf.Tensor) => {
    const y = tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, "same", "NHWC", dilations);
    return y.mul(tf.tensor(values(y.size, 10), y.shape)).sum();
  };
  for (const [strides, dilations] of [
    [2, 1],
    [1, 2],
  ]) {
    // Linear in each, so that a wide step has no truncation error: what is left is the rounding of two losses below 30.
    expectGradients(loss(strides, dilations), [x, filter], { step: 0.5, bound: 2e-5 });
  }
  await onCpu(() => {
    expect(() => tf.grads((a, b) => loss(1, 2)(a, b))([x, filter])).toThrow(/dilation/);
  });
});

test("NaN and infinities reach exactly the elements that they are summed into", () => {
  const prepared = prepare({
    batch: 2,
    height: 6,
    width: 7,
    channels: 5,
    multiplier: 1,
    filter: [3, 3],
    strides: [1, 1],
    dilations: [1, 1],
    pad: "same",
    seed: 3,
  });
  prepared.x[17] = NaN;
  prepared.w[3] = Infinity;
  prepared.dy[40] = NaN;
  prepared.dy[41] = -Infinity;
  const special = (data: ArrayLike<number>) => Array.from(data, (value) => (Number.isFinite(value) ? 0 : value));
  const [actual, expected] = [run(prepared), reference(prepared)];
  for (const name of ["y", "dx", "dfilter"] as const) {
    expect(special(actual[name].dataSync())).toEqual(special(expected[name]));
  }
});

test("other formats and types are refused by name", () => {
  const filter = tf.zeros<tf.Rank.R4>([3, 3, 3, 1]);
  const inputs = { x: tf.zeros([1, 5, 5, 3], "int32"), filter };
  const attrs = { strides: 1, pad: "same", dilations: 1 };
  expect(() => tf.engine().runKernel("DepthwiseConv2dNative", inputs, attrs)).toThrow(
    /depthwiseConv2d: expected float32 .* int32/,
  );
  const x = tf.zeros([1, 3, 5, 5]);
  expect(() => tf.engine().runKernel("DepthwiseConv2dNative", { x, filter }, { ...attrs, dataFormat: "NCHW" })).toThrow(
    /depthwiseConv2d: expected dataFormat NHWC, got NCHW/,
  );
});

const net = () =>
  tf.sequential({
    layers: [
      tf.layers.depthwiseConv2d({
        inputShape: [8, 8, 3],
        kernelSize: 3,
        depthMultiplier: 2,
        padding: "same",
        activation: "relu",
        weights: [tf.tensor4d(values(54, 1), [3, 3, 3, 2]), tf.zeros([6])],
      }),
      tf.layers.separableConv2d({
        filters: 5,
        kernelSize: 3,
        strides: 2,
        weights: [tf.tensor4d(values(54, 2), [3, 3, 6, 1]), tf.tensor4d(values(30, 3), [1, 1, 6, 5]), tf.zeros([5])],
      }),
      tf.layers.globalAveragePooling2d({}),
    ],
  });

const data = () => [tf.tensor(values(4 * 192, 5), [4, 8, 8, 3]), tf.tensor(values(20, 6), [4, 5])] as const;

test("a depthwise net trained for four steps has the weights that the cpu backend gives", async () => {
  // The backends round differently: some 1e-7 a gradient, times four steps of rate 0.1 through two layers.
  await expectTrainedAsOnCpu(net, data, 1e-6);
});

test("two hundred training steps leave no tensor and no data behind", async () => {
  const model = net();
  model.compile({ optimizer: tf.train.sgd(0.001), loss: tf.losses.meanSquaredError as never }); // a function: steps stay ordinary
  await expectNothingLeft(model, data(), 200);
});
