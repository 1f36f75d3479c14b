import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { counts } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));

const axis = fc.record({ size: fc.constantFrom(0, 1, 1, 1, 2, 3, 5), times: fc.constantFrom(0, 1, 1, 2, 3, 4) });

/** The element of `x` that comes to each place, by the definition. */
function reference(data: ArrayLike<number>, shape: readonly number[], reps: readonly number[]): number[] {
  const result: number[] = [];
  const visit = (depth: number, index: number) => {
    if (depth === shape.length) {
      result.push(data[index]);
      return;
    }
    for (let i = 0; i < shape[depth] * reps[depth]; i++) visit(depth + 1, index * shape[depth] + (i % shape[depth]));
  };
  visit(0, 0);
  return result;
}

test("tensors of any shape and type are repeated along any axes", () => {
  fc.assert(
    fc.property(
      fc.array(axis, { minLength: 1, maxLength: 5 }),
      fc.constantFrom("float32" as const, "int32" as const, "bool" as const),
      (axes, dtype) => {
        tf.tidy(() => {
          const shape = axes.map(({ size }) => size);
          const reps = axes.map(({ times }) => times);
          const x = tf
            .tensor(values(tf.util.sizeFromShape(shape), 1), shape)
            .mul(100)
            .cast(dtype);
          const tiled = tf.tile(x, reps);
          expect([tiled.shape, tiled.dtype]).toEqual([shape.map((size, i) => size * reps[i]), dtype]);
          expect(Array.from(tiled.dataSync())).toEqual(reference(x.dataSync(), shape, reps));
        });
      },
    ),
    { numRuns: 200 },
  );
});

test("a vector is repeated to the size of images, as batch normalisation does, without a trace", () => {
  const vector = tf.tensor4d(values(5, 1), [1, 1, 1, 5]);
  const before = counts();
  const tiled = tf.tile(vector, [3, 7, 6, 1]);
  expect(Array.from(tiled.dataSync())).toEqual(reference(vector.dataSync(), vector.shape, [3, 7, 6, 1]));
  tiled.dispose();
  expect(counts()).toEqual(before);
  vector.dispose();
});

test("strings are refused by name", () => {
  expect(() => tf.tile(tf.tensor1d(["a"]), [2])).toThrow(/tile: expected numbers or booleans on wasm, got strings/);
});
