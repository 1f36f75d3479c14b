import { describeEngine, type Description, type EngineName } from "./describe";
import { registerGuard } from "./guard";
import { currentStart, settleDoubt, startEngine } from "./start";
import { tf } from "./tf";

/** What `ready` may be told. */
export interface ReadyOptions {
  /** `wasm` (default) or `cpu`. */
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
 * If WebAssembly cannot start, the cpu engine is taken, one line on the console says so, and the description why. In a
 * notebook kernel that offers it, `guard` is registered.
 * @throws Error if `engine` is unknown, or differs from what an earlier call has asked for
 */
export async function ready(options: ReadyOptions = {}): Promise<Description> {
  await settleDoubt();
  const asked = currentStart()?.asked;
  const engine: string = options.engine ?? asked ?? "wasm";
  if (engine !== "wasm" && engine !== "cpu") throw new Error(`engine: expected "wasm" or "cpu", got "${engine}"`);
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
  return describeEngine(backend, start.whyNotWasm ?? `tf.setBackend("${backend}") was called`);
}
