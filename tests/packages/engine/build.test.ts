import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";

const engine = path.resolve(__dirname, "../../../packages/engine");

test("the committed WebAssembly is what the AssemblyScript sources give, byte for byte", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "deepen-engine-"));
  try {
    const file = path.join(folder, "wasm.generated.ts");
    const build = spawnSync(process.execPath, [path.join(engine, "scripts", "build-assembly.mjs"), file], {
      encoding: "utf8",
    });
    expect(build.stderr).toBe("");
    expect(readFileSync(file, "utf8")).toBe(readFileSync(path.join(engine, "src", "wasm.generated.ts"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the browser's door bundles with no shims, with one copy of each part of TensorFlow.js", async () => {
  // `module` before `main` makes esbuild take the same files for `import` and for `require`; with its defaults it takes
  // `main` for a `require` and would bring TensorFlow.js twice.
  const result = await esbuild.build({
    stdin: { contents: 'import { ready, tf } from "@deepen/engine"; void ready().then(() => tf);', resolveDir: engine },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    mainFields: ["browser", "module", "main"],
    logLevel: "silent",
  });
  expect(result.warnings.filter(({ text }) => text.includes("Could not resolve"))).toEqual([]);
  const inputs = Object.keys(result.metafile.inputs);
  const core = inputs.filter((input) => /tfjs-core\/dist\/(engine|tf-core[^/]*)\.js$/.test(input));
  expect(core).toHaveLength(1);
  expect(inputs.filter((input) => /\/tf-[a-z-]*\.node\.js$/.test(input))).toEqual([]);
});

test("nothing but the Node door uses what only Node has", () => {
  const sources = readdirSync(path.join(engine, "src"), { recursive: true, encoding: "utf8" });
  const typescript = sources.filter((name) => name.endsWith(".ts") && name !== "node.ts");
  expect(typescript.length).toBeGreaterThan(10);
  for (const name of typescript) {
    const code = readFileSync(path.join(engine, "src", name), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    expect({ name, uses: /\b(?:node:|process\.|Buffer\b|require\(|__dirname)/.exec(code)?.[0] }).toEqual({ name });
  }
});
