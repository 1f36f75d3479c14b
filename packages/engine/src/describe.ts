import { whyCaptureIsOff } from "./capture/capture";
import { kernelNames } from "./install";
import { tf } from "./tf";

/** Version of this package. */
const version = "0.1.0";

/** Engines that this version can start. */
export type EngineName = "native" | "wasm" | "cpu";

/** What runs, and why nothing else does. */
export interface Description {
  /**
   * The engine in use: `wasm` is tfjs's WebAssembly backend with the kernels below, `native` TensorFlow's library through
   * tfjs-node, `cpu` tfjs's plain JavaScript.
   */
  readonly engine: EngineName;
  /** Versions of this package and of TensorFlow.js. */
  readonly version: string;
  /** Names of the tfjs kernels that this engine replaced; empty on the others. */
  readonly kernels: readonly string[];
  /** Whether training steps are captured; if not, why. */
  readonly capture: {
    /** True if they are. */
    readonly on: boolean;
    /** Why they are not. */
    readonly why?: string;
  };
  /** The other engines, each with the reason why it does not run. */
  readonly notTaken: readonly {
    /** Its name. */
    readonly engine: EngineName;
    /** What keeps it from running, in words for a reader. */
    readonly why: string;
  }[];
}

/** tfjs's names of the backends. */
const engineOf: Readonly<Record<string, EngineName>> = { tensorflow: "native", wasm: "wasm", cpu: "cpu" };

/**
 * The description of an engine.
 *
 * @param backend - the tfjs backend in use
 * @param why - the reasons why an engine does not run, where it does not
 * @throws Error if the backend is one that this package does not start
 */
export function describeEngine(backend: string, why: Readonly<Record<"native" | "wasm", string>>): Description {
  const engine = engineOf[backend] as EngineName | undefined;
  if (engine === undefined) {
    throw new Error(
      `engine: expected the backend wasm, cpu or tensorflow to be in use, got "${backend}"; call tf.setBackend("wasm")`,
    );
  }
  const off = engine === "wasm" ? whyCaptureIsOff() : "only steps on wasm are captured";
  const cpu = "many times slower: taken when asked for or when WebAssembly cannot start";
  const others = [
    { engine: "native", why: why.native },
    { engine: "wasm", why: why.wasm },
    { engine: "cpu", why: cpu },
  ] as const;
  return {
    engine,
    version: `${version} (TensorFlow.js ${tf.version.tfjs})`,
    kernels: engine === "wasm" ? kernelNames : [],
    capture: off === undefined ? { on: true } : { on: false, why: off },
    notTaken: others.filter((other) => other.engine !== engine),
  };
}
