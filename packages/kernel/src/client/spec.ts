import path from "node:path";

/** Contents of a kernel.json: how Jupyter starts a kernel. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode?: "signal" | "message";
  env?: Record<string, string>;
  metadata?: Record<string, unknown>;
}

/** Name of the kernelspec: that of tslab, so that the notebooks also run on the stock kernel. */
export const kernelName = "tslab";

/** The spec of this package's kernel, with absolute paths and the placeholder `{connection_file}`. */
export function kernelSpec(): KernelSpec {
  return {
    // Terminated code can not take itself off Node's stack of asynchronous contexts; a check of that stack would end the process.
    argv: [
      process.execPath,
      "--no-force-async-hooks-checks",
      path.join(packageFolder(), "dist", "node", "main.js"),
      "{connection_file}",
    ],
    display_name: "TypeScript",
    language: "typescript",
    interrupt_mode: "message",
  };
}

/** Folder of this package, the same from src/ and from dist/. */
export function packageFolder(): string {
  return path.dirname(path.dirname(__dirname));
}
