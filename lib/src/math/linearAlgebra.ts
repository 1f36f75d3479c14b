/** The factors of A = Q R. */
export interface QrFactors {
  /** `[rows, columns]`, row after row; its columns are orthonormal. */
  readonly q: Float64Array;
  /** `[columns, columns]`, row after row; upper triangular with a positive diagonal. */
  readonly r: Float64Array;
}

/**
 * QR factors of a matrix with at least as many rows as columns, by Gram-Schmidt run twice (once is not enough for
 * nearly dependent columns; twice is: Giraud et al. 2005).
 *
 * R's positive diagonal makes Q unique; for a matrix of independent normals Q is then uniformly distributed.
 *
 * @param matrix - `[rows, columns]`, row after row; not changed
 * @throws RangeError if the shape does not fit, or if the columns are linearly dependent
 */
export function qr(matrix: ArrayLike<number>, rows: number, columns: number): QrFactors {
  if (matrix.length !== rows * columns || rows < columns || columns < 1) {
    throw new RangeError(
      `matrix: expected ${rows} x ${columns} numbers with rows >= columns >= 1, got ${matrix.length} numbers`,
    );
  }
  const basis: Float64Array[] = [];
  const r = new Float64Array(columns * columns);
  for (let column = 0; column < columns; column++) {
    const vector = Float64Array.from({ length: rows }, (_, row) => matrix[row * columns + column]);
    const before = norm(vector);
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((unit, index) => {
        const share = dot(unit, vector);
        r[index * columns + column] += share;
        for (let row = 0; row < rows; row++) vector[row] -= share * unit[row];
      });
    }
    const length = norm(vector);
    if (!(length > 1e-13 * before)) throw new RangeError(`matrix: column ${column} depends on those before it`);
    r[column * columns + column] = length;
    basis.push(vector.map((value) => value / length));
  }
  const q = new Float64Array(rows * columns);
  basis.forEach((unit, column) => {
    for (let row = 0; row < rows; row++) q[row * columns + column] = unit[row];
  });
  return { q, r };
}

/**
 * Euclidean norm, accumulated in float64 and scaled by the largest entry where squares would under- or overflow:
 * 0 only if every entry is 0.
 */
export function norm(values: ArrayLike<number>): number {
  let squares = 0;
  for (let index = 0; index < values.length; index++) squares += values[index] * values[index];
  if (squares > 1e-280 && squares < 1e280) return Math.sqrt(squares);
  let largest = 0;
  for (let index = 0; index < values.length; index++) largest = Math.max(largest, Math.abs(values[index]));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  squares = 0;
  for (let index = 0; index < values.length; index++) squares += (values[index] / largest) * (values[index] / largest);
  return largest * Math.sqrt(squares);
}

/** Sum of the products of two vectors of equal length, first to last. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}
