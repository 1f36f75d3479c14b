import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const f = Math.fround;
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
const tensor = (shape: number[], seed: number): tf.Tensor => tf.tensor(values(sizeOf(shape), seed), shape);

const operations = {
  add: (a: number, b: number) => f(a + b),
  sub: (a: number, b: number) => f(a - b),
  mul: (a: number, b: number) => f(a * b),
  div: (a: number, b: number) => f(a / b),
};

/** The element of a broadcast factor that falls on each element of the output. */
function broadcast(data: ArrayLike<number>, own: readonly number[], shape: readonly number[]): number[] {
  const padded = [...Array<number>(shape.length - own.length).fill(1), ...own];
  return Array.from({ length: sizeOf(shape) }, (_, index) => {
    let [offset, stride, rest] = [0, 1, index];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (padded[axis] > 1) offset += (rest % shape[axis]) * stride;
      stride *= padded[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return data[offset];
  });
}

/** Two shapes that broadcast, in every way that they can. */
const shapePairs = fc
  .array(fc.constantFrom(1, 2, 3, 4, 5, 8, 9, 17), { minLength: 0, maxLength: 4 })
  .chain((shape) => {
    const some = fc
      .tuple(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.nat(shape.length))
      .map(([kept, from]) => shape.map((length, axis) => (kept[axis] ? length : 1)).slice(from));
    return fc.tuple(some, fc.constant(shape), fc.boolean());
  })
  .map(([part, whole, turned]) => (turned ? [whole, part] : [part, whole]));

test.each(Object.entries(operations))("%s rounds once, for all shapes that broadcast", (name, rule) => {
  fc.assert(
    fc.property(shapePairs, fc.integer({ min: 1, max: 99 }), ([aShape, bShape], seed) => {
      tf.tidy(() => {
        const [a, b] = [tensor(aShape, seed), tensor(bShape, seed + 100)];
        const out = tf[name as keyof typeof operations](a, b);
        const [x, y] = [a, b].map((one) => broadcast(one.dataSync(), one.shape, out.shape));
        expect(Array.from(out.dataSync())).toEqual(x.map((value, i) => rule(value, y[i])));
      });
    }),
  );
});

test("two factors of which neither has the output's size multiply as on cpu", async () => {
  const shapes = [
    [
      [5, 1],
      [1, 7],
    ],
    [
      [5, 1, 3],
      [1, 2, 3],
    ],
    [
      [2, 1, 3],
      [2, 4, 1],
    ],
  ];
  const products = () => shapes.map(([a, b]) => tensor(a, 1).mul(tensor(b, 2)).dataSync().slice());
  expect(products()).toEqual(await onCpu(products));
});

test("NaN, infinities and zeros of both signs go through as JavaScript's arithmetic has them", () => {
  const special = [NaN, Infinity, -Infinity, 0, -0, 1, -2.5];
  const a = special.flatMap((x) => special.map(() => x));
  const b = special.flatMap(() => special);
  for (const [name, rule] of Object.entries(operations)) {
    const out = tf[name as keyof typeof operations](tf.tensor1d(a), tf.tensor1d(b)).dataSync();
    expect(Array.from(out)).toEqual(a.map((value, i) => rule(value, b[i])));
  }
});

test("an empty tensor stays empty, and whole numbers are added by tfjs", () => {
  expect(tf.zeros([0, 3]).add(tf.ones([3])).shape).toEqual([0, 3]);
  const sum = tf.tensor1d([1, 2], "int32").add(tf.tensor1d([3, 4], "int32"));
  expect([sum.dtype, ...sum.dataSync()]).toEqual(["int32", 4, 6]);
});
