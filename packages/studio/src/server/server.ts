import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Access } from "./access";
import type { Assets } from "./assets";
import { HttpError } from "./httpError";
import { servePage } from "./pages";
import { dispatch, MethodNotAllowed, type Route } from "./router";
import { securityHeaders } from "./securityHeaders";
import { notice } from "./shell";
import type { Sockets } from "./sockets";

/** What the HTTP server hands requests to. */
export interface Parts {
  readonly access: Access;
  readonly routes: readonly Route[];
  readonly assets: Assets;
  readonly sockets: Sockets;
}

interface Target {
  /** Still percent-encoded, dots and all: nothing is resolved before it is checked. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Makes a server answer: who may come in, then the API, then the page; every error is an answer. */
export function answerRequests(server: Server, parts: Parts): void {
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    answer(parts, request, response).catch((error: unknown) => {
      refuse(request, response, error);
    });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    try {
      const { path, query } = readTarget(request);
      parts.access.admit(request, query);
      parts.sockets.accept(request, socket, head, path);
    } catch (error) {
      refuseUpgrade(socket, error);
    }
  });
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { path, query } = readTarget(request);
  const { access } = parts;
  for (const [name, value] of Object.entries(securityHeaders(request.headers.host ?? ""))) {
    response.setHeader(name, value);
  }
  const proof = access.admit(request, query);
  const reply = await dispatch(parts.routes, request, path, query);
  if (reply !== undefined) {
    sendJson(request, response, reply.status, reply.body);
    return;
  }
  if (proof === "query" && wantsHtml(request)) {
    welcome(request, response, access, path, query);
    return;
  }
  if (await servePage(parts.assets, request, response, path)) return;
  throw new HttpError(404, `There is nothing at ${path}.`, "missing");
}

/**
 * First visit: gives the browser its cookie and sends it to the same address without the token.
 *
 * A visit that starts on another site's link goes by way of a page of our own, because a strict cookie does not travel
 * with redirects that another site began.
 */
function welcome(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  path: string,
  query: URLSearchParams,
): void {
  query.delete("token");
  const rest = query.toString();
  // One slash only: "//host" would be another server's address.
  const target = path.replace(/^\/+/, "/") + (rest === "" ? "" : `?${rest}`);
  response.setHeader("set-cookie", access.cookie());
  response.setHeader("cache-control", "no-store");
  if (request.headers["sec-fetch-site"] === "cross-site") {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(notice("Deepen", "One moment …", target));
    return;
  }
  response.writeHead(302, { location: target });
  response.end();
}

function readTarget(request: IncomingMessage): Target {
  const url = request.url ?? "";
  const [, path, search] = /^(\/[^?#]*)(?:\?([^#]*))?$/.exec(url) ?? [];
  if (path === undefined) throw new HttpError(400, `address: expected a path, got ${JSON.stringify(url)}.`, "path");
  return { path, query: new URLSearchParams(search ?? "") };
}

function sendJson(request: IncomingMessage, response: ServerResponse, status: number, body: unknown): void {
  response.setHeader("cache-control", "no-store");
  if (status === 204) {
    response.writeHead(204);
    response.end();
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
  });
  response.end(request.method === "HEAD" ? undefined : text);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, message, reason } = toHttpError(error);
  if (error instanceof MethodNotAllowed) response.setHeader("allow", error.allowed.join(", "));
  // A body that was not read to its end must not be taken for the next request.
  if (!request.complete) response.setHeader("connection", "close");
  if (wantsHtml(request)) {
    response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    response.end(request.method === "HEAD" ? undefined : notice(STATUS_CODES[status] ?? "Error", message));
    return;
  }
  sendJson(request, response, status, { message, reason });
}

function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { status, message, reason } = toHttpError(error);
  const text = JSON.stringify({ message, reason });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(text)}`,
    "connection: close",
  ];
  socket.on("error", () => undefined);
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`);
}

function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new HttpError(500, `The server failed: ${message}`, "internal");
}

/** Whether a browser navigates: it says so, and would show JSON as it is. */
function wantsHtml(request: IncomingMessage): boolean {
  return (request.headers.accept ?? "").includes("text/html");
}
