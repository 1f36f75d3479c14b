import type { ICell, INotebookContent } from "@jupyterlab/nbformat";
import { plotlyType } from "./figures";
import { tagsOf } from "./notebook";
import { notebookText } from "./serialize";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What `differences` looks at. */
export type Scope = "everything" | "sources";

const shownDifferences = 12;

/**
 * What a committed notebook has that its source does not build, or the other way round; readable, the first dozen.
 * Pictures count by their keys, not by their bytes; outputs of cells tagged "volatile" do not count.
 * @param scope - "sources": cells and metadata only, for a notebook that was not executed
 */
export function differences(built: INotebookContent, committed: INotebookContent, scope: Scope): string[] {
  const found: string[] = [];
  const [mine, theirs] = [built, committed].map((notebook) => comparable(notebook, scope));
  compare("notebook", mine.rest, theirs.rest, found);
  const builtIds = [...mine.cells.keys()];
  const committedIds = [...theirs.cells.keys()];
  for (const id of committedIds.filter((id) => !mine.cells.has(id)))
    found.push(`cell "${id}": not in the source any more`);
  for (const id of builtIds.filter((id) => !theirs.cells.has(id)))
    found.push(`cell "${id}": not in the committed notebook`);
  if (found.length === 0 && builtIds.join() !== committedIds.join()) {
    const at = builtIds.findIndex((id, index) => id !== committedIds[index]);
    found.push(`cell "${builtIds[at]}": stands where the committed notebook has cell "${committedIds[at]}"`);
  }
  for (const [id, cell] of mine.cells) {
    const other = theirs.cells.get(id);
    if (other !== undefined) compare(`cell "${id}"`, cell, other, found);
  }
  const more = found.length - shownDifferences;
  return more > 0 ? [...found.slice(0, shownDifferences), `… and ${String(more)} more`] : found;
}

function comparable(notebook: INotebookContent, scope: Scope): { cells: Map<string, Json>; rest: Json } {
  const plain = JSON.parse(notebookText(notebook)) as INotebookContent;
  const { cells, ...rest } = plain;
  return {
    cells: new Map(cells.map((cell) => [cell.id as string, comparableCell(cell, scope)])),
    rest: rest as unknown as Json,
  };
}

function comparableCell(cell: ICell, scope: Scope): Json {
  const { outputs, execution_count, ...source } = cell;
  if (scope === "sources") return source as Json;
  const ignored = tagsOf(cell).includes("volatile");
  return {
    ...source,
    ...(execution_count === undefined ? {} : { execution_count }),
    ...(ignored || !Array.isArray(outputs)
      ? {}
      : { outputs: (outputs as Record<string, unknown>[]).map(withoutPicture) }),
  } as Json;
}

/** A figure's PNG is compared by the key that its metadata hold. */
function withoutPicture(output: Record<string, unknown>): Record<string, unknown> {
  const data = output.data as Record<string, unknown> | undefined;
  if (data === undefined || !(plotlyType in data)) return output;
  return { ...output, data: Object.fromEntries(Object.entries(data).filter(([type]) => type !== "image/png")) };
}

function compare(where: string, built: Json, committed: Json, found: string[]): void {
  if (Array.isArray(built) && Array.isArray(committed)) {
    compareLists(where, built as Json[], committed as Json[], found);
  } else if (isObject(built) && isObject(committed)) {
    for (const key of new Set([...Object.keys(committed), ...Object.keys(built)])) {
      compareParts(`${where} ${key}`, built[key], committed[key], found);
    }
  } else if (built !== committed) {
    found.push(difference(where, built, committed));
  }
}

/** Only the first difference of a list: one line put in makes all that follow differ. */
function compareLists(where: string, built: readonly Json[], committed: readonly Json[], found: string[]): void {
  const before = found.length;
  for (let index = 0; index < Math.max(built.length, committed.length) && found.length === before; index++) {
    compareParts(`${where}[${String(index + 1)}]`, built.at(index), committed.at(index), found);
  }
}

function compareParts(where: string, built: Json | undefined, committed: Json | undefined, found: string[]): void {
  if (built === undefined || committed === undefined) found.push(difference(where, built, committed));
  else compare(where, built, committed, found);
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function difference(where: string, built: Json | undefined, committed: Json | undefined): string {
  return `${where}\n    committed: ${brief(committed)}\n    built:     ${brief(built)}`;
}

function brief(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= 160 ? text : `${text.slice(0, 157)}…`;
}
