import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

jest.setTimeout(240_000); // TypeDoc reads TensorFlow.js's types twice: ten seconds, much more on a machine with other work.

const repository = path.resolve(__dirname, "..");

/** Runs TypeDoc with this repository's rules over `folder`. */
function typedoc(folder: string, ...options: string[]): { status: number | null; text: string } {
  const program = path.join(path.dirname(require.resolve("typedoc/package.json")), "bin", "typedoc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...options], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, text: stdout + stderr };
}

/** A package with one source file, documented by the repository's rules. */
function packageOf(source: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "deepen-documentation-"));
  const rules = JSON.parse(readFileSync(path.join(repository, "typedoc.json"), "utf8")) as Record<string, unknown>;
  const files: Record<string, unknown> = {
    "package.json": { name: "sample" },
    "typedoc.json": { ...rules, entryPoints: ["only"] },
    "only/package.json": { name: "only" },
    "only/tsconfig.json": { compilerOptions: { strict: true, types: [] }, include: ["src"] },
  };
  mkdirSync(path.join(folder, "only", "src"), { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(path.join(folder, file), JSON.stringify(content));
  writeFileSync(path.join(folder, "only", "src", "index.ts"), source);
  return folder;
}

test("every public symbol of the library and of the engine is documented, and every link leads somewhere", () => {
  expect(typedoc(repository, "--emit", "none")).toEqual({
    status: 0,
    text: expect.not.stringMatching(/warning|error/),
  });
});

test.each([
  ["a function without a comment", "export function deep(): void {}\n", "deep (CallSignature)"],
  [
    "a property without a comment",
    "/** Sizes. */\nexport interface Sizes {\n  readonly depth: number;\n}\n",
    "Sizes.depth (Property)",
  ],
  [
    "a link that leads nowhere",
    "/** As {@link deeper}. */\nexport const depth = 1;\n",
    'Failed to resolve link to "deeper"',
  ],
  [
    "a type that is used and hidden",
    "interface Hidden {\n  a: 1;\n}\n/** Shown. */\nexport function shown(): Hidden {\n  return { a: 1 };\n}\n",
    "Hidden",
  ],
])("what is missing is named: %s", (_, source, named) => {
  const folder = packageOf(source);
  const { status, text } = typedoc(folder, "--emit", "none");
  rmSync(folder, { recursive: true });
  expect(text).toContain(named);
  expect(status).not.toBe(0);
});
