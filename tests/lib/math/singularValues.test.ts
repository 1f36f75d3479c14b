import fc from "fast-check";
import { norm, qr } from "../../../lib/src/math/linearAlgebra";
import { rng } from "../../../lib/src/math/rng";
import { singularValues } from "../../../lib/src/math/singularValues";

test("those of [[3, 0], [4, 5]] are √45 and √5, and those of a rank-one matrix are one number and zeros", () => {
  const [first, second] = singularValues([3, 0, 4, 5], 2, 2);
  expect(first).toBeCloseTo(Math.sqrt(45), 14);
  expect(second).toBeCloseTo(Math.sqrt(5), 14);
  const flat = singularValues([1, 2, 2, 2, 4, 4], 2, 3);
  expect(flat[0]).toBeCloseTo(Math.sqrt(45), 14);
  expect(flat[1]).toBeCloseTo(0, 14);
});

test("what is put between orthonormal factors comes out again, whatever the shape", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 8 }),
      fc.integer(),
      (columns, more, seed) => {
        const rows = columns + more;
        const random = rng(Math.abs(seed));
        const normals = (count: number) => Array.from({ length: count }, () => random.normal());
        const u = qr(normals(rows * columns), rows, columns).q;
        const v = qr(normals(columns * columns), columns, columns).q;
        const values = Array.from({ length: columns }, (_, index) => Math.pow(10, -index / 2));
        const matrix = Array.from({ length: rows * columns }, (_, index) => {
          const [row, column] = [Math.floor(index / columns), index % columns];
          return values.reduce((sum, s, k) => sum + u[row * columns + k] * s * v[column * columns + k], 0);
        });
        const found = singularValues(matrix, rows, columns);
        const transposed = matrix.map((_, index) => matrix[(index % rows) * columns + Math.floor(index / rows)]);
        // Twelve orders of float64's rounding: 1e-16 times the largest value, some hundred operations.
        found.forEach((value, index) => expect(Math.abs(value - values[index])).toBeLessThan(1e-13));
        singularValues(transposed, columns, rows).forEach((value, index) => {
          expect(Math.abs(value - values[index])).toBeLessThan(1e-13);
        });
        expect(norm(found)).toBeCloseTo(norm(matrix), 12);
      },
    ),
    { numRuns: 50 },
  );
});

test("a wrong count and a number that is not finite are refused", () => {
  expect(() => singularValues([1, 2, 3], 2, 2)).toThrow("matrix: expected 2 x 2 numbers, got 3");
  expect(() => singularValues([], 0, 0)).toThrow("matrix: expected 0 x 0 numbers, got 0");
  expect(() => singularValues([1, NaN], 1, 2)).toThrow("matrix: expected finite numbers, got NaN");
});
