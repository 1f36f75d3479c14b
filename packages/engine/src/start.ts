import { loadBinary, provideBinary } from "./binary";
import { testCapture } from "./capture/selfTest";
import type { EngineName } from "./describe";
import { installKernels } from "./install";
import { tfEngine, type WasmBackend } from "./internals";
import { startNative } from "./native";
import { silenceBanner } from "./quiet";
import { compileSideModule, sideModule } from "./sideModule";
import { tf } from "./tf";

/** A start of the engine: what was asked for and how far it came. */
interface Start {
  readonly asked: EngineName;
  done: Promise<void>;
  settled: boolean;
  /** A cell was killed before it had ended. */
  doubted: boolean;
  /** Why the wasm engine does not run; undefined if it does. */
  whyNotWasm: string | undefined;
  /** Why the native engine does not run; undefined if it does. */
  whyNotNative: string | undefined;
}

let current: Start | undefined;

/** How long a start that a killed cell may have cut off is given to go on, in milliseconds. */
const patience = 1000;

/** The start that was made, if any. */
export function currentStart(): Readonly<Start> | undefined {
  return current;
}

/** Starts the asked engine or, with one line on the console, the next best: wasm for native, cpu for wasm. */
export function startEngine(asked: EngineName, wasm: string | Uint8Array | undefined): Promise<void> {
  const start: Start = {
    asked,
    done: Promise.resolve(),
    settled: false,
    doubted: false,
    whyNotWasm: undefined,
    whyNotNative: "it was not asked for; it is not faster, and its numbers differ in the last digits",
  };
  current = start;
  start.done = run(start, wasm).finally(() => {
    start.settled = true;
  });
  return start.done;
}

/** A cell was killed: a start that had not ended may never end. */
export function doubtStart(): void {
  if (current?.settled === false) current.doubted = true;
}

/** Waits for a start in doubt and, if it does not go on, forgets it and what it had begun in tfjs. */
export async function settleDoubt(): Promise<void> {
  const start = current;
  if (start?.doubted !== true || start.settled) return;
  await Promise.race([start.done, new Promise((resolve) => setTimeout(resolve, patience))]);
  if (start.settled || current !== start) return;
  current = undefined;
  const engine = tfEngine();
  if (engine.pendingBackendInit != null) {
    engine.pendingBackendInitId++;
    engine.pendingBackendInit = null;
  }
}

async function run(start: Start, wasm: string | Uint8Array | undefined): Promise<void> {
  silenceBanner();
  if (start.asked === "native" && (await triedNative(start))) return;
  if (start.asked !== "cpu" && (await triedWasm(start, wasm))) return;
  start.whyNotWasm ??= "cpu was asked for";
  await tf.setBackend("cpu");
}

async function triedNative(start: Start): Promise<boolean> {
  try {
    await startNative();
  } catch (error) {
    start.whyNotNative = `TensorFlow's library could not start: ${firstLine(error)}`;
    console.warn(`@deepen/engine: taking the wasm engine. ${start.whyNotNative}`);
    return false;
  }
  start.whyNotNative = undefined;
  start.whyNotWasm = "native was asked for";
  return true;
}

async function triedWasm(start: Start, wasm: string | Uint8Array | undefined): Promise<boolean> {
  try {
    await startWasm(wasm);
  } catch (error) {
    start.whyNotWasm = `WebAssembly could not start: ${error instanceof Error ? error.message : String(error)}`;
    console.warn(`@deepen/engine: taking the cpu engine, which is many times slower. ${start.whyNotWasm}`);
    return false;
  }
  return true;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}

async function startWasm(wasm: string | Uint8Array | undefined): Promise<void> {
  // The threaded binary shares its memory between workers, and the engine's kernels cannot link to that.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  await compileSideModule();
  if (typeof wasm === "string") await loadBinary(wasm);
  else if (wasm !== undefined) provideBinary(wasm);
  installKernels();
  if (!(await tf.setBackend("wasm"))) throw new Error("tfjs could not initialise its wasm backend");
  sideModule(tf.backend() as unknown as WasmBackend);
  testCapture();
}
