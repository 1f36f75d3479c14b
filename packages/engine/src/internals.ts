import { tf } from "./tf";
import type { WasmMemory } from "./webAssembly";

/** Identity of a tensor's data in a backend. */
export type DataId = object;

/** What a backend knows of one tensor's data; `memoryOffset` (bytes) on the wasm backend only. */
export interface Data {
  memoryOffset: number;
  /** Number of the tensor in tfjs's binary; on the wasm backend only. */
  id: number;
  refCount: number;
}

/** tfjs's table of the data of one backend. */
export interface DataStorage {
  readonly backend: Backend;
  dataIdsCount: number;
  get(dataId: DataId): Data;
  set(dataId: DataId, data: Data): void;
  has(dataId: DataId): boolean;
  delete(dataId: DataId): boolean;
}

/** What the wasm and the cpu backend have in common; they name their table differently. */
export interface Backend {
  readonly dataIdMap?: DataStorage;
  readonly data?: DataStorage;
  /** Takes one reference away, or with `force` all, and frees the data with the last; true if it freed it. */
  disposeData(dataId: DataId, force?: boolean): boolean;
}

/** A compiled function of tfjs's binary, as it is: numbers in, a number or nothing out. */
export type RawFunction = (...args: number[]) => unknown;

/** The instance of tfjs's binary, as Emscripten wraps it. */
export interface WasmInstance {
  /** The exports of the binary by their names in C, memory aside. */
  readonly asm: { readonly memory: WasmMemory } & Readonly<Record<string, RawFunction>>;
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  _malloc: (bytes: number) => number;
  _free: (address: number) => void;
  cwrap: (name: string, returns: string | null, types: readonly string[]) => (...args: unknown[]) => unknown;
  readonly tfjs: {
    registerTensor: (id: number, size: number, address: number) => void;
    disposeData: (id: number) => void;
  };
  stackSave(): number;
  stackRestore(pointer: number): void;
}

/** The parts of tfjs's wasm backend that the engine uses. */
export interface WasmBackend extends Backend {
  /** Null once the backend was removed. */
  readonly wasm: WasmInstance | null;
  readonly dataIdMap: DataStorage;
  dataIdNextNumber: number;
  refCount(dataId: DataId): number;
  move(dataId: DataId, values: tf.TypedArray | null, shape: number[], dtype: tf.DataType, refCount: number): void;
  readSync(dataId: DataId, start?: number, end?: number): tf.TypedArray;
  typedArrayFromHeap(tensor: tf.TensorInfo): tf.TypedArray;
  /** Counts one more tensor that has the data. */
  incRef(dataId: DataId): void;
  makeOutput(shape: readonly number[], dtype: tf.DataType, address?: number, values?: tf.TypedArray): tf.TensorInfo;
}

/** One open `tf.tidy`. */
export interface Scope {
  readonly track: tf.Tensor[];
}

/** The state of tfjs's engine that outlives an operation. */
export interface EngineState {
  readonly registeredVariables: Record<string, tf.Variable>;
  readonly tensorInfo: WeakMap<DataId, { readonly backend: Backend; readonly bytes: number }>;
  readonly scopeStack: Scope[];
  readonly numDataMovesStack: number[];
  activeScope: Scope | null | undefined;
  activeTape: unknown[] | null | undefined;
  gradientDepth: number;
  kernelDepth: number;
  profiling: boolean;
  numTensors: number;
  numStringTensors: number;
  numDataBuffers: number;
  numBytes: number;
}

/** The parts of tfjs's engine that this package reads and repairs (tfjs 4.22.0, which is pinned). */
export interface TfEngine {
  readonly state: EngineState;
  readonly registry: Readonly<Record<string, Backend | undefined>>;
  pendingBackendInit: Promise<boolean> | null | undefined;
  pendingBackendInitId: number;
  /** The next free number; tensors are numbered in the order in which they are made. */
  nextTensorId(): number;
  trackTensor(tensor: tf.Tensor, backend?: Backend): void;
  makeTensorFromTensorInfo(info: tf.TensorInfo, backend?: Backend): tf.Tensor;
  /** Forgets data that a backend has freed. */
  removeDataId(dataId: DataId, backend: Backend): void;
}

/** tfjs's engine, with the fields that its types keep private. */
export function tfEngine(): TfEngine {
  return tf.engine() as unknown as TfEngine;
}

/** The table of a backend's data. */
export function storageOf(backend: Backend): DataStorage | undefined {
  return backend.dataIdMap ?? backend.data;
}

/** Where a tensor's data lies in the memory of the wasm backend, in bytes. */
export function addressOf(backend: WasmBackend, { dataId }: tf.TensorInfo): number {
  return backend.dataIdMap.get(dataId).memoryOffset;
}
