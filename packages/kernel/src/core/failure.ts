import type { Problem } from "./compiler";
import type { Platform } from "./platform";
import type { LineMap } from "./typescript";

/** Why a cell failed, as Jupyter's `error` message tells it. */
export interface Failure extends Record<string, unknown> {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** Name of the script of cell `serial`, as it stands in stack frames before they are mapped. */
export function cellFile(serial: number): string {
  return `deepen-cell-${serial}.js`;
}

/** What is known of a script that runs: its name for the reader, and where its lines come from. */
export interface Script {
  name: string;
  map: LineMap;
  source?: string;
}

/** Lines that stand before a cell's JavaScript when it is evaluated. */
export const wrapperLines = 1;

/** The reader stopped the cell. */
export function interruption(): Failure {
  const evalue = "The cell was stopped before its end.";
  return { ename: "Interrupted", evalue, traceback: [`Interrupted: ${evalue}`] };
}

/** Problems the compiler found, each with the line it is in. */
export function compilerFailure(problems: readonly Problem[], source: string, cell: string): Failure {
  const lines = source.split("\n");
  const traceback = problems.flatMap((problem) => {
    const place = `${problem.line}:${problem.column}`;
    const head = `${problem.file ?? cell}:${place} - ${problem.text}`;
    return problem.file === undefined ? [head, ...excerpt(lines, problem.line, problem.column)] : [head];
  });
  const [first] = problems;
  return { ename: "TypeScriptError", evalue: `${first.line}:${first.column} - ${first.text}`, traceback };
}

/** A thrown value, its frames in terms of the reader's cells. */
export function runtimeFailure(thrown: unknown, scripts: ReadonlyMap<string, Script>, platform: Platform): Failure {
  try {
    if (!(thrown instanceof Error) && !looksLikeError(thrown)) {
      const text = platform.inspect(thrown);
      return { ename: typeof thrown, evalue: text, traceback: [`Uncaught ${text}`] };
    }
    const ename = String(thrown.name || "Error");
    const evalue = String(thrown.message);
    return { ename, evalue, traceback: describe(thrown, scripts, platform, 0) };
  } catch (error) {
    const evalue = `the thrown value can not be shown: ${String(error)}`;
    return { ename: "Error", evalue, traceback: [`Error: ${evalue}`] };
  }
}

function looksLikeError(value: unknown): value is Error {
  return typeof value === "object" && value !== null && "message" in value && "stack" in value;
}

function describe(error: Error, scripts: ReadonlyMap<string, Script>, platform: Platform, depth: number): string[] {
  const name = String(error.name || "Error");
  const message = String(error.message);
  const lines = [message === "" ? name : `${name}: ${message}`];
  const frames = String(error.stack ?? "")
    .split("\n")
    .flatMap((line) => frame(line, scripts, platform) ?? []);
  const own = frames.find((each) => each.source !== undefined);
  if (own?.source !== undefined && depth === 0) lines.push(...excerpt(own.source.split("\n"), own.line, own.column));
  lines.push(...frames.map((each) => each.text));
  if (depth > 3) return lines;
  if (error instanceof AggregateError) {
    for (const each of error.errors) lines.push(...nested("", each, scripts, platform, depth));
  }
  if (error.cause !== undefined) lines.push(...nested("Caused by ", error.cause, scripts, platform, depth));
  return lines;
}

function nested(
  label: string,
  value: unknown,
  scripts: ReadonlyMap<string, Script>,
  platform: Platform,
  depth: number,
): string[] {
  const lines = looksLikeError(value) ? describe(value, scripts, platform, depth + 1) : [platform.inspect(value)];
  return [`  ${label}${lines[0]}`, ...lines.slice(1).map((line) => `  ${line}`)];
}

interface Frame {
  text: string;
  line: number;
  column: number;
  source?: string;
}

/** One line of a stack, or undefined where it is none or tells nothing about the reader's code. */
function frame(line: string, scripts: ReadonlyMap<string, Script>, platform: Platform): Frame | undefined {
  const match = /^\s+at (?:async )?(?:(.*?) \()?(?:file:\/\/)?([^()]*?):(\d+):(\d+)\)?$/.exec(line);
  if (match === null) return undefined;
  const [, called = "", file, row, column] = match;
  const name = called
    .replace(/^(?:Proxy|Object|eval|exports)\.(?=[\w$]+$)/, "")
    .replace(/^(?:Proxy|eval|Object\.<anonymous>)$/, "");
  const script = scripts.get(file);
  if (script === undefined) {
    const shown = platform.sourceName(file);
    if (shown === undefined) return undefined;
    return { text: text(name, `${shown}:${row}:${column}`), line: Number(row), column: Number(column) };
  }
  const place = original(script.map, Number(row) - wrapperLines, Number(column));
  if (place === undefined) return undefined;
  return {
    text: text(name, `${script.name}:${place[0]}:${place[1]}`),
    line: place[0],
    column: place[1],
    source: script.source,
  };
}

function text(name: string, place: string): string {
  return name === "" ? `    at ${place}` : `    at ${name} (${place})`;
}

function original(map: LineMap, line: number, column: number): [line: number, column: number] | undefined {
  const segments = map[line - 1] ?? [];
  const segment = segments.filter((each) => each[0] <= column - 1).at(-1) ?? segments.at(0);
  return segment === undefined ? undefined : [segment[1], segment[2]];
}

/** The line itself and a mark under the column. */
function excerpt(lines: readonly string[], line: number, column: number): string[] {
  const source = lines[line - 1];
  if (source === undefined || source.trim() === "") return [];
  const number = String(line);
  return [`  ${number} | ${source}`, `  ${" ".repeat(number.length)} | ${" ".repeat(Math.max(column - 1, 0))}^`];
}
