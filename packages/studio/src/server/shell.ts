import { readFile } from "node:fs/promises";
import path from "node:path";
import type { PageManifest } from "./buildPage";
import { HttpError } from "./httpError";
import { isObject } from "./json";

/**
 * Reads the manifest of the built page.
 * @throws HttpError 503 if the page has not been built
 */
export async function readManifest(folder: string): Promise<PageManifest> {
  const text = await readFile(path.join(folder, "manifest.json"), "utf8").catch(() => "null");
  const value: unknown = JSON.parse(text);
  if (isObject(value) && typeof value.script === "string" && typeof value.style === "string") {
    return { script: value.script, style: value.style };
  }
  throw new HttpError(503, "The page has not been built: stop the server and run `npm start` again.", "not-built");
}

/**
 * The HTML of every page of the course: the index and the chapters differ by their address only.
 *
 * The configuration carries no token: the browser has its cookie, which also opens WebSockets.
 */
export function shell(manifest: PageManifest): string {
  const config = { baseUrl: "/", wsUrl: "", token: "", appendToken: "false", appName: "Deepen" };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Deepen</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/${attribute(manifest.style)}">
<script id="jupyter-config-data" type="application/json">${JSON.stringify(config)}</script>
<script type="module" src="/assets/${attribute(manifest.script)}"></script>
</head>
<body></body>
</html>
`;
}

/** A small page that says one thing: a refusal, or that the browser is on its way to `target`. */
export function notice(title: string, text: string, target?: string): string {
  const refresh = target === undefined ? "" : `<meta http-equiv="refresh" content="0;url=${attribute(target)}">\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh}<title>${content(title)}</title>
<style>body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem }</style>
</head>
<body>
<h1>${content(title)}</h1>
<p>${content(text)}</p>
</body>
</html>
`;
}

function content(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function attribute(text: string): string {
  return content(text).replaceAll('"', "&quot;");
}
