import type { WasmBackend } from "../internals";
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
  const aBatch = a.shape.slice(0, -2);
  const bBatch = b.shape.slice(0, -2);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch);
  const out = backend.makeOutput([...batch, rows, columns], "float32");
  // A transposed right factor is laid out in rows first; a transposed left one only has other strides.
  const scratch = transposeB ? backend.makeOutput([depth, columns], "float32") : null;

  // Addresses are read after every allocation; they stay true when the memory grows.
  const aData = backend.dataIdMap.get(a.dataId).memoryOffset;
  const bData = backend.dataIdMap.get(b.dataId).memoryOffset;
  const outData = backend.dataIdMap.get(out.dataId).memoryOffset;
  const scratchData = scratch === null ? 0 : backend.dataIdMap.get(scratch.dataId).memoryOffset;
  const { gemm, transpose } = sideModule(backend);
  const [aRow, aColumn] = transposeA ? [4, 4 * rows] : [4 * depth, 4];
  const count = tf.util.sizeFromShape(batch);
  let transposed = -1;
  for (let index = 0; index < count; index++) {
    const aAt = aData + 4 * rows * depth * operandIndex(index, batch, aBatch);
    let bAt = bData + 4 * depth * columns * operandIndex(index, batch, bBatch);
    if (transposeB) {
      if (bAt !== transposed) transpose(bAt, scratchData, columns, depth);
      transposed = bAt;
      bAt = scratchData;
    }
    gemm(aAt, aRow, aColumn, bAt, 4 * columns, outData + 4 * rows * columns * index, 4 * columns, rows, columns, depth);
  }
  if (scratch !== null) backend.disposeData(scratch.dataId);
  return out;
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
