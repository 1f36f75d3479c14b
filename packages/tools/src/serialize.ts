import type { INotebookContent } from "@jupyterlab/nbformat";

/**
 * A notebook as Jupyter writes it: keys sorted, indented by one space, text as lists of lines, characters as they are,
 * a line end at the end.
 */
export function notebookText(notebook: INotebookContent): string {
  return `${JSON.stringify(sortedKeys(splitLines(notebook)), null, 1)}\n`;
}

/** `value` as compact JSON with sorted keys: equal values have equal text, whatever the order they were made in. */
export function stableJson(value: unknown): string {
  return JSON.stringify(sortedKeys(value));
}

function splitLines(notebook: INotebookContent): unknown {
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => ({
      ...cell,
      source: lines(cell.source),
      ...(Array.isArray(cell.outputs) ? { outputs: (cell.outputs as Record<string, unknown>[]).map(splitOutput) } : {}),
    })),
  };
}

function splitOutput(output: Record<string, unknown>): unknown {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (typeof output.data !== "object" || output.data === null) return output;
  const data = Object.entries(output.data).map(([type, value]) => [
    type,
    isLines(type) ? lines(value) : (value as unknown),
  ]);
  return { ...output, data: Object.fromEntries(data) as unknown };
}

/** The MIME types whose text Jupyter keeps as lines; others (a PNG's base64) stay one string. */
function isLines(type: string): boolean {
  return type.startsWith("text/") || type === "image/svg+xml" || type === "application/javascript";
}

function lines(text: unknown): unknown {
  if (typeof text !== "string") return text;
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => [key, sortedKeys(held)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
