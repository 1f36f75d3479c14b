import { plain } from "./compare";
import { scoped } from "./scope";
import { todoCalls } from "./todo";

/** How one call of a function ended. */
export type Outcome =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly text: string }
  | { readonly kind: "todo" }
  | { readonly kind: "endless"; readonly seconds: number };

/** A function of an exercise: the solution's, a wrong answer's, the learner's. */
export type Trial = (...input: readonly unknown[]) => unknown;

/**
 * Calls `call` with a copy of `input`, in a tensor scope of its own. Never throws: an error, a call of `todo` and a
 * promise that does not settle in time are outcomes.
 */
export async function attempt(call: Trial, input: readonly unknown[], seconds: number): Promise<Outcome> {
  const before = todoCalls();
  try {
    const value = await scoped("check", async () => plain(await within(seconds, call(...input.map(copy)))));
    if (todoCalls() > before) return { kind: "todo" };
    return value === endless ? { kind: "endless", seconds } : { kind: "value", value };
  } catch (error) {
    if (todoCalls() > before) return { kind: "todo" };
    return { kind: "error", text: errorText(error) };
  }
}

/** An error in words, also where something else than an Error was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`;
}

const endless = Symbol("endless");

async function within(seconds: number, value: unknown): Promise<unknown> {
  if (!(value instanceof Promise) || seconds === Infinity) return value;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<typeof endless>((resolve) => {
    timer = setTimeout(() => {
      resolve(endless);
    }, seconds * 1000);
  });
  try {
    return await Promise.race([value, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copy(part)]));
}
