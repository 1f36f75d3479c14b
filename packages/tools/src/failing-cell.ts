import type { CellError } from "./execute";
import type { LiveOutput } from "./outputs";
import type { SourceCell } from "./source";

const shownOutput = 600;

/**
 * The report of a cell that failed: chapter, cell, the line of the source where it happened, the error, what the cell showed last.
 * @param cells - the notebook's code cells, in the order in which they ran
 * @param file - the source file, as messages show it
 */
export function failingCellReport(slug: string, cells: readonly SourceCell[], error: CellError, file: string): string {
  const cell = cells[error.cell];
  const place = sourcePlace(cell, error);
  const output = lastOutput(error.outputs);
  const traceback = error.traceback.length > 0 ? error.traceback.join("\n") : `${error.ename}: ${error.evalue}`;
  return [
    `${slug}: the cell "${cell.id}" failed (code cell ${String(error.cell + 1)} of ${String(cells.length)})`,
    `  at ${file}:${place}`,
    indented(plain(traceback)),
    ...(output === undefined ? [] : ["  it had shown last:", indented(output)]),
  ].join("\n");
}

/** `line` or `line:column` of the source for an error of `cell`; the cell's first line if the error names none. */
export function sourcePlace(cell: SourceCell, { traceback }: Pick<CellError, "traceback">): string {
  const found = /(?:^|\bcell \d+:|<cell>:)(\d+):(\d+)/m.exec(plain(traceback.join("\n")));
  const line = found === null ? undefined : cell.lines.at(Number(found[1]) - 1)?.line;
  if (found === null || line === undefined) return String(cell.lines.at(0)?.line ?? cell.marker);
  return `${String(line)}:${found[2]}`;
}

function lastOutput(outputs: readonly LiveOutput[]): string | undefined {
  const last = outputs.filter(({ output_type }) => output_type !== "error").at(-1);
  const text = last?.text ?? (last?.data as Record<string, unknown> | undefined)?.["text/plain"];
  return typeof text === "string" && text.trim() !== "" ? text.trimEnd().slice(-shownOutput) : undefined;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}

function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- terminal colours begin with ESC
  return text.replaceAll(/\u001b\[[0-9;]*m/g, "");
}
