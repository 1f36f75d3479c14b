import { whyCaptureIsOff } from "./capture/capture";
import { kernelNames } from "./install";
import { tf } from "./tf";

/** Version of this package. */
const version = "0.1.0";

/** Engines that this version can start. */
export type EngineName = "wasm" | "cpu";

/** What runs, and why nothing else does. */
export interface Description {
  /** The engine in use: `wasm` is tfjs's WebAssembly backend with the kernels below, `cpu` tfjs's plain JavaScript. */
  readonly engine: EngineName;
  /** Versions of this package and of TensorFlow.js. */
  readonly version: string;
  /** Names of the tfjs kernels that this engine replaced; empty on `cpu`. */
  readonly kernels: readonly string[];
  /** Whether training steps are captured; if not, why. */
  readonly capture: { readonly on: boolean; readonly why?: string };
  /** The other engines, each with the reason why it does not run. */
  readonly notTaken: readonly { readonly engine: "native" | EngineName; readonly why: string }[];
}

/**
 * The description of an engine.
 *
 * @param backend - the tfjs backend in use
 * @param whyNotWasm - the reason, where it is not wasm
 * @throws Error if the backend is one that this package does not start
 */
export function describeEngine(backend: string, whyNotWasm: string): Description {
  const native = { engine: "native", why: "not part of this version" } as const;
  const cpu = {
    engine: "cpu",
    why: "many times slower: taken when asked for or when WebAssembly cannot start",
  } as const;
  const wasm = { engine: "wasm", why: whyNotWasm } as const;
  const common = { version: `${version} (TensorFlow.js ${tf.version.tfjs})` };
  if (backend === "wasm") {
    const off = whyCaptureIsOff();
    const capture = off === undefined ? { on: true } : { on: false, why: off };
    return { ...common, engine: "wasm", kernels: kernelNames, capture, notTaken: [native, cpu] };
  }
  if (backend === "cpu") {
    const capture = { on: false, why: "only steps on wasm are captured" };
    return { ...common, engine: "cpu", kernels: [], capture, notTaken: [native, wasm] };
  }
  throw new Error(
    `engine: expected the backend wasm or cpu to be in use, got "${backend}"; call tf.setBackend("wasm")`,
  );
}
