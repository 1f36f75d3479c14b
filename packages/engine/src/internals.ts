import type * as tf from "@tensorflow/tfjs";
import type { WasmMemory } from "./webAssembly";

/** Identity of a tensor's data in a backend. */
export type DataId = object;

/** What tfjs's wasm backend knows of one tensor's data. */
export interface WasmData {
  readonly id: number;
  /** Byte offset in the backend's memory. */
  readonly memoryOffset: number;
  refCount: number;
}

/** The parts of tfjs's wasm backend that the engine uses (tfjs 4.22, which is pinned). */
export interface WasmBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WasmMemory };
    stackSave(): number;
    stackRestore(pointer: number): void;
  } | null;
  readonly dataIdMap: { get(dataId: DataId): WasmData; has(dataId: DataId): boolean };
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  disposeData(dataId: DataId, force?: boolean): boolean;
}
