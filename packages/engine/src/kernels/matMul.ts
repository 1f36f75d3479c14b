import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

/**
 * Matrix product of two float32 tensors, batch dimensions broadcast, either side transposed in its last two dimensions.
 *
 * Replaces tfjs's `BatchMatMul`, for two reasons. It is wrong: for 2-D factors it keeps the packed right factor under
 * its data alone, so that the same data in another shape is multiplied as if it had the first shape. And it is slow:
 * with a transposed factor (every gradient) or a batch it falls back from its fast path to a plain loop, about 15 times
 * slower.
 *
 * @param backend - the wasm backend that holds the tensors
 * @param a - shape `[..., M, K]`, or `[..., K, M]` if `transposeA`
 * @param b - shape `[..., K, N]`, or `[..., N, K]` if `transposeB`
 * @returns shape `[..., M, N]`
 * @throws Error if a tensor is not float32 or the inner or batch dimensions do not fit
 */
export function matMul(
  backend: WasmBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): tf.TensorInfo {
  const [rows, depth, columns] = productSizes(a, b, transposeA, transposeB);
  const aBatch = a.shape.slice(0, -2);
  const bBatch = b.shape.slice(0, -2);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch);
  const out = backend.makeOutput([...batch, rows, columns], "float32");
  const module = sideModule(backend);
  const bytes = module.matMulScratch(rows, columns, depth, transposeA, transposeB) >>> 0;
  const scratch = bytes === 0 ? out : backend.makeOutput([Math.ceil(bytes / 4)], "float32");
  // Addresses are read after every allocation; they stay true when the memory grows.
  const [aAt, bAt, outAt, scratchAt] = [a, b, out, scratch].map((tensor) => addressOf(backend, tensor));
  for (const { count, first, aFirst, bFirst, aStep, bStep } of batchRuns(batch, aBatch, bBatch)) {
    module.matMul(
      aAt + 4 * rows * depth * aFirst,
      bAt + 4 * depth * columns * bFirst,
      outAt + 4 * rows * columns * first,
      scratchAt,
      count,
      4 * rows * depth * aStep,
      4 * depth * columns * bStep,
      rows,
      columns,
      depth,
      transposeA,
      transposeB,
    );
  }
  if (scratch !== out) backend.disposeData(scratch.dataId);
  return out;
}

/** Rows, depth and columns of the product, once the factors are seen to fit. */
function productSizes(
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): [rows: number, depth: number, columns: number] {
  if (a.dtype !== "float32" || b.dtype !== "float32") {
    throw new Error(`matMul: expected float32 factors, got ${a.dtype} and ${b.dtype}; cast them with toFloat()`);
  }
  const [aRows, aColumns] = a.shape.slice(-2);
  const [bRows, bColumns] = b.shape.slice(-2);
  const [rows, depth] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [columns, bDepth] = transposeB ? [bRows, bColumns] : [bColumns, bRows];
  if (depth !== bDepth) {
    throw new Error(
      `matMul: expected equal inner dimensions, got ${depth} and ${bDepth} ` +
        `(shapes [${a.shape}] and [${b.shape}], transposeA=${transposeA}, transposeB=${transposeB})`,
    );
  }
  return [rows, depth, columns];
}

/** Matrices that one call multiplies: places are counted in matrices, a step of 0 keeps the factor. */
interface Run {
  readonly count: number;
  readonly first: number;
  readonly aFirst: number;
  readonly bFirst: number;
  readonly aStep: number;
  readonly bStep: number;
}

/**
 * The batch in as few runs as its broadcasting allows: the last axes, as far as both factors go through all of theirs or
 * have none there, make one.
 */
function batchRuns(batch: readonly number[], aBatch: readonly number[], bBatch: readonly number[]): Run[] {
  const size = tf.util.sizeFromShape([...batch]);
  const own = (shape: readonly number[], axis: number) => shape[axis - batch.length + shape.length] ?? 1;
  const kind = (axis: number) => [own(aBatch, axis) > 1, own(bBatch, axis) > 1].join();
  let axis = batch.length;
  let count = 1;
  let last: number | undefined;
  for (; axis > 0; axis--) {
    if (batch[axis - 1] === 1) continue;
    if (last !== undefined && kind(axis - 1) !== kind(last)) break;
    last = axis - 1;
    count *= batch[last];
  }
  const steps = (shape: readonly number[]) => (last !== undefined && own(shape, last) > 1 ? 1 : 0);
  const runs: Run[] = [];
  for (let first = 0; first < size; first += count) {
    const aFirst = operandIndex(first, batch, aBatch);
    const bFirst = operandIndex(first, batch, bBatch);
    runs.push({ count, first, aFirst, bFirst, aStep: steps(aBatch), bStep: steps(bBatch) });
  }
  return runs;
}

/** Which matrix of a factor with batch dimensions `own` belongs to matrix `index` of the broadcast batch. */
function operandIndex(index: number, batch: readonly number[], own: readonly number[]): number {
  let result = 0;
  let stride = 1;
  for (let axis = batch.length - 1, ownAxis = own.length - 1; ownAxis >= 0; axis--, ownAxis--) {
    if (own[ownAxis] > 1) result += stride * (index % batch[axis]);
    stride *= own[ownAxis];
    index = Math.floor(index / batch[axis]);
  }
  return result;
}

/** The kernel as tfjs calls it. */
export const matMulKernel: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
  return matMul(backend as WasmBackend, a, b, attrs?.transposeA === true, attrs?.transposeB === true);
};
