import { codeWords, counted, listOf } from "./words";

/** How two answers are compared. */
export interface Comparison {
  /** Greatest error of a number, relative to what is expected. */
  readonly relative: number;
  /** Greatest error where 0 is expected, or nearly. */
  readonly absolute: number;
  /** Whether the learner is told the expected parts of a list or record; not where they are the answer to find. */
  readonly tell: boolean;
}

/**
 * The comparison for an expected value: `relative` for each number by itself, so that a list of tiny numbers is compared
 * as strictly as one of large ones; rounding noise (1e-12 of the largest) is let pass only where exactly 0 is expected.
 */
export function comparisonFor(expected: unknown, relative: number, tell: boolean): Comparison {
  return { relative, absolute: 1e-12 * (largest(expected) || 1), tell };
}

/**
 * Plain data of an answer: tensors become nested lists, typed arrays lists, so that right answers in several forms
 * compare as equal. What contains itself ends at the word "itself".
 */
export function plain(value: unknown, around: readonly object[] = []): unknown {
  if (typeof value !== "object" || value === null || around.length > 8) return value;
  if (around.includes(value)) return "itself";
  const within = [...around, value];
  if ("arraySync" in value && typeof value.arraySync === "function") return (value.arraySync as () => unknown)();
  const items = listOf(value);
  if (items !== undefined) return items.map((item) => plain(item, within));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part, within)]));
}

/** True for plain objects, also for those of a cell's realm; false for lists, tensors, models. */
export function isRecord(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * What distinguishes `received` from `expected` (both as `plain` gives them), as a clause for the learner; undefined if
 * they are equal within the tolerance. Fields that nobody asked for are let pass.
 */
export function difference(expected: unknown, received: unknown, how: Comparison): string | undefined {
  if (typeof expected === "number" && typeof received === "number") return ofNumbers(expected, received, how);
  if (kindOf(expected) !== kindOf(received)) return `expected is ${kindOf(expected)}, yours is ${kindOf(received)}`;
  if (Array.isArray(expected) && Array.isArray(received)) return ofLists(expected, received, how);
  if (typeof expected === "object" && expected !== null) {
    return ofRecords(expected as Fields, received as Fields, how);
  }
  return Object.is(expected, received) ? undefined : "";
}

type Fields = Readonly<Record<string, unknown>>;

const notANumber =
  "`NaN` means that somewhere a number was missing: an index past the end of a list, 0 / 0, the root of a negative number, a misspelled name";

function ofNumbers(expected: number, received: number, { relative, absolute }: Comparison): string | undefined {
  if (Object.is(expected, received) || expected === received) return undefined;
  if (Number.isNaN(received)) {
    return notANumber;
  }
  if (!Number.isFinite(received) || !Number.isFinite(expected)) return "";
  const off = Math.abs(received - expected);
  if (off <= (expected === 0 ? absolute : relative * Math.abs(expected))) return undefined;
  return off <= 1e-2 * Math.abs(expected) ? "that is close, but more than rounding would explain" : "";
}

function ofLists(expected: readonly unknown[], received: readonly unknown[], how: Comparison): string | undefined {
  if (expected.length !== received.length) {
    const counts = `expected ${expected.length === 1 ? "is" : "are"} ${counted(expected.length, "element")}, yours has ${String(received.length)}`;
    return received.some(Number.isNaN) ? `${counts}; ${notANumber}` : counts;
  }
  for (const [index, wanted] of expected.entries()) {
    const clause = difference(wanted, received[index], how);
    if (clause !== undefined) return placed(`element ${String(index)}`, wanted, received[index], clause, how);
  }
  return undefined;
}

function ofRecords(expected: Fields, received: Fields, how: Comparison): string | undefined {
  for (const [key, wanted] of Object.entries(expected)) {
    if (!(key in received)) return `the field \`${key}\` is missing`;
    const clause = difference(wanted, received[key], how);
    if (clause !== undefined) return placed(`the field \`${key}\``, wanted, received[key], clause, how);
  }
  return undefined;
}

function placed(where: string, wanted: unknown, received: unknown, clause: string, { tell }: Comparison): string {
  if (!tell) return kindOf(wanted) === kindOf(received) ? `${where} is not right` : `${where}: ${clause}`;
  const values = `${where} should be \`${codeWords(wanted)}\`, yours is \`${codeWords(received)}\``;
  return clause === "" ? values : `${values} (${clause})`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  return typeof value === "object" ? "a record" : `a ${typeof value}`;
}

function largest(value: unknown): number {
  if (typeof value === "number") return Number.isFinite(value) ? Math.abs(value) : 0;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((most: number, part: unknown) => Math.max(most, largest(part)), 0);
}
