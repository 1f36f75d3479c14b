import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { least, root, slugs } from "./support/chapters";
import { cardsIn, codeCells, readBuilt, textOf, type BuiltNotebook } from "./support/notebook";

const tool = path.join(root, "packages", "tools", "dist", "main.js");

/** Runs `deepen notebooks …` on the course and gives what it said. */
function deepen(...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, "notebooks", ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return { status, said: stdout + stderr };
}

describe.each(slugs)("%s, run in seconds", (slug) => {
  const out = mkdtempSync(path.join(os.tmpdir(), "deepen-smoke-"));
  afterAll(() => {
    rmSync(out, { recursive: true, force: true });
  });

  test("runs every cell without an error, judges no claim, and leaves every exercise not done", () => {
    const { status, said } = deepen(slug, "--profile", "smoke", "--out", out);
    expect([status, said]).toEqual([0, said]);
    const built = readBuilt(path.join(out, `${slug}.ipynb`));
    const outputs = codeCells(built).flatMap((cell) => cell.outputs);
    expect(outputs.filter(({ output_type }) => output_type === "error" || output_type === "stream")).toEqual([]);
    const cards = cardsIn(built);
    const claims = cards.filter(({ kind, id }) => kind === "claim" && id.includes("."));
    expect(claims.length).toBeGreaterThanOrEqual(least(slug).claims);
    expect(new Set(claims.map(({ state }) => state))).toEqual(new Set(["not judged"]));
    expect(new Set(cards.filter(({ kind }) => kind === "exercise").map(({ state }) => state))).toEqual(
      new Set(["not done"]),
    );
  }, 600_000);
});

describe.each(slugs)("%s, as it is committed", (slug) => {
  let built: BuiltNotebook;
  beforeAll(() => {
    built = readBuilt(path.join(root, "notebooks", `${slug}.ipynb`));
  });

  test("is what its source builds", () => {
    const { status, said } = deepen(slug, "--check");
    expect([status, said]).toEqual([0, said]);
  }, 1_800_000);

  test("holds every claim, with a bound between a quarter and a half of the effect, and a control that fails it", () => {
    const claims = codeCells(built)
      .flatMap((cell) => cell.outputs)
      .flatMap(({ metadata }) => metadata?.deepen?.claim ?? []);
    expect(claims.length).toBeGreaterThanOrEqual(least(slug).claims);
    for (const { id, state, share, mean, control, bound } of claims) {
      expect([id, state]).toEqual([id, "holds"]);
      expect([id, share >= 0.25 && share <= 0.5]).toEqual([id, true]);
      // A bound of the form "at least": the control stays below it, whatever its sign.
      expect([id, Math.sign(mean - bound) !== Math.sign(control - bound)]).toEqual([id, true]);
    }
  });

  test("quotes in its findings only numbers that stand in an output above them", () => {
    const unseen: string[] = [];
    let seen = "";
    for (const cell of built.cells) {
      if (cell.cell_type === "code") {
        seen += textOf(cell.outputs);
      } else if (cell.id.endsWith("-finding")) {
        // Formulas, code and years stand outside: what is computed in them needs no run.
        const prose = cell.source.join("").replace(/\$[^$]*\$|`[^`]*`/g, " ");
        const quoted = prose.match(/[−-]?\d+\.\d+(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|\d+(?= %)/g) ?? [];
        unseen.push(...quoted.filter((number) => !seen.includes(number)).map((number) => `${cell.id}: ${number}`));
      }
    }
    expect(unseen).toEqual([]);
  });

  test("describes every figure in words and has a picture of it", () => {
    const figures = codeCells(built)
      .flatMap((cell) => cell.outputs)
      .filter(({ data }) => data?.["application/vnd.plotly.v1+json"] !== undefined);
    expect(figures.length).toBeGreaterThanOrEqual(least(slug).figures);
    for (const { data } of figures) {
      expect(String([data?.["text/plain"]].flat().join("")).length).toBeGreaterThan(60);
      expect(data?.["image/png"]).toBeDefined();
      expect(data?.["text/html"]).toBeUndefined();
    }
  });

  test("is small enough to clone: 1.5 MB at most", () => {
    expect(readFileSync(path.join(root, "notebooks", `${slug}.ipynb`)).length).toBeLessThanOrEqual(1_500_000);
  });
});
