import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { orderedMatMul, referenceMatMul, values, type Operand } from "./support/reference";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const size = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(0, 1, 2, 3, 4, 8, 16, 17));
/** Batch shapes of the two factors: equal, missing, or broadcast in any axis. */
const batches = fc
  .array(fc.record({ size: fc.integer({ min: 1, max: 3 }), which: fc.constantFrom("both", "a", "b") }), {
    maxLength: 2,
  })
  .chain((axes) => fc.record({ axes: fc.constant(axes), dropA: fc.boolean(), dropB: fc.boolean() }))
  .map(({ axes, dropA, dropB }) => {
    const own = (name: "a" | "b") => axes.map(({ size: n, which }) => (which === "both" || which === name ? n : 1));
    const strip = (shape: number[], drop: boolean) => (drop && shape[0] === 1 ? shape.slice(1) : shape);
    return { a: strip(own("a"), dropA), b: strip(own("b"), dropB) };
  });
const products = fc.record({
  rows: size,
  columns: size,
  depth: fc.oneof(size, fc.constantFrom(255, 256, 257, 520)),
  batch: batches,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

function operands(product: typeof products extends fc.Arbitrary<infer T> ? T : never): { a: Operand; b: Operand } {
  const { rows, columns, depth, batch, transposeA, transposeB, seed } = product;
  const make = (shape: number[], transposed: boolean, operandSeed: number): Operand => ({
    shape,
    values: values(tf.util.sizeFromShape(shape), operandSeed),
    transposed,
  });
  return {
    a: make([...batch.a, ...(transposeA ? [depth, rows] : [rows, depth])], transposeA, seed),
    b: make([...batch.b, ...(transposeB ? [columns, depth] : [depth, columns])], transposeB, seed + 1),
  };
}

const tensorOf = ({ shape, values: data }: Operand) => tf.tensor(Float32Array.from(data), [...shape]);

/** Bound of a float32 sum of `depth` products below 1: each addition errs by half a unit in the last place of ≤ depth. */
const roundingBound = (depth: number) => depth * depth * 2 ** -24 + 1e-12;

function expectWithin(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void {
  let worst = 0;
  for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
  expect(actual).toHaveLength(expected.length);
  expect(worst).toBeLessThanOrEqual(bound);
}

test("a product of any shape, transposed and broadcast in any way, agrees with float64", () => {
  fc.assert(
    fc.property(products, (product) => {
      const { a, b } = operands(product);
      const expected = referenceMatMul(a, b);
      tf.tidy(() => {
        const actual = tf.matMul(tensorOf(a), tensorOf(b), a.transposed, b.transposed);
        expect(actual.shape).toEqual(expected.shape);
        expectWithin(actual.dataSync(), expected.values, roundingBound(product.depth));
      });
    }),
    { numRuns: 80 },
  );
});

test("every element is the sum in ascending order of float32 products, to the bit, whatever the shape", () => {
  fc.assert(
    fc.property(products, (product) => {
      const { a, b } = operands({ ...product, batch: { a: [], b: [] } });
      tf.tidy(() => {
        const actual = tf.matMul(tensorOf(a), tensorOf(b), a.transposed, b.transposed).dataSync();
        expect(Buffer.from(actual.buffer).equals(Buffer.from(orderedMatMul(a, b).buffer))).toBe(true);
      });
    }),
    { numRuns: 80 },
  );
});

test("so is every element of products that are large enough to be packed", () => {
  // The last strips and panels of these sizes lie over the ones before them.
  for (const [rows, columns, depth] of [
    [37, 43, 257],
    [32, 8, 1024],
    [33, 129, 65],
  ]) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ]) {
      const none = { a: [], b: [] };
      const { a, b } = operands({ rows, columns, depth, batch: none, transposeA, transposeB, seed: rows });
      const actual = tf.matMul(tensorOf(a), tensorOf(b), transposeA, transposeB).dataSync();
      expect(Buffer.from(actual.buffer).equals(Buffer.from(orderedMatMul(a, b).buffer))).toBe(true);
    }
  }
});

test("the same data in another shape gives the right product (stock tfjs multiplies with the first shape)", () => {
  const b = tf.tensor2d([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(Array.from(tf.matMul([[1, 1]], b).dataSync())).toEqual([5, 7, 9]);
  expect(Array.from(tf.matMul([[1, 1, 1]], b.reshape([3, 2])).dataSync())).toEqual([9, 12]);
});

test("NaN and infinities reach exactly the elements that they are summed into", () => {
  const a = tf.tensor2d([NaN, 1, Infinity, 1, -Infinity, 0, 2, 3], [4, 2]);
  const b = tf.tensor2d([1, 0, -1, 2, 3, 4], [2, 3]);
  const expected = referenceMatMul(
    { shape: [4, 2], values: a.dataSync(), transposed: false },
    { shape: [2, 3], values: b.dataSync(), transposed: false },
  );
  expect(Array.from(tf.matMul(a, b).dataSync())).toEqual(Array.from(expected.values));
});

test("gradients with respect to both factors agree with finite differences, for every transposition", () => {
  const factor = (shape: [number, number], seed: number) => tf.tensor2d(values(15, seed), shape);
  for (const [transposeA, transposeB] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ]) {
    const a = factor(transposeA ? [3, 5] : [5, 3], 1);
    const b = factor(transposeB ? [5, 3] : [3, 5], 2);
    const loss = (x: tf.Tensor, y: tf.Tensor): tf.Scalar => tf.matMul(x, y, transposeA, transposeB).square().sum();
    const gradients = tf.grads((x, y) => loss(x, y))([a, b]);
    // The loss is quadratic in each factor, so that central differences have no truncation error: a wide step leaves
    // only rounding, about 2^-24 · loss (≈ 20) / step.
    const step = 0.25;
    [a, b].forEach((x, which) => {
      const data = x.dataSync();
      const numeric = data.map((_, i) => {
        const moved = (by: number) => {
          const copy = Float32Array.from(data);
          copy[i] += by;
          const tensor = tf.tensor2d(copy, x.shape);
          return (which === 0 ? loss(tensor, b) : loss(a, tensor)).dataSync()[0];
        };
        return (moved(step) - moved(-step)) / (2 * step);
      });
      expectWithin(gradients[which].dataSync(), numeric, 1e-4);
    });
  }
});

test("factors that do not fit are refused, with their shapes", () => {
  expect(() => tf.matMul(tf.zeros([2, 3]), tf.zeros([2, 3]))).toThrow(/inner dimensions, got 3 and 2.*\[2,3\]/);
  expect(() => tf.matMul(tf.zeros([2, 2, 3]), tf.zeros([3, 3, 2]))).toThrow(/broadcast/);
  expect(() => tf.matMul(tf.zeros([2, 3], "int32"), tf.zeros([3, 2], "int32"))).toThrow(/expected float32 .* int32/);
});

test("a tensor made on the cpu backend can be multiplied on wasm, and the other way round", async () => {
  const a = tf.tensor2d([1, 2], [1, 2]);
  await tf.setBackend("cpu");
  const b = tf.tensor2d([3, 4], [2, 1]);
  expect(tf.matMul(a, b).dataSync()[0]).toBe(11);
  await tf.setBackend("wasm");
  expect(tf.matMul(a, b).dataSync()[0]).toBe(11);
});

test("a backend that is removed and registered again multiplies in its own memory", async () => {
  const factory = tf.findBackendFactory("wasm");
  await tf.setBackend("cpu");
  tf.removeBackend("wasm");
  tf.registerBackend("wasm", factory, 2);
  await tf.setBackend("wasm");
  expect(tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0]).toBe(11);
});

test("products stay right while the memory grows", () => {
  const size = 1200; // 5.8 MB each, and the memory starts with 16 MB
  const kept = [1, 2, 3, 4].map((seed) => tf.tensor2d(values(size * size, seed), [size, size]));
  const row = tf.tensor2d(values(size, 9), [1, size]);
  for (const b of kept) {
    const expected = orderedMatMul(
      { shape: [1, size], values: row.dataSync(), transposed: false },
      { shape: [size, size], values: b.dataSync(), transposed: true },
    );
    expect(Array.from(tf.matMul(row, b, false, true).dataSync())).toEqual(Array.from(expected));
  }
});
