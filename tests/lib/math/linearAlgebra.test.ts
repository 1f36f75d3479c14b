import fc from "fast-check";
import { norm, qr } from "../../../lib/src/math/linearAlgebra";
import { rng } from "../../../lib/src/math/rng";

const at = (matrix: Float64Array, columns: number, row: number, column: number): number =>
  matrix[row * columns + column];

test("Q has orthonormal columns, R is upper triangular with a positive diagonal, and Q R is the matrix", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 8 }), (seed, columns, more) => {
      const rows = columns + more;
      const random = rng(seed);
      const matrix = Float64Array.from({ length: rows * columns }, () => random.normal());
      const { q, r } = qr(matrix, rows, columns);
      for (let a = 0; a < columns; a++) {
        expect(at(r, columns, a, a)).toBeGreaterThan(0);
        for (let b = 0; b < columns; b++) {
          let inner = 0;
          for (let row = 0; row < rows; row++) inner += at(q, columns, row, a) * at(q, columns, row, b);
          expect(Math.abs(inner - (a === b ? 1 : 0))).toBeLessThan(1e-14 * rows);
          if (b < a) expect(at(r, columns, a, b)).toBe(0);
        }
      }
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let product = 0;
          for (let k = 0; k < columns; k++) product += at(q, columns, row, k) * at(r, columns, k, column);
          expect(Math.abs(product - at(matrix, columns, row, column))).toBeLessThan(1e-13 * rows);
        }
      }
    }),
  );
});

test("nearly dependent columns still give an orthonormal Q", () => {
  const { q } = qr([1, 1, 1e-9, 0, 0, 1e-9], 3, 2);
  expect(q[0] * q[1] + q[2] * q[3] + q[4] * q[5]).toBeCloseTo(0, 15);
});

test("dependent columns and shapes that do not fit are refused", () => {
  expect(() => qr([1, 2, 2, 4], 2, 2)).toThrow("matrix: column 1 depends on those before it");
  expect(() => qr([0, 0], 2, 1)).toThrow("matrix: column 0 depends");
  expect(() => qr([1, 2], 1, 2)).toThrow("matrix: expected 1 x 2 numbers with rows >= columns >= 1");
});

test("a norm is 0 only if every element is 0, and neither under- nor overflows", () => {
  expect(norm([3, -4])).toBe(5);
  expect(norm([0, -0, 0])).toBe(0);
  expect(norm([])).toBe(0);
  // Exactly representable, so that no tolerance is needed.
  expect(norm([3 * 2 ** -600, 4 * 2 ** -600])).toBe(5 * 2 ** -600);
  expect(norm([3 * 2 ** 600, 4 * 2 ** 600])).toBe(5 * 2 ** 600);
  expect(norm([5e-324])).toBe(5e-324);
  expect(norm([1, Infinity])).toBe(Infinity);
  expect(norm([1, NaN])).toBeNaN();
});
