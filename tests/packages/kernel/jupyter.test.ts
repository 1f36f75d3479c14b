import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeWith, jupyterPython } from "../../support/tools";
import { notebooks } from "./support";

const scripts = path.join(__dirname, "python");
const installer = path.resolve(__dirname, "../../../packages/kernel/dist/node/install.js");

interface Output {
  output_type: string;
  name?: string;
  text?: string;
  ename?: string;
  data?: Record<string, string>;
}

interface Answer {
  failure: { ename: string; evalue: string } | null;
  cells: { count: number | null; outputs: Output[] }[];
  language: Record<string, unknown>;
}

describeWith("jupyter", "with Jupyter's own clients", () => {
  let prefix: string;
  beforeAll(() => {
    prefix = mkdtempSync(path.join(os.tmpdir(), "deepen-jupyter-"));
    expect(spawnSync(process.execPath, [installer, "--prefix", prefix]).status).toBe(0);
  });
  afterAll(() => {
    rmSync(prefix, { recursive: true, force: true });
  });

  const python = (script: string, input = "") =>
    spawnSync(jupyterPython() ?? "python3", [path.join(scripts, script)], {
      input,
      encoding: "utf8",
      cwd: notebooks,
      maxBuffer: 1 << 28,
      env: { ...process.env, JUPYTER_PATH: path.join(prefix, "share", "jupyter"), PYTHONDONTWRITEBYTECODE: "1" },
    });
  const nbclient = (cells: string[], options: Record<string, unknown> = {}): Answer => {
    const { stdout, stderr } = python("client.py", JSON.stringify({ cells, cwd: notebooks, ...options }));
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout) as Answer;
  };
  const text = (outputs: Output[]) => outputs.map((output) => output.text ?? "").join("");

  test("jupyter_kernel_test passes, but for samples that TypeScript has not", () => {
    const { stderr, status } = python("conformance.py");
    const skipped = [...stderr.matchAll(/^(test_\w+) .*skipped/gm)].map(([, name]) => name).sort();
    expect({ status, skipped, end: stderr.trim().split("\n").at(-1) }).toEqual({
      status: 0,
      skipped: ["test_clear_output", "test_pager"],
      end: "OK (skipped=2)",
    });
  });

  test("nbclient gets 100,000 lines whole and in order, and the next cell's output", () => {
    const { cells, failure, language } = nbclient([
      "for (let i = 0; i < 100_000; i++) console.log('line', i);",
      "console.log('after');\n'result'",
    ]);
    expect(failure).toBeNull();
    expect(text(cells[0].outputs)).toBe(Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`).join(""));
    expect(text(cells[1].outputs)).toBe("after\n");
    expect(cells[1].outputs[1]).toMatchObject({ output_type: "execute_result", data: { "text/plain": "'result'" } });
    expect(language).toMatchObject({ name: "typescript", codemirror_mode: "typescript" });
  });

  test("nbclient stops at a cell that fails, with its error", () => {
    const { failure, cells } = nbclient(["1 + 1", "throw new RangeError('stop here')", "'not run'"]);
    expect(failure).toEqual({ ename: "RangeError", evalue: "stop here" });
    expect(cells.map(({ count }) => count)).toEqual([1, 2, null]);
    expect(cells[1].outputs.at(-1)).toMatchObject({ output_type: "error", ename: "RangeError" });
  });

  test("nbclient runs on after errors where they are allowed", () => {
    const { cells } = nbclient(["throw new Error('x')", "console.log('runs')", "let n: number = 'x'", "'end'"], {
      allow_errors: true,
    });
    expect(cells.map(({ count }) => count)).toEqual([1, 2, 3, 4]);
    expect(text(cells[1].outputs)).toBe("runs\n");
    expect(cells[3].outputs[0]).toMatchObject({ output_type: "execute_result" });
  });

  test("nbclient's timeout stops an endless cell after an await, and the next cell runs", () => {
    const { cells } = nbclient(["await 0; while (true) {}", "'next'"], { timeout: 5, allow_errors: true });
    expect(cells[0].outputs.at(-1)).toMatchObject({ output_type: "error", ename: "Interrupted" });
    expect(cells[1].outputs[0]).toMatchObject({ data: { "text/plain": "'next'" } });
  });
});
