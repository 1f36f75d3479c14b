import { host } from "../host";
import { numberWords, spreadWords } from "../math/words";
import { mean } from "../math/stats";
import { escapeHtml } from "./words";

/** What a cell may hold: text, a number, numbers over seeds (shown as mean ± half-width), nothing. */
export type Cell = string | number | boolean | null | undefined | readonly number[];

/** Rows as records of equal keys, in order. */
export type Rows = readonly Readonly<Record<string, Cell>>[];

/** What is needed of a danfo DataFrame. */
export interface Frame {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** Rows, each with a value for every column. */
  readonly values: readonly unknown[];
}

/** How a table is shown. */
export interface TableOptions {
  /** Significant digits of single numbers; 3 unless given. */
  readonly digits?: number;
  /** Unit of a column, written into its header. */
  readonly units?: Readonly<Record<string, string>>;
  /** Columns whose best value is set in bold, and what best means there. */
  readonly best?: Readonly<Record<string, "highest" | "lowest">>;
  /** Said above the table. */
  readonly caption?: string;
}

/**
 * Shows a table, as html and as plain text: numbers to three significant digits and right-aligned, numbers over seeds as
 * mean ± half-width of their 95 % interval.
 *
 * @param rows - records, or a danfo DataFrame
 * @throws TypeError if it is neither
 * @throws RangeError if a column named in the options is not there
 */
export function table(rows: Rows | Frame, options: TableOptions = {}): void {
  const grid = gridOf(rows);
  const known = new Set(grid.columns);
  for (const name of [...Object.keys(options.units ?? {}), ...Object.keys(options.best ?? {})]) {
    if (!known.has(name)) {
      throw new RangeError(`table: there is no column "${name}"; there are ${grid.columns.join(", ")}`);
    }
  }
  const columns = grid.columns.map((name, index) =>
    column(
      name,
      grid.rows.map((row) => row[index]),
      options,
    ),
  );
  host().display({ "text/html": html(columns, options.caption), "text/plain": plainText(columns, options.caption) });
}

interface Column {
  readonly header: string;
  readonly numeric: boolean;
  readonly cells: readonly string[];
  /** Row of the best value, or -1. */
  readonly best: number;
}

function gridOf(rows: Rows | Frame): { columns: readonly string[]; rows: readonly (readonly unknown[])[] } {
  if (isFrame(rows)) {
    const list = rows.values.map((row) => (Array.isArray(row) ? (row as readonly unknown[]) : [row]));
    return { columns: rows.columns, rows: list };
  }
  if (!Array.isArray(rows) || rows.length === 0 || typeof rows[0] !== "object") {
    throw new TypeError(
      `table: expected a list of records or a DataFrame, got ${rows.length === 0 ? "an empty list" : typeof rows}`,
    );
  }
  const columns = [...new Set((rows as Rows).flatMap((row) => Object.keys(row)))];
  return { columns, rows: (rows as Rows).map((row) => columns.map((name) => row[name])) };
}

function isFrame(rows: Rows | Frame): rows is Frame {
  return "columns" in rows && "values" in rows && Array.isArray(rows.columns) && Array.isArray(rows.values);
}

function column(name: string, values: readonly unknown[], options: TableOptions): Column {
  const unit = options.units?.[name];
  const wanted = options.best?.[name];
  const sizes = values.map((value) => sizeOf(value));
  const finite = sizes.filter(Number.isFinite);
  const extreme = wanted === undefined ? NaN : wanted === "highest" ? Math.max(...finite) : Math.min(...finite);
  return {
    header: unit === undefined ? name : `${name} (${unit})`,
    numeric: values.some((value) => typeof value === "number" || Array.isArray(value)),
    cells: values.map((value) => words(value, options.digits ?? 3)),
    best: sizes.indexOf(extreme),
  };
}

function sizeOf(value: unknown): number {
  if (typeof value === "number") return value;
  return Array.isArray(value) && value.length > 0 ? mean(value as number[]) : NaN;
}

function words(value: unknown, digits: number): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return spreadWords(value as number[]);
  if (typeof value !== "number") return String(value as Cell);
  return numberWords(value, digits);
}

function html(columns: readonly Column[], caption: string | undefined): string {
  const align = ({ numeric }: Column): string => (numeric ? ' align="right"' : ' align="left"');
  const head = columns.map((one) => `<th${align(one)}>${escapeHtml(one.header)}</th>`).join("");
  const body = columns[0].cells.map((_, row) => {
    const cells = columns.map((one) => {
      const text = escapeHtml(one.cells[row]);
      return `<td${align(one)}>${one.best === row ? `<strong>${text}</strong>` : text}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const title = caption === undefined ? "" : `<caption>${escapeHtml(caption)}</caption>`;
  return (
    `<table class="deepen-table" style="font-variant-numeric: tabular-nums">${title}` +
    `<thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`
  );
}

function plainText(columns: readonly Column[], caption: string | undefined): string {
  const padded = columns.map(({ header, cells, numeric, best }) => {
    const texts = [header, ...cells.map((cell, row) => (row === best ? `*${cell}` : cell))];
    const width = Math.max(...texts.map((text) => text.length));
    return texts.map((text) => (numeric ? text.padStart(width) : text.padEnd(width)));
  });
  const lines = padded[0].map((_, line) =>
    padded
      .map((texts) => texts[line])
      .join("  ")
      .trimEnd(),
  );
  return [...(caption === undefined ? [] : [caption]), ...lines].join("\n");
}
