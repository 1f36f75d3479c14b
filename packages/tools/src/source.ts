import { type Problem, problemsFailure } from "./failure";

/** A line of a cell, with its place in the source file. */
export interface SourceLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** One cell of a chapter's source. */
export interface SourceCell {
  readonly kind: "markdown" | "code";
  readonly id: string;
  readonly tags: readonly string[];
  /** What an exercise cell says of its exercise; kept as it is in the notebook's metadata. */
  readonly exercise: Readonly<Record<string, unknown>> | undefined;
  /** The line of the cell's marker, from 1. */
  readonly marker: number;
  /** Without blank lines at either end; markdown without its `// `. */
  readonly lines: readonly SourceLine[];
}

/** A chapter's source in the percent format, parsed. */
export interface ChapterSource {
  /** As messages show it. */
  readonly file: string;
  /** The first heading without its number: "03 · Vanishing gradients" gives "Vanishing gradients". */
  readonly title: string;
  readonly cells: readonly SourceCell[];
}

const marker = /^\/\/ %%(?<kind> \[markdown\])?(?<metadata> \{.*\})?\s*$/;
const expectedMarker = 'expected `// %% {"id": …}` for code or `// %% [markdown] {"id": …}` for text, all on one line';

/**
 * Parses a chapter's source: cells between `// %%` markers; what stands before the first is the author's note.
 * @param text - the file's content; CRLF is read as LF
 * @param file - its name in messages
 * @throws Failure that lists every problem with file, line and what was expected
 */
export function parseSource(text: string, file: string): ChapterSource {
  const problems: Problem[] = [];
  const complain = (line: number, message: string): void => void problems.push({ file, line, message });
  const cells: SourceCell[] = [];
  let open: { head: Omit<SourceCell, "lines">; lines: SourceLine[] } | undefined;
  const close = (): void => {
    if (open !== undefined) cells.push({ ...open.head, lines: trimmed(open.lines) });
  };

  text.split(/\r?\n/).forEach((content, index) => {
    const line = index + 1;
    if (/^\s*\/\/\s*%%/.test(content)) {
      close();
      open = { head: parseMarker(content, line, complain), lines: [] };
    } else if (open === undefined) {
      if (!/^\s*(\/\/.*)?$/.test(content)) {
        complain(line, `code before the first cell: ${expectedMarker} above it`);
      }
    } else if (open.head.kind === "code") {
      open.lines.push({ text: content, line });
    } else if (/^\/\/( |$)/.test(content) || content.trim() === "") {
      open.lines.push({ text: content.trimEnd().slice(3), line });
    } else {
      complain(line, `in a markdown cell expected a line that begins with "// ", found ${JSON.stringify(content)}`);
    }
  });
  close();

  if (cells.length === 0) complain(1, `no cell: ${expectedMarker}`);
  const first = new Map<string, number>();
  for (const { id, marker: line } of cells) {
    const before = first.get(id);
    if (id !== "" && before !== undefined) {
      complain(line, `the id "${id}" is taken by the cell of line ${String(before)}: expected one of its own`);
    }
    first.set(id, before ?? line);
  }
  const heading = cells
    .filter(({ kind }) => kind === "markdown")
    .flatMap(({ lines }) => lines)
    .find((line) => line.text.startsWith("# "));
  if (heading === undefined && cells.length > 0) {
    complain(cells[0].marker, "no title: expected a markdown cell with a line `# NN · Title`");
  }
  if (problems.length > 0) throw problemsFailure(problems);
  return { file, title: heading?.text.replace(/^# +(\d+\s*·\s*)?/, "") ?? "", cells };
}

function parseMarker(
  text: string,
  line: number,
  complain: (line: number, message: string) => void,
): Omit<SourceCell, "lines"> {
  const found = marker.exec(text);
  const cell = {
    kind: found?.groups?.kind === undefined ? ("code" as const) : ("markdown" as const),
    id: "",
    tags: [],
    exercise: undefined,
    marker: line,
  };
  if (found === null) {
    complain(line, `malformed cell marker ${JSON.stringify(text)}: ${expectedMarker}`);
    return cell;
  }
  const metadata = parseMetadata(found.groups?.metadata, (message) => {
    complain(line, message);
  });
  return { ...cell, ...metadata };
}

function parseMetadata(
  text: string | undefined,
  complain: (message: string) => void,
): Pick<SourceCell, "id" | "tags" | "exercise"> {
  const none = { id: "", tags: [], exercise: undefined };
  let metadata: Readonly<Record<string, unknown>>;
  try {
    metadata = JSON.parse(text ?? "{}") as Record<string, unknown>;
  } catch (error) {
    complain(`the cell's metadata is not JSON: ${(error as Error).message}`);
    return none;
  }
  const { id, tags = [], exercise, ...others } = metadata;
  for (const key of Object.keys(others)) {
    complain(`unknown metadata "${key}": expected "id", "tags" and "exercise" only`);
  }
  if (typeof id !== "string" || !/^[a-zA-Z0-9-_]{1,64}$/.test(id)) {
    complain(`expected an "id" of 1 to 64 letters, digits, - and _, found ${JSON.stringify(id) ?? "none"}`);
    return none;
  }
  if (!isTags(tags)) {
    complain(`expected "tags" to be a list of different words without commas, found ${JSON.stringify(tags)}`);
    return none;
  }
  if (exercise !== undefined && !isRecord(exercise)) {
    complain(`expected "exercise" to be an object, found ${JSON.stringify(exercise)}`);
    return none;
  }
  return { id, tags, exercise };
}

function isTags(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.every((tag) => typeof tag === "string" && /^[^,]+$/.test(tag)) &&
    new Set(value).size === value.length
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function trimmed(lines: readonly SourceLine[]): SourceLine[] {
  const filled = lines.map(({ text }) => text.trim() !== "");
  return lines.slice(Math.max(filled.indexOf(true), 0), filled.lastIndexOf(true) + 1);
}
