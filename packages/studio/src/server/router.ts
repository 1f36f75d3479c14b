import type { IncomingMessage } from "node:http";
import { HttpError } from "./httpError";
import { isObject, type JsonObject } from "./json";

/** One request to the API, taken apart. */
export interface Call {
  /** The pattern's groups, decoded once; an optional group that is absent is "". */
  readonly parameters: readonly string[];
  readonly query: URLSearchParams;
  /**
   * Reads the body as a JSON object; an empty body is an empty object.
   * @param limit - most bytes taken, default 1 MiB
   * @throws HttpError 400 for anything else, 413 for too many bytes
   */
  body(limit?: number): Promise<JsonObject>;
}

/** What an API function answers: a status and, unless it is 204, a JSON value. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** One method of one address. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Matched against the whole path as it came, still percent-encoded. */
  readonly path: RegExp;
  handle(call: Call): Answer | Promise<Answer>;
}

/** A path that exists, asked with a method that it does not take. */
export class MethodNotAllowed extends HttpError {
  constructor(
    method: string,
    path: string,
    readonly allowed: readonly string[],
  ) {
    super(405, `${path} takes ${allowed.join(", ")}, not ${method}.`, "method");
  }
}

/**
 * Runs the route that fits.
 * @returns the answer, or undefined if no route knows this path
 * @throws HttpError, among them MethodNotAllowed
 */
export async function dispatch(
  routes: readonly Route[],
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
): Promise<Answer | undefined> {
  const method = request.method === "HEAD" ? "GET" : request.method;
  const here = routes.filter((route) => route.path.test(path));
  if (here.length === 0) return undefined;
  const route = here.find((candidate) => candidate.method === method);
  if (route === undefined) {
    throw new MethodNotAllowed(request.method ?? "", path, [...new Set(here.map((candidate) => candidate.method))]);
  }
  const parameters = route.path.exec(path)!.slice(1).map(decodeParameter);
  return route.handle({ parameters, query, body: (limit = 1 << 20) => readObject(request, limit) });
}

function decodeParameter(raw: string | undefined): string {
  try {
    return decodeURIComponent(raw ?? "");
  } catch {
    throw new HttpError(400, `path: ${JSON.stringify(raw)} is not percent-encoded text.`, "path");
  }
}

async function readObject(request: IncomingMessage, limit: number): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      throw new HttpError(413, `body: expected at most ${limit} bytes, got more.`, "too-large");
    }
    chunks.push(chunk);
  }
  if (size === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (error) {
    throw new HttpError(400, `body: expected JSON, got something else (${(error as Error).message}).`, "json");
  }
  if (!isObject(value)) throw new HttpError(400, "body: expected a JSON object, got another JSON value.", "json");
  return value;
}
