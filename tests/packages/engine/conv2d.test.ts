import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { referenceConvolution } from "./support/convolution";
import { convolutions, prepare, roundingBound, run } from "./support/convolutionCases";
import { values } from "./support/reference";
import { bits, expectGradients, expectWithin, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

test("output and both gradients of convolutions of any shape agree with float64 and are the same bits twice", () => {
  fc.assert(
    fc.property(convolutions, (convolution) => {
      tf.tidy(() => {
        const prepared = prepare(convolution);
        const { sizes, x, w, dy } = prepared;
        const expected = referenceConvolution(sizes, x, w, dy);
        const actual = run(prepared);
        const places = sizes.filterHeight * sizes.filterWidth;
        expect([actual.y.shape, actual.dx.shape, actual.dfilter.shape]).toEqual([
          prepared.outShape,
          prepared.inShape,
          prepared.filterShape,
        ]);
        expectWithin(actual.y.dataSync(), expected.y, roundingBound(places * sizes.channels));
        expectWithin(actual.dx.dataSync(), expected.dx, roundingBound(places * sizes.outputs));
        expectWithin(
          actual.dfilter.dataSync(),
          expected.dfilter,
          roundingBound(sizes.batch * sizes.outHeight * sizes.outWidth),
        );
        const again = run(prepared);
        for (const name of ["y", "dx", "dfilter"] as const) expect(bits(again[name])).toBe(bits(actual[name]));
      });
    }),
    { numRuns: 120 },
  );
});

test("sums run over rows, columns and channels of the filter, or over the positions, in ascending order, to the bit", () => {
  const prepared = prepare({
    batch: 3,
    height: 7,
    width: 6,
    channels: 5,
    outputs: 11,
    filter: [3, 2],
    strides: [2, 1],
    dilations: [1, 1],
    pad: "valid",
    seed: 5,
  });
  const { sizes, x, w, dy } = prepared;
  const y = new Float32Array(dy.length);
  const dx = new Float32Array(x.length);
  const dfilter = new Float32Array(w.length);
  const add = (to: Float32Array, at: number, a: number, b: number) => {
    to[at] = Math.fround(to[at] + Math.fround(a * b));
  };
  const { batch, height, width, outHeight, outWidth, filterHeight, filterWidth } = sizes;
  // Windows are visited so that each of the three sums meets its terms in the promised order.
  for (let image = 0; image < batch; image++)
    for (let h = 0; h < filterHeight; h++)
      for (let v = 0; v < filterWidth; v++)
        for (let row = 0; row < outHeight; row++)
          for (let column = 0; column < outWidth; column++)
            for (let c = 0; c < 5; c++)
              for (let f = 0; f < 11; f++) {
                const i = ((image * height + 2 * row + h) * width + column + v) * 5 + c;
                const o = ((image * outHeight + row) * outWidth + column) * 11 + f;
                const k = ((h * filterWidth + v) * 5 + c) * 11 + f;
                add(y, o, x[i], w[k]);
                add(dx, i, dy[o], w[k]);
                add(dfilter, k, x[i], dy[o]);
              }
  const actual = run(prepared);
  expect(bits(actual.y)).toBe(Buffer.from(y.buffer).toString("hex"));
  expect(bits(actual.dx)).toBe(Buffer.from(dx.buffer).toString("hex"));
  expect(bits(actual.dfilter)).toBe(Buffer.from(dfilter.buffer).toString("hex"));
});

test("convolutions, 1-D, transposed and fused ones agree with tfjs's cpu backend, and so do their gradients", async () => {
  const cases = fc.sample(
    convolutions.filter(({ dilations }) => dilations[0] * dilations[1] === 1),
    { numRuns: 12, seed: 4 },
  );
  const compute = () =>
    tf.tidy(() => {
      const results: tf.Tensor[] = [];
      for (const convolution of cases) {
        const { inShape, filterShape, x, w, attrs, outShape, dy } = prepare(convolution);
        const { strides, pad, dimRoundingMode } = attrs as { dimRoundingMode?: "floor" } & typeof attrs;
        const output = (a: tf.Tensor, b: tf.Tensor) =>
          tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad, "NHWC", 1, dimRoundingMode);
        const [xs, ws] = [tf.tensor(x, inShape), tf.tensor(w, filterShape)];
        results.push(output(xs, ws), ...tf.grads((a, b) => output(a, b).mul(tf.tensor(dy, outShape)).sum())([xs, ws]));
      }
      const line = tf.tensor3d(values(2 * 11 * 3, 1), [2, 11, 3]);
      const taps = tf.tensor3d(values(5 * 3 * 6, 2), [5, 3, 6]);
      const conv1d = (a: tf.Tensor, b: tf.Tensor) => tf.conv1d(a as tf.Tensor3D, b as tf.Tensor3D, 2, "same");
      results.push(conv1d(line, taps), ...tf.grads((a, b) => conv1d(a, b).square().sum())([line, taps]));
      const small = tf.tensor4d(values(2 * 4 * 5 * 3, 3), [2, 4, 5, 3]);
      const up = tf.tensor4d(values(3 * 3 * 6 * 3, 4), [3, 3, 6, 3]);
      const larger = (a: tf.Tensor, b: tf.Tensor) =>
        tf.conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, [2, 8, 10, 6], 2, "same");
      results.push(larger(small, up), ...tf.grads((a, b) => larger(a, b).square().sum())([small, up]));
      for (const activation of ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"] as const) {
        results.push(
          tf.fused.conv2d({
            x: small,
            filter: tf.tensor4d(values(3 * 3 * 3 * 7, 5), [3, 3, 3, 7]),
            strides: 1,
            pad: "same",
            bias: tf.tensor1d(values(7, 6)),
            activation,
            leakyreluAlpha: 0.2,
            preluActivationWeights: tf.tensor1d(values(7, 7)),
          }),
        );
      }
      return results.map((tensor) => ({ shape: tensor.shape, data: Array.from(tensor.dataSync()) }));
    });
  const wasm = compute();
  const cpu = await onCpu(compute);
  wasm.forEach(({ shape, data }, which) => {
    expect(shape).toEqual(cpu[which].shape);
    // cpu sums in float64; here at most a few hundred terms below 10 are added in float32.
    expectWithin(data, cpu[which].data, 1e-3 * 2 ** -6);
  });
});

test("a fused convolution gives the bits of the three operations one by one, for every bias that tfjs allows", () => {
  const x = tf.tensor4d(values(2 * 5 * 6 * 3, 1), [2, 5, 6, 3]);
  const filter = tf.tensor4d(values(3 * 3 * 3 * 5, 2), [3, 3, 3, 5]);
  for (const shape of [[5], [1], [], [4, 5], [3, 4, 5]]) {
    const bias = tf.tensor(values(tf.util.sizeFromShape(shape), 3), shape);
    const separate = tf.conv2d(x, filter, 1, "valid").add(bias).relu();
    const fused = tf.fused.conv2d({ x, filter, strides: 1, pad: "valid", bias, activation: "relu" });
    expect(bits(fused)).toBe(bits(separate));
  }
});

test("gradients agree with finite differences", () => {
  const x = tf.tensor4d(values(2 * 5 * 6 * 3, 8), [2, 5, 6, 3]);
  const filter = tf.tensor4d(values(3 * 2 * 3 * 5, 9), [3, 2, 3, 5]);
  const weights = tf.tensor4d(values(2 * 3 * 3 * 5, 10), [2, 3, 3, 5]);
  const loss = (a: tf.Tensor, b: tf.Tensor): tf.Scalar =>
    tf
      .conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, "same")
      .mul(weights)
      .sum();
  // The loss is linear in each, so that a wide step has no truncation error: what is left is the rounding of two losses
  // below 20, over the step.
  expectGradients(loss, [x, filter], { step: 0.5, bound: 1e-5 });
});

test("a dilated convolution can be trained on wasm; elsewhere tfjs still refuses it", async () => {
  const x = tf.tensor4d(values(2 * 7 * 8 * 2, 8), [2, 7, 8, 2]);
  const filter = tf.tensor4d(values(3 * 2 * 2 * 3, 9), [3, 2, 2, 3]);
  const weights = tf.tensor4d(values(2 * 3 * 6 * 3, 10), [2, 3, 6, 3]);
  const loss = (a: tf.Tensor, b: tf.Tensor): tf.Scalar =>
    tf
      .conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "valid", "NHWC", 2)
      .mul(weights)
      .sum();
  expectGradients(loss, [x, filter], { step: 0.5, bound: 1e-5 });
  await onCpu(() => {
    expect(() => tf.grads((a, b) => loss(a, b))([x, filter])).toThrow(/dilation/);
  });
});

test("NaN and infinities reach exactly the elements that they are summed into", () => {
  const prepared = prepare({
    batch: 2,
    height: 6,
    width: 7,
    channels: 3,
    outputs: 5,
    filter: [3, 3],
    strides: [1, 1],
    dilations: [1, 1],
    pad: "same",
    seed: 3,
  });
  prepared.x[17] = NaN;
  prepared.x[100] = Infinity;
  prepared.dy[40] = NaN;
  prepared.dy[41] = -Infinity;
  const { sizes, x, w, dy } = prepared;
  const expected = referenceConvolution(sizes, x, w, dy);
  const special = (data: ArrayLike<number>) => Array.from(data, (value) => (Number.isFinite(value) ? 0 : value));
  const actual = run(prepared);
  expect(special(actual.y.dataSync())).toEqual(special(expected.y));
  expect(special(actual.dx.dataSync())).toEqual(special(expected.dx));
});

test("empty batches give empty or zero results, and what is not supported is refused by name", () => {
  const filter = tf.tensor4d(values(27, 1), [3, 3, 3, 1]);
  const empty = tf.zeros<tf.Rank.R4>([0, 5, 5, 3]);
  expect(tf.conv2d(empty, filter, 1, "same").shape).toEqual([0, 5, 5, 1]);
  const gradient = tf.grad((w) => tf.conv2d(empty, w as tf.Tensor4D, 1, "same").sum())(filter);
  expect(Array.from(gradient.dataSync())).toEqual(new Array(27).fill(0));
  const nchw = () => tf.conv2d(tf.zeros<tf.Rank.R4>([1, 3, 5, 5]), filter, 1, "same", "NCHW");
  expect(nchw).toThrow(/conv2d: expected dataFormat NHWC, got NCHW/);
  const inputs = { x: tf.zeros([1, 5, 5, 3], "int32"), filter };
  expect(() => tf.engine().runKernel("Conv2D", inputs, { strides: 1, pad: "same", dilations: 1 })).toThrow(
    /conv2d: expected float32 .* int32/,
  );
});
