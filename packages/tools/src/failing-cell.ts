import type { CellError } from "./execute";
import type { LiveOutput } from "./outputs";
import type { SourceCell } from "./source";

const shownOutput = 600;

/**
 * The report of a cell that failed: chapter, cell, the line of the source where it happened, the error with the kernel's
 * cell lines told as source lines, and what the cell showed last.
 * @param cells - the notebook's code cells, in the order in which they ran
 * @param file - the source file, as messages show it
 */
export function failingCellReport(slug: string, cells: readonly SourceCell[], error: CellError, file: string): string {
  const cell = cells[error.cell];
  const told = error.traceback.length > 0 ? error.traceback.join("\n") : `${error.ename}: ${error.evalue}`;
  let first: string | undefined;
  const traceback = plain(told).replaceAll(
    /\bcell (\d+):(\d+):(\d+)/g,
    (frame, count: string, line: string, column: string) => {
      const source = cells.at(error.counts.indexOf(Number(count)))?.lines.at(Number(line) - 1);
      if (source === undefined) return frame;
      const place = `${file}:${String(source.line)}:${column}`;
      first ??= place;
      return place;
    },
  );
  const output = lastOutput(error.outputs);
  return [
    `${slug}: the cell "${cell.id}" failed (code cell ${String(error.cell + 1)} of ${String(cells.length)})`,
    `  at ${first ?? `${file}:${String(cell.lines.at(0)?.line ?? cell.marker)}`}`,
    indented(traceback),
    ...(output === undefined ? [] : ["  it had shown last:", indented(output)]),
  ].join("\n");
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
