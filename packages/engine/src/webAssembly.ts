/** The parts of the host's WebAssembly that the engine uses, typed here because its types come with the DOM only. */
export interface WebAssemblyHost {
  validate(bytes: Uint8Array): boolean;
  compile(bytes: Uint8Array): Promise<WasmModule>;
  readonly Instance: new (
    module: WasmModule,
    imports: { env: { memory: WasmMemory } },
  ) => { readonly exports: unknown };
}

/** A compiled module. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: "WebAssembly.Module";
}

/** A linear memory. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

/**
 * The host's WebAssembly.
 *
 * @throws Error where the host has none
 */
export function webAssembly(): WebAssemblyHost {
  const host = (globalThis as unknown as { WebAssembly?: WebAssemblyHost }).WebAssembly;
  if (host === undefined) throw new Error("this host has no WebAssembly");
  return host;
}
