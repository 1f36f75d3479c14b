import { dot } from "./linearAlgebra";

/** What {@link ridge} fits: predictions are `features · weights + intercept`. */
export interface RidgeFit {
  /** `[D, K]`, row after row. */
  readonly weights: Float64Array;
  /** `[K]` */
  readonly intercept: Float64Array;
}

/**
 * Ridge regression in closed form: the weights that make ‖Y − XW − b‖² + penalty · ‖W‖² smallest, from the normal
 * equations of the centred data by Cholesky's factors, in float64. The intercept b is not penalised.
 *
 * @param x - `[N, D]`, row after row
 * @param y - `[N, K]`, row after row
 * @param options - `features` D, `targets` K, `penalty` (above 0)
 * @throws RangeError if lengths do not fit or the penalty is not positive
 * @see Hoerl and Kennard 1970, Technometrics 12, eq. 2.1
 */
export function ridge(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { features, targets, penalty }: { readonly features: number; readonly targets: number; readonly penalty: number },
): RidgeFit {
  const rows = x.length / features;
  if (!Number.isInteger(rows) || rows < 1 || y.length !== rows * targets) {
    throw new RangeError(
      `x, y: expected [N, ${features}] and [N, ${targets}], got ${x.length} and ${y.length} numbers`,
    );
  }
  if (!(penalty > 0 && Number.isFinite(penalty))) {
    throw new RangeError(`penalty: expected a positive number, got ${penalty}`);
  }
  const [xMean, yMean] = [columnMeans(x, features), columnMeans(y, targets)];
  const [inputs, outputs] = [centredColumns(x, xMean), centredColumns(y, yMean)];
  const gram = new Float64Array(features * features);
  const moments = new Float64Array(features * targets);
  for (let i = 0; i < features; i++) {
    for (let j = 0; j <= i; j++) gram[i * features + j] = dot(inputs[i], inputs[j]);
    for (let k = 0; k < targets; k++) moments[i * targets + k] = dot(inputs[i], outputs[k]);
    gram[i * features + i] += penalty;
  }
  choleskySolve(gram, features, moments, targets);
  const intercept = yMean.map((value, k) => {
    let sum = value;
    for (let i = 0; i < features; i++) sum -= xMean[i] * moments[i * targets + k];
    return sum;
  });
  return { weights: moments, intercept };
}

/** Means of the columns of a matrix `[N, columns]`, in float64. */
function columnMeans(matrix: ArrayLike<number>, columns: number): Float64Array {
  const means = new Float64Array(columns);
  for (let row = 0; row < matrix.length; row += columns) {
    for (let column = 0; column < columns; column++) means[column] += matrix[row + column];
  }
  return means.map((sum) => (sum * columns) / matrix.length);
}

/** The columns of a matrix, less their means, each in an array of its own. */
function centredColumns(matrix: ArrayLike<number>, means: Float64Array): Float64Array[] {
  const rows = matrix.length / means.length;
  return Array.from(means, (mean, column) => {
    const values = new Float64Array(rows);
    for (let row = 0; row < rows; row++) values[row] = matrix[row * means.length + column] - mean;
    return values;
  });
}

/** Overwrites `b` `[n, columns]` by A⁻¹ b, and the lower triangle of the positive definite `a` `[n, n]` by its factor. */
function choleskySolve(a: Float64Array, n: number, b: Float64Array, columns: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j];
    }
  }
  for (let column = 0; column < columns; column++) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) b[i * columns + column] -= a[i * n + k] * b[k * columns + column];
      b[i * columns + column] /= a[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) b[i * columns + column] -= a[k * n + i] * b[k * columns + column];
      b[i * columns + column] /= a[i * n + i];
    }
  }
}
