import type { Problem } from "./failure";
import type { SourceCell, SourceLine } from "./source";

/** Which notebook is made of a source: with stubs, or with solutions and teacher cells. */
export type Edition = "learner" | "teacher";

const mark = /^\s*\/\/ (SOLUTION|EXERCISE|END)\s*$/;

/**
 * The cells of one edition. Learner: `// SOLUTION … // EXERCISE … // END` becomes the exercise's lines, uncommented;
 * cells tagged "teacher" are dropped. Teacher: it becomes the solution's lines.
 * @param cells - of a source that `regionProblems` has passed
 */
export function editionCells(cells: readonly SourceCell[], edition: Edition): SourceCell[] {
  return cells
    .filter(({ tags }) => edition === "teacher" || !tags.includes("teacher"))
    .map((cell) => (cell.kind === "code" ? { ...cell, lines: editionLines(cell.lines, edition) } : cell));
}

/** What is wrong with the cells' regions: markers out of order or missing, exercise lines that are not commented out. */
export function regionProblems(cells: readonly SourceCell[], file: string): Problem[] {
  return cells.filter(({ kind }) => kind === "code").flatMap((cell) => cellProblems(cell, file));
}

/**
 * The code of `cells` as one module whose lines stand where they stand in the source file, so that a checker's line numbers fit.
 */
export function moduleText(cells: readonly SourceCell[]): string {
  const lines: string[] = [];
  for (const cell of cells) {
    if (cell.kind === "code") for (const { text, line } of cell.lines) lines[line - 1] = text;
  }
  return `${Array.from(lines, (line: string | undefined) => line ?? "").join("\n")}\n`;
}

function editionLines(lines: readonly SourceLine[], edition: Edition): SourceLine[] {
  const kept: SourceLine[] = [];
  let region: "SOLUTION" | "EXERCISE" | undefined;
  for (const line of lines) {
    const word = mark.exec(line.text)?.[1] as "SOLUTION" | "EXERCISE" | "END" | undefined;
    if (word !== undefined) region = word === "END" ? undefined : word;
    else if (region === undefined || (region === "SOLUTION" && edition === "teacher")) kept.push(line);
    else if (region === "EXERCISE" && edition === "learner") kept.push({ ...line, text: uncommented(line.text) });
  }
  return kept;
}

function uncommented(text: string): string {
  return text.replace(/^(\s*)\/\/ ?/, "$1").trimEnd();
}

function cellProblems(cell: SourceCell, file: string): Problem[] {
  const problems: Problem[] = [];
  const after = { END: "SOLUTION", SOLUTION: "EXERCISE", EXERCISE: "END" } as const;
  let last: keyof typeof after = "END";
  let opened = cell.marker;
  for (const { text, line } of cell.lines) {
    const word = mark.exec(text)?.[1] as keyof typeof after | undefined;
    if (word === undefined) {
      if (last === "EXERCISE" && text.trim() !== "" && !/^\s*\/\//.test(text)) {
        problems.push({
          file,
          line,
          message: `in an EXERCISE region expected lines commented out with "// ", found ${JSON.stringify(text)}`,
        });
      }
      continue;
    }
    if (word !== after[last]) {
      problems.push({ file, line, message: `expected "// ${after[last]}", found "// ${word}"` });
    }
    last = word;
    opened = line;
  }
  if (last !== "END") {
    problems.push({ file, line: opened, message: `"// ${last}" is not followed by "// ${after[last]}" in its cell` });
  }
  return problems;
}
