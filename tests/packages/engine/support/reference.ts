/** A matrix product in float64: batches broadcast as NumPy does, either factor transposed in its last two axes. */
export function referenceMatMul(
  a: Operand,
  b: Operand,
): { readonly shape: readonly number[]; readonly values: Float64Array } {
  const [rows, depth] = matrixShape(a);
  const [, columns] = matrixShape(b);
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const count = batch.reduce((product, size) => product * size, 1);
  const values = new Float64Array(count * rows * columns);
  for (let index = 0; index < count; index++) {
    const at = batchIndices(index, batch);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < depth; k++) sum += element(a, at, i, k) * element(b, at, k, j);
        values[(index * rows + i) * columns + j] = sum;
      }
    }
  }
  return { shape: [...batch, rows, columns], values };
}

/** The same in float32, each product and each sum rounded, k ascending: the order the engine promises. */
export function orderedMatMul(a: Operand, b: Operand): Float32Array {
  const [rows, depth] = matrixShape(a);
  const [, columns] = matrixShape(b);
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) {
        sum = Math.fround(sum + Math.fround(element(a, [], i, k) * element(b, [], k, j)));
      }
      values[i * columns + j] = sum;
    }
  }
  return values;
}

/** A factor of a product. */
export interface Operand {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly transposed: boolean;
}

/** Deterministic float32 values in (-1, 1) with full mantissas, from an integer seed. */
export function values(count: number, seed: number): Float32Array {
  let state = seed % 2147483647 || 1;
  return Float32Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}

function matrixShape({ shape, transposed }: Operand): [number, number] {
  const [first, second] = shape.slice(-2);
  return transposed ? [second, first] : [first, second];
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const aligned = (shape: readonly number[], axis: number) => shape[axis - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => (aligned(a, axis) === 1 ? aligned(b, axis) : aligned(a, axis)));
}

function batchIndices(index: number, batch: readonly number[]): number[] {
  const result: number[] = [];
  for (const size of [...batch].reverse()) {
    result.unshift(index % size);
    index = Math.floor(index / size);
  }
  return result;
}

function element(operand: Operand, batch: readonly number[], row: number, column: number): number {
  const own = operand.shape.slice(0, -2);
  const aligned = batch.slice(batch.length - own.length);
  const [i, j] = operand.transposed ? [column, row] : [row, column];
  const indices = [...own.map((size, axis) => (size === 1 ? 0 : aligned[axis])), i, j];
  return operand.values[indices.reduce((offset, at, axis) => offset * operand.shape[axis] + at, 0)];
}
