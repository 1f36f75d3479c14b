import type { WasmBackend } from "./internals";
import { limitMemory } from "./memory";
import { type SideModule, wasmBase64 } from "./wasm.generated";
import { webAssembly, type WasmModule } from "./webAssembly";

/**
 * Sizes of a convolution: batch; input height, width, channels; output height, width, channels; filter height, width;
 * vertical and horizontal strides, then dilations; padding above and at the left.
 */
export type ConvolutionSizes = readonly [
  batch: number,
  inHeight: number,
  inWidth: number,
  inChannels: number,
  outHeight: number,
  outWidth: number,
  outChannels: number,
  filterHeight: number,
  filterWidth: number,
  strideHeight: number,
  strideWidth: number,
  dilationHeight: number,
  dilationWidth: number,
  top: number,
  left: number,
];

/** Sizes of a pooling: as of a convolution, but channels once and no dilations. */
export type PoolSizes = readonly [
  batch: number,
  inHeight: number,
  inWidth: number,
  channels: number,
  outHeight: number,
  outWidth: number,
  filterHeight: number,
  filterWidth: number,
  strideHeight: number,
  strideWidth: number,
  top: number,
  left: number,
];

let compiled: WasmModule | undefined;
const linked = new WeakMap<WasmBackend, SideModule>();

/** Every linked backend that tfjs has not removed, with its C stack pointer outside all calls. */
const stacks = new Map<WasmBackend, number>();

/**
 * Compiles the kernels once; a wasm backend can be linked to them afterwards.
 *
 * @throws WebAssembly.CompileError where the host has no WebAssembly SIMD
 */
export async function compileSideModule(): Promise<void> {
  compiled ??= await webAssembly().compile(Uint8Array.from(atob(wasmBase64), (letter) => letter.charCodeAt(0)));
}

let standIn: SideModule | undefined;

/** Makes `sideModule` give these functions, which write down what is called, instead of the kernels; undefined ends it. */
export function standInForSideModule(module: SideModule | undefined): void {
  standIn = module;
}

/** True once the kernels are compiled. */
export function isCompiled(): boolean {
  return compiled !== undefined;
}

/**
 * The kernels, working in the memory of the given backend: one instance a backend, made at its first use, so that a
 * backend that was removed and registered again gets its own.
 *
 * @throws Error if the backend runs tfjs's threaded binary, whose memory is shared
 */
export function sideModule(backend: WasmBackend): SideModule {
  if (standIn !== undefined) return standIn;
  let module = linked.get(backend);
  if (module === undefined) {
    if (compiled === undefined)
      throw new Error("engine: expected ready() to have compiled the kernels before their use");
    const { wasm } = backend;
    const memory = wasm?.asm.memory;
    if (wasm === null || memory?.buffer[Symbol.toStringTag] !== "ArrayBuffer") {
      throw new Error(
        "engine: expected the memory of tfjs's single-threaded wasm binary, got a shared one; leave " +
          "WASM_HAS_MULTITHREAD_SUPPORT as ready() sets it, and call ready() before tf.setBackend",
      );
    }
    module = new (webAssembly().Instance)(compiled, { env: { memory } }).exports as unknown as SideModule;
    linked.set(backend, module);
    limitMemory(wasm);
    for (const other of stacks.keys()) if (other.wasm === null) stacks.delete(other);
    stacks.set(backend, wasm.stackSave());
  }
  return module;
}

/** Sets the C stacks of all backends to where they are outside calls, after one was cut off. */
export function restoreStacks(): void {
  for (const [backend, pointer] of stacks) backend.wasm?.stackRestore(pointer);
}
