import { tfEngine, type DataId, type WasmBackend } from "../internals";
import { tf } from "../tf";

// Data that a captured step needs is held as one more tensor would hold it, without being a tensor that tfjs counts.

/** Holds data, so that it stays where it is. */
export function hold(backend: WasmBackend, dataId: DataId): void {
  backend.incRef(dataId);
}

/** Lets go of held data, which is freed if nobody else has it. */
export function release(backend: WasmBackend, dataId: DataId): void {
  if (backend.wasm === null || !backend.dataIdMap.has(dataId)) return;
  if (backend.disposeData(dataId)) tfEngine().removeDataId(dataId, backend);
}

/** Bytes of a tensor's data. */
export function bytesOf({ shape, dtype }: tf.TensorInfo): number {
  return tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype);
}

/** Makes a variable have given data, which has its shape and type. */
export function assignData(variable: tf.Variable, dataId: DataId): void {
  variable.assign({ dataId, shape: variable.shape, dtype: variable.dtype } as tf.Tensor);
}

/** A new tensor with what lies at an address. */
export function copyOut(
  backend: WasmBackend,
  address: number,
  { shape, dtype }: Pick<tf.TensorInfo, "shape" | "dtype">,
): tf.Tensor {
  const info = backend.makeOutput(shape, dtype);
  const to = backend.dataIdMap.get(info.dataId).memoryOffset;
  backend.wasm?.HEAPU8.copyWithin(to, address, address + bytesOf(info));
  return tfEngine().makeTensorFromTensorInfo(info, backend);
}

/** The data that a variable has before and after each repeated step, at one address for all programs that use it. */
interface Home {
  dataId: DataId;
  /** Programs that use it. */
  users: number;
}

const homes = new Map<tf.Variable, Home>();

/** Makes the data that a variable has its home, if it has none yet, for one program more. */
export function takeHome(backend: WasmBackend, variable: tf.Variable): void {
  const home = homes.get(variable);
  if (home !== undefined) {
    home.users++;
    return;
  }
  homes.set(variable, { dataId: variable.dataId, users: 1 });
  hold(backend, variable.dataId);
}

/** One program less uses a variable's home. */
export function leaveHome(backend: WasmBackend, variable: tf.Variable): void {
  const home = homes.get(variable);
  if (home === undefined || --home.users > 0) return;
  homes.delete(variable);
  release(backend, home.dataId);
}

/** Lets go of the homes whose programs were cut off before they could. */
export function forgetHomes(): void {
  const backend = tf.engine().findBackend("wasm") as unknown as WasmBackend | null;
  for (const [variable, { dataId }] of homes) {
    homes.delete(variable);
    if (backend !== null) release(backend, dataId);
  }
}

/** Whether a variable that has a home can be brought there. */
export function isReachable(backend: WasmBackend, variable: tf.Variable): boolean {
  const home = homes.get(variable);
  if (home === undefined || variable.isDisposed) return false;
  return backend.dataIdMap.has(home.dataId) && backend.dataIdMap.has(variable.dataId);
}

/**
 * Makes a variable have its data alone: at its home, if it has one. What it was given meanwhile is copied there, and
 * whoever shares that data (a clone) goes on with a copy of the old values.
 */
export function bringHome(backend: WasmBackend, variable: tf.Variable): void {
  const home = homes.get(variable);
  if (home === undefined) {
    if (backend.refCount(variable.dataId) > 1) assignCopy(backend, variable);
    return;
  }
  if (variable.dataId === home.dataId && backend.refCount(home.dataId) === 2) return;
  const heap = backend.wasm!.HEAPU8;
  const bytes = bytesOf(variable);
  const from = backend.dataIdMap.get(variable.dataId).memoryOffset;
  const values = variable.dataId === home.dataId ? undefined : heap.slice(from, from + bytes);
  if (backend.refCount(home.dataId) > (values === undefined ? 2 : 1)) leaveToOthers(backend, variable, home);
  else if (values !== undefined) assignData(variable, home.dataId);
  if (values !== undefined) backend.wasm!.HEAPU8.set(values, backend.dataIdMap.get(home.dataId).memoryOffset);
}

function assignCopy(backend: WasmBackend, variable: tf.Variable): void {
  const copy = copyOut(backend, backend.dataIdMap.get(variable.dataId).memoryOffset, variable);
  variable.assign(copy);
  copy.dispose();
}

/** Leaves the home's data, with its values in other memory, to those who share it; new data takes its memory over. */
function leaveToOthers(backend: WasmBackend, variable: tf.Variable, home: Home): void {
  const shared = home.dataId;
  home.dataId = backend.makeOutput(variable.shape, variable.dtype).dataId as DataId;
  const [old, fresh] = [backend.dataIdMap.get(shared), backend.dataIdMap.get(home.dataId)];
  backend.wasm!.HEAPU8.copyWithin(fresh.memoryOffset, old.memoryOffset, old.memoryOffset + bytesOf(variable));
  [old.id, fresh.id] = [fresh.id, old.id];
  [old.memoryOffset, fresh.memoryOffset] = [fresh.memoryOffset, old.memoryOffset];
  assignData(variable, home.dataId);
  release(backend, shared);
}
