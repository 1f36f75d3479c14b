import type { ExperimentResult, ExperimentSpec } from "../../../lib/src/train/experiment";
import { readRecord, recordText, type SweepRecord } from "../../../lib/src/train/record";
import { setHost } from "../../../lib/src/host";
import { fakeHost } from "../../support/fakeHost";

const spec = (depth: number, seed: number, more: object = {}): ExperimentSpec => ({
  data: { kind: "mnist1d", train: 100 },
  model: { kind: "convNet", depth, channels: 4, strides: [2, 2], init: { kind: "orthogonal", gain: 1 }, ...more },
  train: { steps: 20, batchSize: 10, optimizer: { kind: "sgd", learningRate: 0.1 } },
  seed,
});

const result = (given: ExperimentSpec): ExperimentResult => ({
  spec: given,
  parameters: 66,
  loss: { train: NaN, test: Infinity },
  accuracy: { train: 0.1, test: 0.30000000000000004 },
  curve: [{ step: 20, loss: 1 / 3, accuracy: 0 }],
  scores: [],
  measures: { firstDeltaNorm: [1e-300, 0] },
});

const record: SweepRecord = {
  name: "06-inverted-u",
  versions: { deepen: "0.1.0" },
  timing: { machine: "a machine", workers: 2, seconds: 12.5 },
  results: [spec(3, 0), spec(3, 1), spec(4, 0, { skip: true })].map(result),
};

function hold(text: string): void {
  setHost({ ...fakeHost(), open: (file) => Promise.resolve(new TextEncoder().encode(file.length > 0 ? text : "")) });
}

test("a record comes back from its text as it was, numbers that JSON lacks included", async () => {
  hold(recordText(record));
  expect(await readRecord("06-inverted-u")).toEqual(record);
});

test("its text has a line for each experiment, which says only what is not common to all", () => {
  const lines = recordText(record).trimEnd().split("\n");
  expect(lines).toHaveLength(5);
  expect(lines[1]).toMatch(/^\{"at":\{"model\.depth":3,"seed":0\},"result":/);
  expect(lines[3]).toMatch(/^\{"at":\{"model\.depth":4,"model\.skip":true,"seed":0\},"result":/);
  expect(JSON.parse(lines.join(""))).toMatchObject({
    common: { "data.kind": "mnist1d", "model.strides": [2, 2], "model.init.gain": 1 },
  });
});

test("the file that is asked for lies among the records, and one that is none says so", async () => {
  const asked: string[] = [];
  setHost({
    ...fakeHost(),
    open: (file) => {
      asked.push(file);
      return Promise.resolve(new TextEncoder().encode('{"name":'));
    },
  });
  await expect(readRecord("06-inverted-u")).rejects.toThrow(
    /data\/records\/06-inverted-u\.json is no record .*npm run records/,
  );
  expect(asked).toEqual(["records/06-inverted-u.json"]);
});
