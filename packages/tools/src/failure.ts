/** What an author or reader can put right: printed as it is, without a stack; the command ends with `exitCode`. */
export class Failure extends Error {
  override readonly name = "Failure";
  /** 1: the work failed; 2: the command line asked for something that does not exist. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** One fault in a source file. */
export interface Problem {
  /** Path from the course folder, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1; absent where the whole line is meant. */
  readonly column?: number;
  readonly message: string;
}

/** A problem on one line, as editors make it a link: `file:line:column  message`. */
export function problemText({ file, line, column, message }: Problem): string {
  return `${file}:${String(line)}${column === undefined ? "" : `:${String(column)}`}  ${message}`;
}

/** A `Failure` that lists `problems` in the order of their files and lines, each text once. */
export function problemsFailure(problems: readonly Problem[]): Failure {
  const ordered = [...problems].sort(
    (a, b) => a.file.localeCompare(b.file, "en") || a.line - b.line || (a.column ?? 0) - (b.column ?? 0),
  );
  return new Failure([...new Set(ordered.map(problemText))].join("\n"));
}
