import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import path from "node:path";
import * as esbuild from "esbuild";
import { plugins } from "./pagePlugins";
import { saveFile } from "./saveFile";

/** The page's entry files, by name relative to the page's folder; written to manifest.json. */
export interface PageManifest {
  /** ES module that starts the page. */
  readonly script: string;
  readonly style: string;
}

const studio = path.join(__dirname, "..", "..");
const sources = path.join(studio, "src", "page");
/** Folder that holds the bundled page: hashed files and manifest.json. */
export const pageFolder = path.join(studio, "dist", "page");

/**
 * Bundles the course page into {@link pageFolder}, unless it stands there already for these sources and this lockfile.
 *
 * @returns whether anything was bundled, and how long it took
 * @throws Error with esbuild's messages if the page does not bundle
 */
export async function buildPage(): Promise<{ built: boolean; milliseconds: number }> {
  const start = performance.now();
  const stamp = path.join(pageFolder, "sources.sha256");
  const hash = await sourceHash();
  const upToDate =
    existsSync(path.join(pageFolder, "manifest.json")) &&
    existsSync(stamp) &&
    (await readFile(stamp, "utf8")).trim() === hash;
  if (!upToDate) {
    await rm(stamp, { force: true });
    await bundle();
    await saveFile(stamp, `${hash}\n`);
  }
  return { built: !upToDate, milliseconds: Math.round(performance.now() - start) };
}

async function bundle(): Promise<void> {
  const result = await esbuild.build({
    absWorkingDir: studio,
    entryPoints: { page: path.join(sources, "main.ts"), style: path.join(sources, "style", "page.css") },
    outdir: pageFolder,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    splitting: true,
    minify: true,
    target: "es2022",
    mainFields: ["browser", "module", "main"],
    loader: { ".woff2": "file", ".svg": "text", ".png": "dataurl", ".gif": "dataurl" },
    define: { "process.env.NODE_ENV": '"production"', "process.env": "{}", global: "globalThis" },
    metafile: true,
    write: false,
    logLevel: "silent",
    legalComments: "none",
    plugins: plugins(),
  });
  await mkdir(pageFolder, { recursive: true });
  const written = new Set(["manifest.json"]);
  // Whole or not at all: another server may be serving this folder, or bundling into it.
  for (const file of result.outputFiles) {
    await saveFile(file.path, file.contents);
    written.add(path.basename(file.path));
  }
  const entry = (source: string): string => {
    const found = Object.entries(result.metafile.outputs).find(([, output]) => output.entryPoint === source);
    if (found === undefined) throw new Error(`The bundle has no output for its entry point ${source}.`);
    return path.basename(found[0]);
  };
  const manifest: PageManifest = { script: entry("src/page/main.ts"), style: entry("src/page/style/page.css") };
  await saveFile(path.join(pageFolder, "manifest.json"), `${JSON.stringify(manifest)}\n`);
  for (const name of await readdir(pageFolder)) {
    const unfinished = name.startsWith(".");
    if (!written.has(name) && !unfinished) await rm(path.join(pageFolder, name), { recursive: true, force: true });
  }
}

/** Everything that decides what the bundle holds: the page's sources, this builder, the figure theme, the lockfile. */
async function sourceHash(): Promise<string> {
  const names = (await readdir(sources, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  const themes = require.resolve("deepen/dist/plot/theme.js");
  const lockfile = path.join(studio, "..", "..", "package-lock.json");
  const builders = ["buildPage.ts", "pagePlugins.ts", "tokenSheet.ts"].map((name) =>
    path.join(studio, "src", "server", name),
  );
  for (const file of [...names, ...builders, themes, lockfile]) {
    hash
      .update(path.basename(file))
      .update("\0")
      .update(await readFile(file))
      .update("\0");
  }
  return hash.digest("hex");
}
