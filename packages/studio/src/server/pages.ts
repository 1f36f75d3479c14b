import type { IncomingMessage, ServerResponse } from "node:http";
import { encodings, type Asset, type Assets } from "./assets";
import { HttpError } from "./httpError";
import { readManifest, shell } from "./shell";

/**
 * Answers requests for the course's page: its HTML at `/` and `/chapter/<slug>`, its files under `/assets/`.
 * @returns whether the path was one of these
 * @throws HttpError 404 for a file that is not there, 503 while the page is not built
 */
export async function servePage(
  assets: Assets,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<boolean> {
  const isHtml = path === "/" || /^\/chapter\/[^/]+\/?$/.test(path);
  const file = /^\/assets\/(.+)$/.exec(path);
  if (!isHtml && file === null) return false;
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    throw new HttpError(405, `${path} takes GET, not ${request.method ?? ""}.`, "method");
  }
  if (isHtml) {
    const html = shell(await readManifest(assets.root));
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    response.end(request.method === "HEAD" ? undefined : html);
    return true;
  }
  const asset = await assets.find(decode(file![1]!));
  if (asset === undefined) throw new HttpError(404, `The page has no file ${path}.`, "missing");
  await send(asset, request, response);
  return true;
}

async function send(asset: Asset, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader("etag", asset.etag);
  response.setHeader("vary", "accept-encoding");
  response.setHeader("cache-control", asset.isHashed ? "private, max-age=31536000, immutable" : "no-cache");
  const known = (request.headers["if-none-match"] ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known.includes(asset.etag)) {
    response.writeHead(304);
    response.end();
    return;
  }
  const accepted = (request.headers["accept-encoding"] ?? "")
    .split(",")
    .filter((item) => !/;\s*q=0(\.0*)?\s*$/.test(item))
    .map((item) => item.split(";")[0]!.trim());
  const encoding = encodings.find((candidate) => accepted.includes(candidate));
  const body = encoding === undefined ? asset.plain : await asset.encoded(encoding);
  response.writeHead(200, {
    "content-type": asset.type,
    "content-length": body.length,
    ...(encoding !== undefined && body !== asset.plain ? { "content-encoding": encoding } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError(400, `path: ${JSON.stringify(text)} is not percent-encoded text.`, "path");
  }
}
