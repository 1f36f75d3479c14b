import { createRequire } from "node:module";
import path from "node:path";
import type { Tslab } from "../core/compiler";
import { withSourceMaps, type MappedTypeScript, type TypeScript } from "../core/typescript";

/** tslab's converter over our wrapped TypeScript. */
export interface LoadedTslab {
  tslab: Tslab;
  mapped: MappedTypeScript;
  versions: Readonly<Record<string, string>>;
}

const load = createRequire(__filename);

/** Loads the parts of tslab that compile, giving them a TypeScript that keeps source maps and types cells by `typeRoots` only. */
export function loadTslab(typeRoots: string[]): LoadedTslab {
  const manifest = load.resolve("tslab/package.json");
  const file = load.resolve("@tslab/typescript-for-tslab", { paths: [path.dirname(manifest)] });
  const real = load(file) as TypeScript;
  const mapped = withSourceMaps(real, typeRoots);
  const cached = load.cache[file];
  if (cached === undefined) throw new Error(`${file}: expected to find it in Node's module cache`);
  cached.exports = mapped.typescript;
  try {
    return {
      mapped,
      tslab: {
        ...(load("tslab/dist/converter.js") as typeof import("tslab/dist/converter")),
        ...(load("tslab/dist/metadata.js") as typeof import("tslab/dist/metadata")),
        ...(load("tslab/dist/inspect.js") as typeof import("tslab/dist/inspect")),
      },
      versions: {
        tslab: (load(manifest) as { version: string }).version,
        typescript: real.version,
        node: process.version,
      },
    };
  } finally {
    cached.exports = real;
  }
}
