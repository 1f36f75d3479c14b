import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { readBinaryWith } from "./binary";
import { turnCaptureOff } from "./capture/capture";
import type { Description, EngineName } from "./describe";
import { ready as start, tf, type ReadyOptions } from "./index";
import { loadNativeWith } from "./native";

export {
  adamw,
  allowCapture,
  capture,
  clipByGlobalNorm,
  describe,
  dropout,
  guard,
  isOnlyTfjs,
  randomNormal,
  randomStream,
  randomUniform,
  tf,
  type AdamWOptions,
  type CaptureInfo,
  type CaptureOptions,
  type CapturedFunction,
  type Description,
  type EngineName,
  type Outcome,
  type RandomStream,
  type ReadyOptions,
} from "./index";

const engines: readonly string[] = ["wasm", "cpu", "native"];

/**
 * As `ready` of the browser's door, with tfjs's binary taken from node_modules, the engine from the environment variable
 * DEEPEN_ENGINE if the options do not name one, and no captured steps if DEEPEN_CAPTURE is 0.
 */
export async function ready(options: ReadyOptions = {}): Promise<Description> {
  const engine = options.engine ?? engineOfEnvironment();
  if (process.env.DEEPEN_CAPTURE === "0") turnCaptureOff("DEEPEN_CAPTURE is 0");
  if (engine === "cpu") return start({ ...options, engine });
  const wasm = options.wasm ?? require.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm");
  readBinaryWith((path) => readFile(path));
  loadNativeWith(loadNative);
  removeStrayListeners();
  return start({ engine, wasm });
}

/** The name under which tfjs-node is installed, so that nothing that asks for tfjs-node itself gets it. */
const nativePackage = "tfjs-node-native";

/** Loads tfjs-node, which calls two functions that Node 24 no longer has. */
function loadNative(): void {
  const load = createRequire(__filename);
  Object.assign(load("node:util") as object, {
    isArray: (value: unknown) => Array.isArray(value),
    isNullOrUndefined: (value: unknown) => value == null,
  });
  try {
    load(nativePackage);
  } catch (error) {
    if ((error as { code?: string }).code !== "MODULE_NOT_FOUND") throw error;
    throw new Error(`it is not installed; npm install ${nativePackage}@npm:@tensorflow/tfjs-node@4.22.0 adds it`);
  }
}

function engineOfEnvironment(): EngineName | undefined {
  const value = process.env.DEEPEN_ENGINE;
  if (value === undefined || value === "") return undefined;
  if (!engines.includes(value)) {
    throw new Error(`DEEPEN_ENGINE: expected wasm, cpu or native (or leave it unset), got ${value}`);
  }
  return value as EngineName;
}

let wrapped = false;

/**
 * Makes every start of tfjs's wasm backend take back the listeners that its binary's loader adds to the process, which
 * rethrow whatever an embedding program (a notebook kernel) wants to handle itself.
 */
function removeStrayListeners(): void {
  const factory = tf.findBackendFactory("wasm");
  if (wrapped || factory === null || tf.engine().registry.wasm !== undefined) return;
  wrapped = true;
  tf.removeBackend("wasm");
  tf.registerBackend(
    "wasm",
    async () => {
      const events = ["uncaughtException", "unhandledRejection"] as const;
      const before = events.map((event) => new Set<unknown>(process.listeners(event as "uncaughtException")));
      const backend = await factory();
      events.forEach((event, index) => {
        for (const listener of process.listeners(event as "uncaughtException")) {
          if (!before[index].has(listener) && isLoaders(listener)) process.off(event, listener);
        }
      });
      return backend;
    },
    2,
  );
}

/** Whether a listener is one of the two that the loader adds: `throw` of what it got, and nothing else. */
function isLoaders(listener: (...values: never[]) => unknown): boolean {
  return /^function ?\((\w+)\) ?\{(.*\{)?\s*throw \1;?\s*(\}\s*)+$/s.test(String(listener));
}
