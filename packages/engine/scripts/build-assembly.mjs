// Compiles assembly/ to WebAssembly and writes it, as base64, to src/wasm.generated.ts (or to the file given).
//
//   node scripts/build-assembly.mjs [FILE]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";

const folder = fileURLToPath(new URL("..", import.meta.url));
const target = process.argv[2] ?? join(folder, "src", "wasm.generated.ts");
const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");

/** The parameters of each exported function, as [name, AssemblyScript type], and what it returns. */
function signatures() {
  const assembly = join(folder, "assembly");
  const source = readdirSync(assembly)
    .filter((file) => file.endsWith(".ts") && file !== "index.ts")
    .map((file) => readFileSync(join(assembly, file), "utf8"))
    .join("\n");
  const index = readFileSync(join(assembly, "index.ts"), "utf8");
  const names = [...index.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, list]) => list.trim().split(/\s*,\s*/));
  return names.map((name) => {
    const found = new RegExp(`^export function ${name}\\(([^)]*)\\): (\\w+)`, "m").exec(source);
    if (found === null)
      throw new Error(`assembly/index.ts: expected "export function ${name}(…): …" in a file beside it`);
    const parameters = found[1].split(",").map((parameter) => parameter.trim().split(/\s*:\s*/));
    return { name, parameters: parameters.filter(([parameter]) => parameter !== ""), returns: found[2] };
  });
}

/** The TypeScript type of an AssemblyScript one, as JavaScript calls it. */
const typeOf = (type) =>
  type === "void" || type === "bool" ? { void: "void", bool: "boolean | number" }[type] : "number";

/** The type of the module, and which parameters of its functions are addresses. */
function declarations() {
  const functions = signatures();
  const methods = functions.map(({ name, parameters, returns }) => {
    const list = parameters.map(([parameter, type]) => `${parameter}: ${typeOf(type)}`).join(", ");
    return `  ${name}(${list}): ${typeOf(returns)};\n`;
  });
  const addresses = functions.map(({ name, parameters }) => {
    const places = parameters.flatMap(([, type], place) => (type === "usize" ? [place] : []));
    return `  ${name}: [${places.join(", ")}],\n`;
  });
  return (
    "\n/** The compiled kernels; addresses and strides are bytes, sizes are elements. */\n" +
    `export interface SideModule {\n${methods.join("")}}\n\n` +
    "/** Places of the parameters that are addresses. */\n" +
    `export const addressParameters: Readonly<Record<keyof SideModule, readonly number[]>> = {\n${addresses.join("")}};\n`
  );
}

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
  const text =
    "// Generated from assembly/ by `npm run build:assembly`; do not edit.\n\n" +
    "/** The compiled kernels, base64. */\n" +
    `export const wasmBase64 =\n${lines.join(" +\n")};\n` +
    declarations();
  const style = await resolveConfig(fileURLToPath(import.meta.url));
  writeFileSync(target, await format(text, { ...style, parser: "typescript" }));
} finally {
  rmSync(out, { recursive: true, force: true });
}
