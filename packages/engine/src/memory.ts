import type { WasmInstance } from "./internals";
import { tf } from "./tf";

/** All that WebAssembly's 32-bit addresses reach, less the page that tfjs's binary leaves out, in bytes. */
const most = 4294901760;

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GB`;

/**
 * Address of a new block in tfjs's memory.
 *
 * @throws RangeError if it does not fit: tfjs itself would write such a tensor over the start of the memory
 */
export function allocate(wasm: WasmInstance, bytes: number): number {
  const address = bytes > most ? 0 : (wasm.asm.malloc(bytes) as number) >>> 0;
  if (address !== 0) return address;
  const { numBytes, numTensors } = tf.memory();
  throw new RangeError(
    `engine: expected ${gigabytes(bytes)} of memory for a tensor, but WebAssembly has 4 GB, of which ` +
      `${gigabytes(numBytes)} are in ${String(numTensors)} tensors; take a smaller batch or model, or dispose of tensors ` +
      "that are not needed (tf.tidy, tf.dispose)",
  );
}

/** Makes a backend refuse tensors for which there is no memory. */
export function limitMemory(wasm: WasmInstance): void {
  wasm._malloc = (bytes) => allocate(wasm, bytes);
}
