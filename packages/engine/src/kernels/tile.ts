import type { WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

/** An axis of what is repeated. */
interface Axis {
  readonly size: number;
  readonly times: number;
}

/**
 * A tensor repeated along its axes.
 *
 * Replaces tfjs's `Tile`, which works out the place of every single element; the gradient of batch normalisation tiles
 * vectors to the size of a layer's output, and spent half of a training step on it. Nothing is computed, so that the bits
 * are the same.
 */
export const tileKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const { x } = inputs as { x: tf.TensorInfo };
  const reps = attrs?.reps as unknown as number[];
  if (x.dtype === "string") throw new Error("tile: expected numbers or booleans on wasm, got strings");
  const elementBytes = tf.util.bytesPerElement(x.dtype);
  const address = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const axes = merge(x.shape.map((size, axis) => ({ size, times: reps[axis] })));
  let from = x;
  let block = elementBytes;
  let count = tf.util.sizeFromShape(x.shape);
  // From the last axis to the first, each repeats what the ones before have made.
  for (const { size, times } of axes.reverse()) {
    block *= size;
    const out = backend.makeOutput([count * times], x.dtype);
    if (block > 0)
      sideModule(backend).repeat(address(from), address(out), block, (count * elementBytes) / block, times);
    if (from !== x) backend.disposeData(from.dataId);
    from = out;
    count *= times;
    block *= times;
  }
  const shape = x.shape.map((size, axis) => size * reps[axis]);
  return { dataId: from.dataId, shape, dtype: x.dtype };
};

/** Fewer axes with the same result: one of size 1 goes into the next, and one that is not repeated into the one before. */
function merge(axes: readonly Axis[]): Axis[] {
  const merged: Axis[] = [];
  for (const axis of axes) {
    const before = merged[merged.length - 1] as Axis | undefined;
    if (before?.size === 1) {
      merged[merged.length - 1] = { size: axis.size, times: before.times * axis.times };
    } else if (before !== undefined && axis.times === 1) {
      merged[merged.length - 1] = { size: before.size * axis.size, times: before.times };
    } else {
      merged.push(axis);
    }
  }
  return merged.length > 0 ? merged : [{ size: 1, times: 1 }];
}
