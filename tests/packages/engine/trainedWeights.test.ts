import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describeWith, nodes } from "../../support/tools";

const support = path.join(__dirname, "support");
const stored = JSON.parse(readFileSync(path.join(support, "trainedWeights.json"), "utf8")) as Record<string, string>;

/** What trainedWeights.mjs reports when a Node runs it. */
function report(node: string, environment = {}): { hashes: Record<string, string>; made: Record<string, number> } {
  const script = path.join(support, "trainedWeights.mjs");
  return JSON.parse(
    execFileSync(node, [script], { encoding: "utf8", env: { ...process.env, ...environment } }),
  ) as ReturnType<typeof report>;
}

test("all models train to the bits of the stored hashes, with captured steps and with ordinary ones", () => {
  const captured = report(process.execPath);
  const ordinary = report(process.execPath, { DEEPEN_CAPTURE: "0" });
  expect(captured.hashes).toEqual(stored);
  expect(ordinary.hashes).toEqual(stored);
  // A repeated step makes no tensor but the loss and what carries it to the caller.
  for (const [name, made] of Object.entries(captured.made)) {
    expect(made).toBeLessThan(12);
    expect(ordinary.made[name]).toBeGreaterThan(50);
  }
}, 120_000);

describeWith("nodes", "on other versions of Node", () => {
  test.each(nodes())("%s trains to the same bits", (node) => {
    expect(report(node).hashes).toEqual(stored);
  });

  test("they are all the versions that the course promises", () => {
    const majors = nodes().map((node) => execFileSync(node, ["--version"], { encoding: "utf8" }).split(".")[0]);
    expect(new Set(majors)).toEqual(new Set(["v20", "v22", "v24"]));
  });
});
