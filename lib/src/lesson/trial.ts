import { isRecord, plain } from "./compare";
import { isThenable, scoped } from "./scope";
import { todoCalls } from "./todo";
import { codeWords, listOf } from "./words";

/** How one call of a function ended. */
export type Outcome =
  | {
      readonly kind: "value";
      readonly value: unknown;
      /** Which arguments, counted from 0, are other than before the call. */
      readonly changed: readonly number[];
    }
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
  const own = input.map(copy);
  try {
    const value = await scoped("check", () => {
      const given = call(...own);
      return isThenable(given) ? within(seconds, given).then((settled) => plain(settled)) : plain(given);
    });
    if (todoCalls() > before) return { kind: "todo" };
    if (value === endless) return { kind: "endless", seconds };
    return { kind: "value", value, changed: [...input.keys()].filter((place) => !equal(input[place], own[place])) };
  } catch (error) {
    if (todoCalls() > before) return { kind: "todo" };
    return { kind: "error", text: errorText(error) };
  }
}

/** An error in words, also where something else than an Error was thrown, and where a cell's realm threw it. */
export function errorText(error: unknown): string {
  const { name, message } = (typeof error === "object" && error !== null ? error : {}) as Partial<Error>;
  if (typeof name === "string" && typeof message === "string") return `${name}: ${message}`;
  return `thrown: ${codeWords(error)}`;
}

const endless = Symbol("endless");

/** What `promise` gives, or `endless` if it has not settled in time. */
async function within(seconds: number, promise: Promise<unknown>): Promise<unknown> {
  if (seconds === Infinity) return promise;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<typeof endless>((resolve) => {
    timer = setTimeout(() => {
      resolve(endless);
    }, seconds * 1000);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** True if nothing in `now` is other than in `before`, to the bit; functions and models are not looked into. */
function equal(before: unknown, now: unknown): boolean {
  if (Object.is(before, now) || typeof before !== "object" || typeof now !== "object" || !before || !now) {
    return Object.is(before, now);
  }
  const [a, b] = [listOf(before) ?? (isRecord(before) ? before : []), listOf(now) ?? (isRecord(now) ? now : [])];
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => equal(a[key as keyof typeof a], b[key as keyof typeof b]))
  );
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copy(part)]));
}
