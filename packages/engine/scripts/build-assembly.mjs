// Compiles assembly/ to WebAssembly and writes it, as base64, to src/wasm.generated.ts (or to the file given).
//
//   node scripts/build-assembly.mjs [FILE]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));
const target = process.argv[2] ?? join(folder, "src", "wasm.generated.ts");
const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");

/** What TensorFlow.js's memory demands: memory imported and nothing placed in it; SIMD; no run-time checks. */
const flags = ["--runtime", "stub", "--importMemory", "--enable", "simd", "-O3", "--noAssert"];

const out = mkdtempSync(join(tmpdir(), "deepen-assembly-"));
try {
  const run = spawnSync(
    process.execPath,
    [compiler, "assembly/index.ts", "--outFile", join(out, "out.wasm"), "--textFile", join(out, "out.wat"), ...flags],
    { cwd: folder, encoding: "utf8" },
  );
  if (run.status !== 0) throw new Error(`AssemblyScript could not compile assembly/:\n${run.stderr}${run.stdout}`);
  const owned = /\((data|global|table)\b.*/.exec(readFileSync(join(out, "out.wat"), "utf8"));
  if (owned) {
    throw new Error(
      `assembly/: expected a module without data, globals or tables, got ${owned[0]}; ` +
        "strings, arrays, objects and top-level `let` would be placed over TensorFlow.js's heap.",
    );
  }
  const base64 = readFileSync(join(out, "out.wasm")).toString("base64");
  const lines = base64.match(/.{1,100}/g).map((line) => `  "${line}"`);
  writeFileSync(
    target,
    "// Generated from assembly/ by `npm run build:assembly`; do not edit.\n\n" +
      "/** The compiled kernels, base64. */\n" +
      `export const wasmBase64 =\n${lines.join(" +\n")};\n`,
  );
} finally {
  rmSync(out, { recursive: true, force: true });
}
