import { spawnSync } from "node:child_process";
import path from "node:path";

interface Counts {
  readonly numTensors: number;
  readonly numDataBuffers: number;
  readonly dataIds: number;
}

interface Report {
  readonly fresh: string;
  readonly results: readonly {
    readonly before: Counts;
    readonly after: Counts;
    readonly settled: Counts;
    /** How many tensors from before the cell it has disposed itself, which it has the right to. */
    readonly disposed: number;
    readonly closed: readonly number[];
    readonly finite: boolean;
    readonly slotsAfterKill: number;
    readonly next: string;
  }[];
  readonly restarted: readonly string[];
  readonly news: readonly string[];
  readonly fitted: boolean;
}

function kill(scenario: string, kills: number, seed: number): Report {
  const script = path.join(__dirname, "support", "killed.cjs");
  const run = spawnSync(process.execPath, [script, scenario, String(kills), String(seed)], {
    encoding: "utf8",
    timeout: 110_000,
  });
  expect(run.stderr).toBe("");
  return JSON.parse(run.stdout) as Report;
}

describe.each([
  "training loop",
  "training loop with momentum",
  "tf.tidy",
  "tf.variableGrads",
  "captured steps",
  "captures made",
  "loop after an await",
  "model.fit",
  "models made",
  "assignments",
  "disposals of older tensors",
])("after a cell was killed in: %s", (scenario) => {
  let report: Report;
  beforeAll(() => {
    report = kill(scenario, 6, 2024);
  }, 120_000);

  test("the next cell trains to the same bits as in a fresh process", () => {
    for (const { next } of report.results) expect(next).toBe(report.fresh);
  });

  test("the tensor count is what it was, and nothing is left in the backend", () => {
    for (const { before, after, settled, disposed } of report.results) {
      expect(after.numTensors).toBe(before.numTensors - disposed);
      expect(after.dataIds).toBe(after.numDataBuffers);
      expect(settled.numTensors).toBe(after.numTensors);
      expect(settled.dataIds).toBe(settled.numDataBuffers);
    }
  });

  test("scopes and tapes are closed, and variables from before have values", () => {
    for (const { closed, finite } of report.results) {
      expect(closed).toEqual([0, 0, 0]);
      expect(finite).toBe(true);
    }
  });

  test("optimizers from before have lost the slots of the killed cell and start again as new ones do", () => {
    for (const { slotsAfterKill } of report.results) expect(slotsAfterKill).toBe(0);
    expect(report.restarted).toEqual(report.news);
  });

  test("a model from before can be fitted", () => {
    expect(report.fitted).toBe(true);
  });
});
