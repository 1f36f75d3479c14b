import type { Outcome } from "./trial";
import { codeWords, counted, inlineCode } from "./words";

/** One input, what the solution and what the learner's function made of it. */
export interface Tried {
  readonly input: readonly unknown[];
  readonly expected: Outcome;
  readonly received: Outcome;
  readonly right: boolean;
}

/** The case in a sentence: "`std(8)` should give `0.5`; yours gives `0.25`." */
export function caseWords(name: string, { input, expected, received }: Tried, clause: string): string {
  const more = clause === "" ? "" : ` (${clause})`;
  return `${callWords(name, input)} should ${wantedWords(expected)}; yours ${gotWords(received)}${more}.`;
}

/** What to say where the outputs are right, but the function changed what it was given. */
export function changedWords(name: string, { input, received }: Tried): string {
  const places = received.kind === "value" ? received.changed : [];
  const which = places.length === 1 ? `argument ${String(places[0] + 1)}` : "its arguments";
  return (
    `The results are right, but ${callWords(name, input)} changes ${which}: whoever calls it finds other numbers in his ` +
    "own list afterwards. Work on a copy, such as `[...list]`."
  );
}

function callWords(name: string, input: readonly unknown[]): string {
  return inlineCode(`${name === "" ? "answer" : name}(${input.map((value) => codeWords(value)).join(", ")})`);
}

/** What all wrong outputs have in common, and how many are right: sentences, none if nothing was seen. */
export function patternWords(tried: readonly Tried[]): string[] {
  const rights = tried.filter(({ right }) => right).length;
  const common = commonWords(tried);
  const share = rights > 0 ? [`Right on ${String(rights)} of ${counted(tried.length, "input")}.`] : [];
  return common === undefined ? share : [...share, common];
}

function wantedWords(expected: Outcome): string {
  return expected.kind === "value" ? `give ${inlineCode(codeWords(expected.value))}` : "stop with an error";
}

function gotWords(received: Outcome): string {
  switch (received.kind) {
    case "value":
      return received.value === undefined ? "gives nothing" : `gives ${inlineCode(codeWords(received.value))}`;
    case "error":
      return `stopped with ${inlineCode(received.text)}${causeWords(received.text)}`;
    case "endless":
      return `had not ended after ${counted(received.seconds, "second")}: is there a promise that nothing settles?`;
    case "todo":
      return "is not done";
  }
}

function commonWords(tried: readonly Tried[]): string | undefined {
  if (tried.some(({ expected, received }) => formOf(expected) !== formOf(received))) return undefined;
  const pairs = tried.map(({ expected, received }) => [numbersOf(expected), numbersOf(received)] as const);
  if (pairs.some(([expected, received]) => expected.length === 0 || expected.length !== received.length))
    return undefined;
  const expected = pairs.flatMap(([numbers]) => numbers);
  const received = pairs.flatMap(([, numbers]) => numbers);
  if (expected.length < 3 || isConstant(expected)) return undefined;
  if (isConstant(received)) return `Yours gives ${inlineCode(codeWords(received[0]))} whatever the input.`;
  // Where both are 0 any factor fits.
  const compared = expected.flatMap((value, index) => (value === 0 && received[index] === 0 ? [] : [index]));
  const factor = constant(compared.map((index) => received[index] / expected[index]));
  if (factor === -1) return "On all inputs yours has the wrong sign.";
  if (factor !== undefined) return `On all inputs yours is ${inlineCode(codeWords(factor))} times what is expected.`;
  const offset = constant(expected.map((value, index) => received[index] - value));
  if (offset !== undefined)
    return `On all inputs yours differs by ${inlineCode(codeWords(offset))} from what is expected.`;
  return undefined;
}

/** What usually makes JavaScript stop so. */
function causeWords(error: string): string {
  if (error.includes("Maximum call stack")) return ": it calls itself without an end";
  if (/of undefined|of null/.test(error))
    return ": is there an index past the end of a list, or a name that is missing?";
  return "";
}

/** How deep a value's lists are. */
function formOf(outcome: Outcome): number {
  let depth = 0;
  for (let value = outcome.kind === "value" ? outcome.value : undefined; Array.isArray(value); value = value[0])
    depth++;
  return depth;
}

function numbersOf(outcome: Outcome): number[] {
  if (outcome.kind !== "value") return [];
  const values: readonly unknown[] = [outcome.value].flat(4);
  return values.every((value): value is number => typeof value === "number") ? [...values] : [];
}

function isConstant(values: readonly number[]): boolean {
  return constant(values) !== undefined;
}

function constant(values: readonly number[]): number | undefined {
  const [first] = values;
  const equal = values.every((value) => Math.abs(value - first) <= 1e-9 * Math.abs(first));
  return Number.isFinite(first) && equal ? Number(first.toPrecision(10)) : undefined;
}
