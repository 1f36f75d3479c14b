import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { bits, counts } from "./support/tensors";

/** tfjs's own kernels: the engine replaces them when it starts. */
const stock = { Sum: tf.getKernel("Sum", "wasm"), Mean: tf.getKernel("Mean", "wasm") };

beforeAll(() => ready({ engine: "wasm" }));

/** Any axes of a tensor, and the whole tensor. */
const reductions = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(16, 33)), { minLength: 1, maxLength: 4 })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      axis: fc.subarray(
        shape.map((_, index) => index),
        { minLength: 1 },
      ),
      keepDims: fc.boolean(),
      name: fc.constantFrom("Sum" as const, "Mean" as const),
    }),
  );

test("sums and means over any axes have the bits of tfjs's own kernels", () => {
  fc.assert(
    fc.property(reductions, ({ shape, axis, keepDims, name }) => {
      tf.tidy(() => {
        const x = tf.tensor(values(tf.util.sizeFromShape(shape), 1), shape);
        const ours = name === "Sum" ? tf.sum(x, axis, keepDims) : tf.mean(x, axis, keepDims);
        const { backend } = tf.engine();
        const own = stock[name].kernelFunc({ inputs: { x }, backend, attrs: { axis, keepDims } }) as tf.TensorInfo;
        const theirs = tf.engine().makeTensorFromTensorInfo(own);
        expect(ours.shape).toEqual(theirs.shape);
        expect(bits(ours)).toBe(bits(theirs));
      });
    }),
    { numRuns: 300 },
  );
});

test("long columns have the bits of tfjs's own kernel, NaN and infinities included", () => {
  const data = values(5000 * 21, 3);
  data[40] = NaN;
  data[43] = Infinity;
  data[45] = -Infinity;
  data[66] = Infinity;
  tf.tidy(() => {
    const x = tf.tensor2d(data, [5000, 21]);
    const attrs = { axis: [0], keepDims: false };
    const own = stock.Sum.kernelFunc({ inputs: { x }, backend: tf.engine().backend, attrs }) as tf.TensorInfo;
    expect(Array.from(tf.sum(x, 0).dataSync())).toEqual(
      Array.from(tf.engine().makeTensorFromTensorInfo(own).dataSync()),
    );
  });
});

test("integers, booleans and empty tensors are summed too, and nothing is left behind", () => {
  const before = counts();
  tf.tidy(() => {
    expect(Array.from(tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], "int32"), 0).dataSync())).toEqual([4, 6]);
    // tfjs's own kernel leaves here what the memory held before.
    expect(Array.from(tf.sum(tf.zeros([0, 3]), 0).dataSync())).toEqual([0, 0, 0]);
    expect(Array.from(tf.sum(tf.tensor2d([true, false, true, true], [2, 2], "bool"), 0).dataSync())).toEqual([2, 1]);
    expect(tf.mean(tf.zeros([4, 0]), 0).shape).toEqual([0]);
  });
  expect(counts()).toEqual(before);
});
