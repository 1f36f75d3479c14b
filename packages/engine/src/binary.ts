import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "./tf";
import { webAssembly } from "./webAssembly";

/** The three binaries that tfjs chooses from; SIMD without threads is the one the engine always asks for. */
const binaries = [
  "tfjs-backend-wasm.wasm",
  "tfjs-backend-wasm-simd.wasm",
  "tfjs-backend-wasm-threaded-simd.wasm",
] as const;

/** The address under which tfjs asks for the bytes handed to `provideBinary`. */
const address = "deepen-engine:tfjs-backend-wasm-simd.wasm";

let provided: Uint8Array | undefined;

/**
 * Gives tfjs the bytes of its binary `tfjs-backend-wasm-simd.wasm`, for this and every later start of its wasm backend.
 *
 * tfjs only knows addresses, and reports a bad one by several lines on the console; so it gets an address of our own,
 * answered from memory, and what is wrong with the bytes is said before it starts.
 *
 * @throws Error if the bytes are not a WebAssembly binary that this host can run
 */
export function provideBinary(bytes: Uint8Array): void {
  if (!webAssembly().validate(bytes)) {
    throw new Error(
      `wasm: expected the bytes of tfjs-backend-wasm-simd.wasm, got ${bytes.length} bytes that this host does not ` +
        "accept as WebAssembly with SIMD",
    );
  }
  if (provided === undefined) answerOwnAddress();
  provided = bytes;
  setWasmPaths(Object.fromEntries(binaries.map((name) => [name, address])), true);
}

/** How an address is read: in a browser by fetch, in Node from a file. */
let read = async (url: string): Promise<Uint8Array> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`expected a file at ${url}, got status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

/** Replaces the way an address is read; for the Node door. */
export function readBinaryWith(reader: (address: string) => Promise<Uint8Array>): void {
  read = reader;
}

/**
 * Loads tfjs's binary from where it lies and hands it over.
 *
 * @throws Error if it cannot be read or is not that binary
 */
export async function loadBinary(from: string): Promise<void> {
  provideBinary(await read(from));
}

function answerOwnAddress(): void {
  const { platform } = tf.env();
  const original = platform.fetch.bind(platform);
  platform.fetch = (path, init) => {
    if (path !== address || provided === undefined) return original(path, init);
    // All that tfjs reads of a response; a real one would load the whole of fetch in Node.
    const { buffer } = Uint8Array.from(provided);
    return Promise.resolve({ ok: true, arrayBuffer: () => Promise.resolve(buffer) } as Response);
  };
}
