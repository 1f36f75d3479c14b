import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** Tools that some tests need and that npm does not bring. */
export type Tool = "chromium" | "jupyter" | "nodes";

/** Path of a Chromium to drive (DEEPEN_CHROMIUM, or one of the usual names on the PATH), or undefined. */
export function chromium(): string | undefined {
  return [process.env.DEEPEN_CHROMIUM, ...["chromium", "chromium-browser", "google-chrome"].map(onPath)].find(
    (file) => file !== undefined && existsSync(file),
  );
}

/** A Python that has nbclient and jupyter_kernel_test (DEEPEN_PYTHON, or python3 on the PATH), or undefined. */
export function jupyterPython(): string | undefined {
  const python = process.env.DEEPEN_PYTHON ?? onPath("python3");
  if (python === undefined) return undefined;
  const found = spawnSync(python, ["-c", "import nbclient, jupyter_client, jupyter_kernel_test"], { stdio: "ignore" });
  return found.status === 0 ? python : undefined;
}

/** Programs of several versions of Node (DEEPEN_NODES, separated as in PATH). */
export function nodes(): string[] {
  return (process.env.DEEPEN_NODES ?? "").split(path.delimiter).filter((file) => existsSync(file));
}

const present: Record<Tool, () => boolean> = {
  chromium: () => chromium() !== undefined,
  jupyter: () => jupyterPython() !== undefined,
  nodes: () => nodes().length > 0,
};

/**
 * A `describe` for tests that need `tool`: skipped under a name that says so where the tool is missing,
 * a failure where DEEPEN_REQUIRE (comma-separated) lists it.
 */
export function describeWith(tool: Tool, title: string, tests: () => void): void {
  if (present[tool]()) {
    describe(title, tests);
  } else if ((process.env.DEEPEN_REQUIRE ?? "").split(",").includes(tool)) {
    test(`${title} (needs ${tool})`, () => {
      throw new Error(`DEEPEN_REQUIRE asks for ${tool}, but it was not found on this machine`);
    });
  } else {
    describe.skip(`${title} [skipped: ${tool} not found]`, tests);
  }
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}
