import { createHash } from "node:crypto";
import type { ICell, ICodeCell, IMarkdownCell, INotebookContent } from "@jupyterlab/nbformat";
import type { Edition } from "./edition";
import type { ChapterSource, SourceCell } from "./source";

/** What the kernel answers of its language; written in every notebook, so that viewers colour TypeScript with no kernel. */
export const languageInfo = {
  name: "typescript",
  version: "5.0.4",
  mimetype: "text/typescript",
  file_extension: ".ts",
  pygments_lexer: "typescript",
  nbconvert_exporter: "script",
  codemirror_mode: "typescript",
};

/**
 * The notebook of a chapter's `cells` before any has run, nbformat 4.5: no outputs, no counts. Text is one string, not lines.
 * @param hash - `sourceHash` of the chapter's files
 */
export function emptyNotebook(
  slug: string,
  source: ChapterSource,
  cells: readonly SourceCell[],
  edition: Edition,
  hash: string,
): INotebookContent {
  return {
    cells: cells.map(notebookCell),
    metadata: {
      deepen: { chapter: slug, edition, source: hash, title: source.title },
      kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" },
      language_info: languageInfo,
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** SHA-256 (hexadecimal) of a chapter's source files, line ends read as LF: equal in every clone. */
export function sourceHash(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.replaceAll("\r\n", "\n")}\0`);
  return hash.digest("hex");
}

/** Whether `cell` is a code cell. */
export function isCode(cell: ICell): cell is ICodeCell {
  return cell.cell_type === "code";
}

/** The tags of a cell; none if it has no list of tags. */
export function tagsOf(cell: ICell): readonly string[] {
  return cell.metadata.tags ?? [];
}

function notebookCell({ kind, id, tags, exercise, lines }: SourceCell): ICell {
  const shared = {
    id,
    metadata: { ...(exercise === undefined ? {} : { exercise }), ...(tags.length === 0 ? {} : { tags: [...tags] }) },
    source: lines.map(({ text }) => text).join("\n"),
  };
  return kind === "markdown"
    ? ({ ...shared, cell_type: "markdown" } as IMarkdownCell)
    : ({ ...shared, cell_type: "code", execution_count: null, outputs: [] } as ICodeCell);
}
