import { HttpError } from "./httpError";
import { isObject, objectIn, stringIn, type JsonObject } from "./json";

/** What Deepen's builder writes into a notebook's metadata, as far as it is there. */
export interface ChapterMetadata {
  readonly title?: string;
  /** SHA-256 of the chapter's source: two notebooks with different ones are different versions. */
  readonly source?: string;
}

/** The chapter metadata of a notebook. */
export function chapterMetadata(notebook: JsonObject): ChapterMetadata {
  const deepen = objectIn(objectIn(notebook, "metadata"), "deepen");
  return { title: stringIn(deepen, "title"), source: stringIn(deepen, "source") };
}

/**
 * Says what is wrong with a notebook by nbformat 4, or undefined if it can be opened.
 *
 * Checks what an editor relies on: version, cells with type, source and metadata, outputs with their type.
 */
export function notebookFault(value: unknown): string | undefined {
  if (!isObject(value)) return "expected a JSON object, got another JSON value";
  if (value.nbformat !== 4) return `nbformat: expected 4, got ${JSON.stringify(value.nbformat)}`;
  if (!isWhole(value.nbformat_minor)) return "nbformat_minor: expected a whole number";
  if (!isObject(value.metadata)) return "metadata: expected an object";
  if (!Array.isArray(value.cells)) return "cells: expected a list";
  for (const [index, cell] of value.cells.entries()) {
    const fault = cellFault(cell);
    if (fault !== undefined) return `cells[${index}]${fault}`;
  }
  return undefined;
}

/**
 * Reads a notebook's text.
 * @param name - the file as the reader knows it, for the message
 * @throws HttpError 422 that says what is wrong and what to do
 */
export function parseNotebook(text: string, name: string, cure: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HttpError(422, `${name} is not JSON (${(error as Error).message}). ${cure}`, "malformed-notebook");
  }
  const fault = notebookFault(value);
  if (fault !== undefined)
    throw new HttpError(422, `${name} is not a notebook: ${fault}. ${cure}`, "malformed-notebook");
  return value as JsonObject;
}

function cellFault(cell: unknown): string | undefined {
  if (!isObject(cell)) return ": expected an object";
  if (!isMultiline(cell.source)) return ".source: expected text or a list of lines";
  if (!isObject(cell.metadata)) return ".metadata: expected an object";
  if (cell.id !== undefined && !(typeof cell.id === "string" && /^[a-zA-Z0-9_-]{1,64}$/.test(cell.id))) {
    return ".id: expected 1 to 64 letters, digits, - or _";
  }
  switch (cell.cell_type) {
    case "markdown":
    case "raw":
      return undefined;
    case "code":
      return codeFault(cell);
    default:
      return `.cell_type: expected "code", "markdown" or "raw", got ${JSON.stringify(cell.cell_type)}`;
  }
}

function codeFault(cell: JsonObject): string | undefined {
  if (cell.execution_count !== null && !isWhole(cell.execution_count)) {
    return ".execution_count: expected a whole number or null";
  }
  if (!Array.isArray(cell.outputs)) return ".outputs: expected a list";
  for (const [index, output] of cell.outputs.entries()) {
    const fault = outputFault(output);
    if (fault !== undefined) return `.outputs[${index}]${fault}`;
  }
  return undefined;
}

function outputFault(output: unknown): string | undefined {
  if (!isObject(output)) return ": expected an object";
  switch (output.output_type) {
    case "stream":
      return isMultiline(output.text) ? undefined : ".text: expected text or a list of lines";
    case "display_data":
    case "execute_result":
      return isObject(output.data) ? undefined : ".data: expected an object";
    case "error":
      return Array.isArray(output.traceback) ? undefined : ".traceback: expected a list";
    default:
      return `.output_type: expected stream, display_data, execute_result or error, got ${JSON.stringify(output.output_type)}`;
  }
}

function isMultiline(value: unknown): boolean {
  return typeof value === "string" || (Array.isArray(value) && value.every((line) => typeof line === "string"));
}

function isWhole(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
