import { fetchBinary, provideBinary } from "./binary";
import { describeEngine, type Description, type EngineName } from "./describe";
import { installKernels } from "./install";
import type { WasmBackend } from "./internals";
import { silenceBanner } from "./quiet";
import { compileSideModule, sideModule } from "./sideModule";
import { tf } from "./tf";

/** What `ready` may be told. */
export interface ReadyOptions {
  /** `wasm` (default) or `cpu`. */
  readonly engine?: EngineName;
  /** URL or bytes of tfjs's `tfjs-backend-wasm-simd.wasm`; default: where tfjs itself looks, beside the script. */
  readonly wasm?: string | Uint8Array;
}

let started: Promise<EngineName> | undefined;
let asked: EngineName = "wasm";
let whyNotWasm = "";

/**
 * Starts the engine; later calls return the same.
 *
 * If WebAssembly cannot start, the cpu engine is taken, one line on the console says so, and the description why.
 * @throws Error if `engine` is unknown, or differs from what a call before has asked for
 */
export async function ready(options: ReadyOptions = {}): Promise<Description> {
  const engine: string = options.engine ?? (started === undefined ? "wasm" : asked);
  if (engine !== "wasm" && engine !== "cpu") throw new Error(`engine: expected "wasm" or "cpu", got "${engine}"`);
  if (started !== undefined && engine !== asked) {
    throw new Error(
      `engine: expected "${asked}", which ready() was first called with, got "${engine}"; restart to change`,
    );
  }
  asked = engine;
  started ??= start(engine, options.wasm);
  await started;
  return describe();
}

/**
 * What runs, and why nothing else does.
 *
 * @throws Error before `ready()` was awaited
 */
export function describe(): Description {
  const backend = tf.getBackend();
  if (started === undefined || (backend !== "wasm" && backend !== "cpu")) {
    throw new Error(`engine: expected a started engine, got backend "${backend}"; await ready() first`);
  }
  return describeEngine(backend, whyNotWasm === "" ? 'tf.setBackend("cpu") was called' : whyNotWasm);
}

async function start(engine: EngineName, wasm: string | Uint8Array | undefined): Promise<EngineName> {
  silenceBanner();
  if (engine === "wasm") {
    try {
      await startWasm(wasm);
      return "wasm";
    } catch (error) {
      whyNotWasm = `WebAssembly could not start: ${error instanceof Error ? error.message : String(error)}`;
      console.warn(`@deepen/engine: taking the cpu engine, which is many times slower. ${whyNotWasm}`);
    }
  } else {
    whyNotWasm = "cpu was asked for";
  }
  await tf.setBackend("cpu");
  return "cpu";
}

async function startWasm(wasm: string | Uint8Array | undefined): Promise<void> {
  // The threaded binary shares its memory between workers, and the engine's kernels cannot link to that.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  await compileSideModule();
  if (typeof wasm === "string") await fetchBinary(wasm);
  else if (wasm !== undefined) provideBinary(wasm);
  installKernels();
  if (!(await tf.setBackend("wasm"))) throw new Error("tfjs could not initialise its wasm backend");
  sideModule(tf.backend() as unknown as WasmBackend);
}
