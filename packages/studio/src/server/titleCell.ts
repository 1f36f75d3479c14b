import type { JsonObject } from "./json";
import { chapterMetadata } from "./notebook";

/** What a chapter says of itself at its top. */
export interface TitleCell {
  /** From the metadata, or the first heading. */
  readonly title?: string;
  /** The chapter's question: the emphasised line under the heading, as plain text. */
  readonly question?: string;
  /** Reading time, from "**Time** 50 minutes". */
  readonly minutes?: number;
}

/** Reads a chapter's title, question and reading time from the first Markdown cell that has a heading. */
export function titleCell(notebook: JsonObject): TitleCell {
  const text = (notebook.cells as readonly JsonObject[])
    .filter((cell) => cell.cell_type === "markdown")
    .map(({ source }) => (Array.isArray(source) ? source.join("") : String(source)))
    .find((source) => heading.test(source));
  const title = chapterMetadata(notebook).title ?? group(heading, text);
  const question = group(/^\*([^*\n]+)\*\s*$/m, text);
  const minutes = group(/\*\*Time\*\*\s+(\d+)\s+min/, text);
  return {
    ...(title === undefined ? {} : { title }),
    ...(question === undefined ? {} : { question }),
    ...(minutes === undefined ? {} : { minutes: Number(minutes) }),
  };
}

const heading = /^# +(.+)$/m;

function group(pattern: RegExp, text: string | undefined): string | undefined {
  return text === undefined ? undefined : pattern.exec(text)?.[1]?.trim();
}
