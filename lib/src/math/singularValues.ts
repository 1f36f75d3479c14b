import { Matrix, SVD } from "ml-matrix";

/**
 * The singular values of a matrix, largest first, as many as its smaller side.
 * @param matrix - `[rows, columns]`, row after row
 * @throws RangeError if the shape does not fit or a number is not finite
 */
export function singularValues(matrix: ArrayLike<number>, rows: number, columns: number): number[] {
  const values = Array.from(matrix);
  if (values.length !== rows * columns || values.length === 0) {
    throw new RangeError(`matrix: expected ${rows} x ${columns} numbers, got ${values.length}`);
  }
  const odd = values.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new RangeError(`matrix: expected finite numbers, got ${odd}`);
  const none = { computeLeftSingularVectors: false, computeRightSingularVectors: false, autoTranspose: true };
  return new SVD(Matrix.from1DArray(rows, columns, values), none).diagonal;
}
