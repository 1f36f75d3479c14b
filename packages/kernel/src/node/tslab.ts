import path from "node:path";
import type { Tslab } from "../core/compiler";
import { withSourceMaps, type MappedTypeScript, type TypeScript } from "../core/typescript";

/** tslab's converter over our wrapped TypeScript. */
export interface LoadedTslab {
  tslab: Tslab;
  mapped: MappedTypeScript;
  versions: Readonly<Record<string, string>>;
}

/** Loads the parts of tslab that compile, giving them a TypeScript that keeps source maps and types cells by `typeRoots` only. */
export function loadTslab(typeRoots: string[]): LoadedTslab {
  const manifest = require.resolve("tslab/package.json");
  const file = require.resolve("@tslab/typescript-for-tslab", { paths: [path.dirname(manifest)] });
  const real = require(file) as TypeScript;
  const mapped = withSourceMaps(real, typeRoots);
  const cached = require.cache[file];
  if (cached === undefined) throw new Error(`${file}: expected to find it in Node's module cache`);
  cached.exports = mapped.typescript;
  try {
    return {
      mapped,
      tslab: {
        ...(require("tslab/dist/converter.js") as typeof import("tslab/dist/converter")),
        ...(require("tslab/dist/metadata.js") as typeof import("tslab/dist/metadata")),
        ...(require("tslab/dist/inspect.js") as typeof import("tslab/dist/inspect")),
      },
      versions: {
        tslab: (require(manifest) as { version: string }).version,
        typescript: real.version,
        node: process.version,
      },
    };
  } finally {
    cached.exports = real;
  }
}
