import type { WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";
import { expectFloat32 } from "./convolution";

/**
 * Sums of the rows of `x` that have the same id: the gradient of `gather`, and so of an embedding.
 *
 * tfjs's wasm backend has no `UnsortedSegmentSum`: there it cannot train an embedding. Ids outside the segments are left
 * out, and a NaN spoils its own segment only, as in TensorFlow; tfjs's cpu backend spreads it over all of them.
 *
 * @throws Error if `x` is not float32, the ids are not int32, or their shape is not what that of `x` begins with
 */
export const unsortedSegmentSumKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { x, segmentIds } = inputs as { x: tf.TensorInfo; segmentIds: tf.TensorInfo };
  expectFloat32("unsortedSegmentSum", x);
  if (segmentIds.dtype !== "int32") {
    throw new Error(`unsortedSegmentSum: expected int32 segment ids, got ${segmentIds.dtype}; cast them with toInt()`);
  }
  const rank = segmentIds.shape.length;
  if (!tf.util.arraysEqual(x.shape.slice(0, rank), segmentIds.shape)) {
    throw new Error(
      `unsortedSegmentSum: expected segment ids of a shape that the shape of x begins with, ` +
        `got [${segmentIds.shape}] for x of [${x.shape}]`,
    );
  }
  const segments = attrs?.numSegments as number;
  const row = x.shape.slice(rank);
  const out = backend.makeOutput([segments, ...row], "float32");
  const address = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const rows = tf.util.sizeFromShape(segmentIds.shape);
  const columns = tf.util.sizeFromShape(row);
  sideModule(backend).segmentSum(address(x), address(segmentIds), address(out), rows, columns, segments);
  return out;
};
