import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Workers } from "../../../lib/src/host";
import { Interrupted } from "../../../lib/src/train/breathe";
import { experiment, type ExperimentResult, type ExperimentSpec } from "../../../lib/src/train/experiment";
import { sweep } from "../../../lib/src/train/sweep";
import { resultsIn, threads } from "../../../lib/src/workers";
import { useEngine } from "../../support/engine";
import { fakeHost } from "../../support/fakeHost";

const root = path.resolve(__dirname, "..", "..", "..");
const program = path.join(root, "lib", "dist", "worker.js");
const fragile = path.join(root, "tests", "support", "fragileWorker.js");
let folder: string;

useEngine();
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "deepen-sweep-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const spec = (seed: number): ExperimentSpec => ({
  data: { kind: "mnist1d", train: 100, test: 50 },
  model: { kind: "mlp", depth: 2 + (seed % 3), width: 8, activation: "relu", init: "heNormal" },
  train: { steps: 20, batchSize: 10, optimizer: { kind: "sgd", learningRate: seed === 2 ? 1e6 : 0.1 } },
  seed,
});
const specs = [0, 1, 2, 3, 4].map(spec);

/** Workers that answer as `answer` says, with the number of the call. */
function answering(answer: (spec: ExperimentSpec, call: number) => unknown): Workers & { calls: number } {
  const workers = {
    count: 2,
    calls: 0,
    run: (given: unknown) => Promise.resolve(answer(given as ExperimentSpec, workers.calls++) as never),
  };
  return workers;
}

/** What a worker would give, without training. */
const quick = (given: ExperimentSpec) => ({ result: { spec: given, loss: { train: given.seed, test: NaN } } });

test("one worker, two workers and this thread alone give the same results, in the order of the specifications", async () => {
  const workers = threads(program);
  fakeHost({ workers });
  const two = await sweep(specs, { workers: 2 });
  const one = await sweep(specs, { workers: 1 });
  fakeHost();
  const here = await sweep(specs);
  expect(two).toEqual(one);
  expect(two).toEqual(here);
  expect(here[2]).toEqual(await experiment(specs[2]));
  expect(here.map(({ spec: { seed } }) => seed)).toEqual([0, 1, 2, 3, 4]);
});

test("each result is told when it comes, with its place", async () => {
  fakeHost({ workers: answering(quick) });
  const told: [number, number][] = [];
  const results = await sweep(specs, { onResult: (result, index) => told.push([result.spec.seed, index]) });
  expect(told.sort()).toEqual(specs.map(({ seed }, index) => [seed, index]));
  expect(results).toHaveLength(5);
  expect(await sweep([])).toEqual([]);
});

test("an experiment whose thread is killed is run once more, and none is lost", async () => {
  const file = path.join(folder, "deaths");
  fakeHost({ workers: threads(fragile) });
  const given = [
    { file, deaths: 1 },
    { file: `${file}2`, deaths: 0 },
  ] as unknown as ExperimentSpec[];
  const results = (await sweep(given, { workers: 2 })) as unknown as { died: number }[];
  expect(results.map(({ died }) => died)).toEqual([1, 0]);
});

test("an experiment whose thread is killed twice ends the sweep with an error that names it", async () => {
  fakeHost({ workers: threads(fragile) });
  const given = [{ file: path.join(folder, "deaths"), deaths: 2 }] as unknown as ExperimentSpec[];
  await expect(sweep(given)).rejects.toThrow(/experiment 1, .*"deaths":2.*: its worker died twice/);
});

test("an experiment that fails ends the sweep with its message; what was finished before is kept", async () => {
  const results = resultsIn(folder, root);
  const workers = answering((given) => (given.seed === 3 ? { failed: "width: expected one" } : quick(given)));
  fakeHost({ workers, results });
  await expect(sweep(specs, { workers: 1 })).rejects.toThrow(/experiment 4, .*"seed":3.*: width: expected one/);
  fakeHost({ workers: answering(quick), results });
  const told: number[] = [];
  const again = answering(quick);
  fakeHost({ workers: again, results });
  await sweep(specs, { workers: 1, onResult: (_, index) => told.push(index) });
  expect(told).toEqual([0, 1, 2, 3, 4]);
  expect(again.calls).toBe(2);
});

test("the reader's wish to stop ends threads that compute, within a second", async () => {
  let stop = false;
  fakeHost({ workers: threads(fragile), stopRequested: () => stop });
  const hanging = [{ hangs: true }, { hangs: true }] as unknown as ExperimentSpec[];
  const running = sweep(hanging, { workers: 2 });
  setTimeout(() => (stop = true), 500);
  const began = Date.now();
  await expect(running).rejects.toThrow(Interrupted);
  await expect(running).rejects.toThrow("stopped with 0 of 2 experiments done");
  expect(Date.now() - began).toBeLessThan(5000);
});

test("what is on the disk is not run again, unless it is torn", async () => {
  const results = resultsIn(folder, root);
  const workers = answering(quick);
  fakeHost({ workers, results });
  const first = await sweep(specs);
  const own = path.join(folder, readdirSync(folder)[0]);
  const [torn] = readdirSync(own);
  const whole = readFileSync(path.join(own, torn), "utf8");
  writeFileSync(path.join(own, torn), whole.slice(0, 40));
  expect(await sweep(specs)).toEqual(first);
  expect(workers.calls).toBe(6);
  expect(readFileSync(path.join(own, torn), "utf8")).toBe(whole);
});

test("results of another state of the code are neither taken nor kept", async () => {
  writeFileSync(path.join(folder, "not-a-folder"), "");
  fakeHost({ workers: answering(quick), results: resultsIn(folder, root) });
  await sweep(specs.slice(0, 1));
  expect(readdirSync(folder)).toHaveLength(1);
});

test("a disk that takes nothing costs no result", async () => {
  const results = { load: () => Promise.reject(new Error("EIO")), save: () => Promise.reject(new Error("ENOSPC")) };
  fakeHost({ workers: answering(quick), results });
  expect((await sweep(specs)).map((result: ExperimentResult) => result.loss.train)).toEqual([0, 1, 2, 3, 4]);
});

test("a number of workers that is none is refused", async () => {
  fakeHost();
  await expect(sweep(specs, { workers: 0 })).rejects.toThrow("workers: expected a positive integer, got 0");
});
