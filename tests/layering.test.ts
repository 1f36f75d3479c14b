import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.dirname(__dirname);

/** What each room of the library may import besides itself and packages from outside (DESIGN: imports point down). */
const rooms: Record<string, readonly string[]> = {
  math: [],
  theory: ["math"],
  plot: ["math"],
  data: ["math", "host"],
  nn: ["math", "data"],
  train: ["math", "data", "nn", "host"],
  probe: ["math", "data", "nn", "train"],
  lesson: ["math", "plot", "data", "nn", "train", "probe", "host"],
  host: [],
  index: ["math", "theory", "plot", "data", "nn", "train", "probe", "lesson", "host"],
  workers: ["host"],
  node: ["host", "index", "workers"],
  worker: ["host", "node"],
};

/** What each workspace may import of the others. */
const workspaces: Record<string, readonly string[]> = {
  "packages/engine": [],
  "packages/kernel": [],
  "packages/tfjs-node-shim": [],
  lib: ["@deepen/engine"],
  notebooks: ["deepen"],
  "packages/studio": ["@deepen/kernel", "deepen"],
  "packages/tools": ["@deepen/kernel", "@deepen/studio", "deepen"],
};

interface Import {
  file: string;
  target: string;
  typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function imports(file: string): Import[] {
  // Code in a template literal runs elsewhere, in a kernel.
  const text = readFileSync(file, "utf8").replace(/`[^`]*`/g, "``");
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?(?:[^;"']*?from\s+)?["']([^"']+)["']|\b(?:import|require)\(["']([^"']+)["']\)/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    file: path.relative(root, file),
    target: match[2] ?? match[3]!,
    typeOnly: match[1] !== undefined,
  }));
}

const libFolder = path.join(root, "lib", "src");
const roomOf = (file: string): string => path.relative(libFolder, file).split(path.sep)[0]!.replace(/\.ts$/, "");

test("the rooms of the library import only rooms below them", () => {
  const wrong = sources("lib/src").flatMap((file) =>
    imports(file)
      .filter(({ target }) => target.startsWith("."))
      .map((entry) => ({ ...entry, from: roomOf(file), to: roomOf(path.resolve(path.dirname(file), entry.target)) }))
      .filter(({ from, to }) => from !== to && !(rooms[from] ?? []).includes(to))
      .map(({ file: name, from, to }) => `${name}: ${from} must not import ${to}`),
  );
  expect(wrong).toEqual([]);
});

test("theory and plot import nothing but math, so that prediction, measurement and drawing check each other", () => {
  const outside = ["theory", "plot"].flatMap((room) =>
    sources(`lib/src/${room}`).flatMap((file) => imports(file).filter(({ target }) => !target.startsWith("."))),
  );
  expect(outside).toEqual([]);
});

test.each(Object.keys(workspaces))("workspace %s imports only the workspaces it may", (workspace) => {
  const names = ["deepen", "@deepen/engine", "@deepen/kernel", "@deepen/studio", "@deepen/tools"];
  const wrong = (workspace === "packages/tfjs-node-shim" ? [] : sources(`${workspace}/src`))
    .flatMap(imports)
    .filter(({ target }) => names.some((name) => target === name || target.startsWith(`${name}/`)))
    .filter(({ target }) => !workspaces[workspace]!.some((name) => target === name || target.startsWith(`${name}/`)))
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(wrong).toEqual([]);
});

test("no workspace reaches into another's folder by a relative path", () => {
  const wrong = Object.keys(workspaces)
    .filter((workspace) => workspace !== "packages/tfjs-node-shim")
    .flatMap((workspace) =>
      sources(`${workspace}/src`).flatMap((file) =>
        imports(file).filter(
          ({ target }) =>
            target.startsWith(".") &&
            path.relative(path.join(root, workspace), path.resolve(path.dirname(file), target)).startsWith(".."),
        ),
      ),
    );
  expect(wrong).toEqual([]);
});

/** What only Node loads: the doors, and what they alone import. */
const nodeOnly = ["lib/src/node.ts", "lib/src/workers.ts", "lib/src/worker.ts", "packages/engine/src/node.ts"];

test("the library and the engine use no host's interface outside their Node door", () => {
  const wrong = ["lib/src", "packages/engine/src"].flatMap((folder) =>
    sources(folder)
      .filter((file) => !nodeOnly.includes(path.relative(root, file).replaceAll(path.sep, "/")))
      .filter((file) => !file.endsWith(".generated.ts"))
      .flatMap((file) => {
        const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
        return (
          text.match(/["']node:[^"']*["']|\bprocess\.|\bBuffer\b|\b__dirname\b|\b__filename\b|\brequire\(/g) ?? []
        ).map((word) => `${path.relative(root, file)}: ${word}`);
      }),
  );
  expect(wrong).toEqual([]);
});
