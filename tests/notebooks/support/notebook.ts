import { readFileSync } from "node:fs";

/** What a claim's output says of it in its metadata. */
export interface ClaimData {
  readonly id: string;
  readonly state: string;
  readonly mean: number;
  readonly control: number;
  readonly bound: number;
  readonly share: number;
}

/** An output, as far as tests look at it. */
export interface BuiltOutput {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: { readonly deepen?: { readonly claim?: ClaimData } };
}

/** A cell of a built notebook. */
export type BuiltCell =
  { readonly cell_type: "markdown"; readonly id: string; readonly source: readonly string[] } | CodeCell;

interface CodeCell {
  readonly cell_type: "code";
  readonly id: string;
  readonly source: readonly string[];
  readonly outputs: readonly BuiltOutput[];
}

/** A built notebook. */
export interface BuiltNotebook {
  readonly cells: readonly BuiltCell[];
}

/** Reads a built notebook. */
export function readBuilt(file: string): BuiltNotebook {
  return JSON.parse(readFileSync(file, "utf8")) as BuiltNotebook;
}

/** Its code cells. */
export function codeCells({ cells }: BuiltNotebook): CodeCell[] {
  return cells.filter((cell) => cell.cell_type === "code");
}

/** The cards in its outputs. */
export function cardsIn(
  notebook: BuiltNotebook,
): { readonly kind: string; readonly id: string; readonly state: string }[] {
  return codeCells(notebook)
    .flatMap((cell) => cell.outputs)
    .flatMap(({ data }) => (data?.["application/vnd.deepen.card+json"] ?? []) as ReturnType<typeof cardsIn>);
}

/** What a reader can read in outputs: their plain text and Markdown. */
export function textOf(outputs: readonly BuiltOutput[]): string {
  return outputs
    .flatMap(({ data }) => [data?.["text/plain"], data?.["text/markdown"]])
    .flat()
    .join("");
}
