import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { kernelSpec } from "@deepen/kernel";
import { describeWith, jupyterPython } from "../support/tools";
import { root, slugs } from "./support/chapters";
import { codeCells, readBuilt } from "./support/notebook";

const client = path.join(root, "tests", "packages", "kernel", "python", "client.py");
const resolve = createRequire(__filename).resolve;

/** The kernelspecs under which a reader may run a chapter: ours, and the one that `tslab install` writes. */
const kernels = {
  "our kernel": { ...kernelSpec() },
  "stock tslab": {
    argv: [
      process.execPath,
      path.join(path.dirname(resolve("tslab/package.json")), "bin", "tslab"),
      "kernel",
      "--config-path",
      "{connection_file}",
    ],
    display_name: "TypeScript",
    language: "typescript",
  },
};

describeWith("jupyter", "nbclient runs the committed notebooks", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "deepen-nbclient-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(slugs.flatMap((slug) => Object.keys(kernels).map((name) => [slug, name] as const)))(
    "%s with %s, without an error and with every figure",
    (slug, name) => {
      const home = path.join(folder, name.replaceAll(" ", "-"));
      const spec = path.join(home, "kernels", "tslab");
      mkdirSync(spec, { recursive: true });
      writeFileSync(path.join(spec, "kernel.json"), JSON.stringify(kernels[name as keyof typeof kernels]));
      const built = codeCells(readBuilt(path.join(root, "notebooks", `${slug}.ipynb`)));
      const cwd = path.join(root, "notebooks");
      const request = { cells: built.map(({ source }) => source.join("")), cwd, timeout: 300 };
      const { stdout, stderr } = spawnSync(jupyterPython() ?? "python3", [client], {
        input: JSON.stringify(request),
        encoding: "utf8",
        cwd,
        maxBuffer: 1 << 28,
        env: {
          ...process.env,
          JUPYTER_PATH: home,
          DEEPEN_PROFILE: "smoke",
          DEEPEN_WORK: "none",
          PYTHONDONTWRITEBYTECODE: "1",
        },
      });
      if (stdout === "") throw new Error(stderr);
      const answer = JSON.parse(stdout) as {
        failure: unknown;
        cells: { outputs: { output_type: string; text?: string; data?: Record<string, unknown> }[] }[];
      };
      const figures = (cells: readonly { outputs: readonly { data?: Readonly<Record<string, unknown>> }[] }[]) =>
        cells.map(
          ({ outputs }) => outputs.filter(({ data }) => data?.["application/vnd.plotly.v1+json"] !== undefined).length,
        );
      expect(answer.failure).toBeNull();
      // Stock tslab tells errors on stderr and goes on.
      expect(answer.cells.flatMap(({ outputs }) => outputs.flatMap(({ text }) => text ?? []))).toEqual([]);
      expect(figures(answer.cells)).toEqual(figures(built));
    },
    900_000,
  );
});
