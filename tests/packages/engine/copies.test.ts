import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { counts, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

type DType = "float32" | "int32" | "bool";

/** Whole numbers that every type can hold: 0 and 1 for booleans. */
function numbers(shape: readonly number[], dtype: DType): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = Array.from({ length: size }, (_, i) => (dtype === "bool" ? i % 3 === 0 : i));
  return tf.tensor(data as number[], [...shape], dtype);
}

/** Shape, type and values: what two backends must agree on. */
const plain = (tensor: tf.Tensor) => ({
  shape: tensor.shape,
  dtype: tensor.dtype,
  data: Array.from(tensor.dataSync()),
});

async function expectAsOnCpu(compute: () => tf.Tensor | tf.Tensor[]): Promise<void> {
  const all = () => tf.tidy(() => [compute()].flat().map(plain));
  expect(all()).toEqual(await onCpu(all));
}

const dtypes = fc.constantFrom<DType>("float32", "int32", "bool");
const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
const shapesAndAxes = shapes.chain((shape) => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1)));

test("any part of a tensor of any shape and type is sliced as on cpu", async () => {
  const parts = shapes.chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.tuple(...shape.map((length) => fc.tuple(fc.nat(length), fc.nat(length)).map(([a, b]) => [a, b].sort()))),
    ),
  );
  await fc.assert(
    fc.asyncProperty(parts, dtypes, async ([shape, bounds], dtype) => {
      const begin = bounds.map(([from]) => from);
      const size = bounds.map(([from, to]) => to - from);
      await expectAsOnCpu(() => tf.slice(numbers(shape, dtype), begin, size));
    }),
  );
});

test("tensors are joined, stacked, split and taken apart along any axis as on cpu", async () => {
  await fc.assert(
    fc.asyncProperty(shapesAndAxes, dtypes, fc.integer({ min: 1, max: 4 }), async ([shape, axis], dtype, count) => {
      const longer = shape.map((length, other) => (other === axis ? length + 1 : length));
      await expectAsOnCpu(() => tf.concat([numbers(shape, dtype), numbers(longer, dtype)], axis));
      await expectAsOnCpu(() =>
        tf.stack(
          Array.from({ length: count }, () => numbers(shape, dtype)),
          axis,
        ),
      );
      await expectAsOnCpu(() => tf.unstack(numbers(shape, dtype), axis));
      const sizes = [shape[axis] - 1, 1];
      await expectAsOnCpu(() => tf.split(numbers(shape, dtype), sizes, axis));
    }),
  );
});

test("axes are transposed as on cpu, also those of length 1", async () => {
  const permutations = shapes.chain((shape) =>
    fc.tuple(
      fc.constant(shape.map((length, axis) => (axis % 2 === 0 ? length : 1))),
      fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(permutations, dtypes, async ([shape, order], dtype) => {
      await expectAsOnCpu(() => tf.transpose(numbers(shape, dtype), order));
    }),
  );
});

test("numbers change their type as on cpu", async () => {
  for (const from of ["float32", "int32", "bool"] as const) {
    for (const to of ["float32", "int32", "bool"] as const) {
      // Of other numbers than 0 and 1, tfjs's wasm backend makes booleans that are neither.
      if (to === "bool" && from !== "bool") continue;
      await expectAsOnCpu(() => numbers([7, 3], from).cast(to));
    }
  }
  await expectAsOnCpu(() => tf.tensor1d([1.9, -1.9, NaN, 0.5, -0]).toInt());
});

test("an empty tensor is sliced, joined and cast to an empty one", () => {
  const empty = tf.zeros([0, 3]);
  expect(tf.concat([empty, tf.ones([2, 3])]).shape).toEqual([2, 3]);
  expect(tf.slice(empty, [0, 1], [0, 1]).shape).toEqual([0, 1]);
  expect(empty.toInt().shape).toEqual([0, 3]);
});

test("strings still go through tfjs", () => {
  const words = tf.tensor2d(["a", "b", "c", "d"], [2, 2], "string");
  expect(tf.concat([words, words], 1).dataSync()).toEqual(["a", "b", "a", "b", "c", "d", "c", "d"]);
  expect(tf.slice(words, [1, 0], [1, 2]).dataSync()).toEqual(["c", "d"]);
});

test("prelu takes one alpha a channel, as on cpu, and sees weights that changed", async () => {
  const [x, alpha] = [values(24, 1), values(6, 2)];
  await expectAsOnCpu(() => tf.prelu(tf.tensor(x, [4, 6]), tf.tensor(alpha)));
  await expectAsOnCpu(() => tf.prelu<tf.Tensor>(tf.tensor(x, [4, 6]), tf.scalar(0.25)));
  const weights = tf.variable(tf.tensor1d([0.5]));
  const input: tf.Tensor = tf.tensor2d([[-2]]);
  expect(tf.prelu(input, weights).dataSync()[0]).toBe(-1);
  weights.assign(tf.tensor1d([0.25]));
  expect(tf.prelu(input, weights).dataSync()[0]).toBe(-0.5);
});

test("shared data is freed with the last tensor that has it", () => {
  const before = counts();
  const x = tf.ones([2, 1, 3]);
  const turned = x.transpose([1, 0, 2]);
  const same = turned.cast("float32");
  x.dispose();
  turned.dispose();
  expect(Array.from(same.dataSync())).toEqual([1, 1, 1, 1, 1, 1]);
  same.dispose();
  expect(counts()).toEqual(before);
});
