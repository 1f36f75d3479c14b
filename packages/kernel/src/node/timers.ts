import { promisify } from "node:util";
import type { KernelCore } from "../core/kernel";

type Callback = (...values: unknown[]) => void;
type Start = (callback: Callback, ...rest: unknown[]) => unknown;

const kinds = [
  { start: "setTimeout", clear: "clearTimeout", repeats: false },
  { start: "setInterval", clear: "clearInterval", repeats: true },
  { start: "setImmediate", clear: "clearImmediate", repeats: false },
] as const;

/** Lets timers know their cell: what they print goes there, and they end when it is killed. */
export function trackTimers(kernel: KernelCore): void {
  const globals = globalThis as unknown as Record<string, Start>;
  for (const { start, clear, repeats } of kinds) {
    const original = globals[start];
    const stop = globals[clear] as (handle: unknown) => void;
    const tracked: Start = (callback, ...rest) => {
      const scope = kernel.scope();
      if (scope === undefined || typeof callback !== "function") return original(callback, ...rest);
      const end = (): void => {
        stop(handle);
      };
      const handle = original(
        (...values) => {
          if (!repeats) scope.leftovers.delete(end);
          kernel.within(scope, () => {
            callback(...values);
          });
        },
        ...rest,
      );
      if (!scope.dead) scope.leftovers.add(end);
      else end();
      return handle;
    };
    const promise: unknown = Reflect.get(original, promisify.custom);
    if (promise !== undefined) Object.defineProperty(tracked, promisify.custom, { value: promise });
    Object.defineProperty(tracked, "name", { value: start });
    globals[start] = tracked;
  }
}
