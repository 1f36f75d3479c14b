import { describeEngine, type Description, type EngineName } from "./describe";
import { registerGuard } from "./guard";
import { currentStart, settleDoubt, startEngine } from "./start";
import { tf } from "./tf";

/** What `ready` may be told. */
export interface ReadyOptions {
  /** `wasm` (default), `cpu`, or `native` (in Node, where tfjs-node is installed under the name tfjs-node-native). */
  readonly engine?: EngineName;
  /**
   * tfjs's `tfjs-backend-wasm-simd.wasm`: its bytes, or where it lies (a URL in a browser, a path in Node). Default: in
   * Node the one in node_modules, in a browser where tfjs itself looks, beside the script.
   */
  readonly wasm?: string | Uint8Array;
}

/**
 * Starts the engine; later calls return the same.
 *
 * If the native engine cannot start, wasm is taken, and if WebAssembly cannot start, the cpu engine; one line on the
 * console says so, and the description why. In a notebook kernel that offers it, `guard` is registered.
 * @throws Error if `engine` is unknown, or differs from what an earlier call has asked for
 */
export async function ready(options: ReadyOptions = {}): Promise<Description> {
  await settleDoubt();
  const asked = currentStart()?.asked;
  const engine: string = options.engine ?? asked ?? "wasm";
  if (engine !== "wasm" && engine !== "cpu" && engine !== "native") {
    throw new Error(`engine: expected "wasm", "cpu" or "native", got "${engine}"`);
  }
  if (asked !== undefined && engine !== asked) {
    throw new Error(
      `engine: expected "${asked}", as an earlier ready() has asked for, got "${engine}"; restart to change`,
    );
  }
  registerGuard();
  await (currentStart()?.done ?? startEngine(engine, options.wasm));
  return describe();
}

/**
 * What runs now, and why nothing else does.
 *
 * @throws Error before `ready()` has ended
 */
export function describe(): Description {
  const backend = tf.getBackend();
  const start = currentStart();
  if (start?.settled !== true) throw new Error("engine: expected a started engine; await ready() first");
  const changed = `tf.setBackend("${backend}") was called`;
  return describeEngine(backend, { native: start.whyNotNative ?? changed, wasm: start.whyNotWasm ?? changed });
}
