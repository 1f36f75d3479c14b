import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { verifyRecords, writeRecords } from "../../../packages/tools/src/records";
import { quietTerminal, type SampleCourse, sampleCourse } from "./sampleCourse";

let course: SampleCourse;
let terminal: ReturnType<typeof quietTerminal>;
const cache = process.env.DEEPEN_CACHE;

beforeEach(() => {
  process.env.DEEPEN_CACHE = "none";
  terminal = quietTerminal();
  course = sampleCourse();
  course.source("01-sample.nb.ts", "");
  course.source("01-sample.records.ts", "");
  ask([0, 1, 2]);
});
afterEach(() => {
  course.remove();
  process.env.DEEPEN_CACHE = cache;
});

/** Makes the chapter ask for a sweep over seeds, as `tsc --build` would compile it. */
function ask(seeds: readonly number[]): void {
  const folder = path.join(course.root, "notebooks", "dist");
  mkdirSync(folder, { recursive: true });
  const spec = {
    data: { kind: "mnist1d", train: 50, test: 20 },
    model: { kind: "mlp", depth: 2, width: 4, activation: "relu", init: "heNormal" },
    train: { steps: 3, batchSize: 10, optimizer: { kind: "sgd", learningRate: 0.1 } },
  };
  const specs = seeds.map((seed) => ({ ...spec, seed }));
  const asked = path.join(folder, "asked.json");
  writeFileSync(asked, JSON.stringify({ seeds: specs }));
  // What Node has loaded it keeps, so that what is loaded looks the sweep up.
  const read = `JSON.parse(require("node:fs").readFileSync(${JSON.stringify(asked)}, "utf8"))`;
  writeFileSync(
    path.join(folder, "01-sample.records.js"),
    `Object.defineProperty(exports, "records", { get: () => ${read} });`,
  );
}

const file = () => path.join(course.root, "data", "records", "01-seeds.json");

test("a record is written with its versions, is left alone when nothing changes, and is confirmed when run again", async () => {
  expect(await writeRecords(course.root, [], terminal)).toBe(true);
  const text = readFileSync(file(), "utf8");
  expect(JSON.parse(text)).toMatchObject({
    name: "01-seeds",
    versions: { deepen: "0.1.0", "@deepen/engine": "0.1.0" },
    points: [{ at: { seed: 0 } }, { at: { seed: 1 } }, { at: { seed: 2 } }],
  });
  expect(await writeRecords(course.root, ["01"], terminal)).toBe(true);
  expect(readFileSync(file(), "utf8")).toBe(text);
  expect(terminal.lines.at(-1)).toContain("as before");
  expect(await verifyRecords(course.root, [], 2, terminal)).toBe(true);
  expect(terminal.lines.at(-1)).toBe("2 of 3 recorded experiments were run again.");
});

test("a number that is not what the experiment gives is found, and named", async () => {
  await writeRecords(course.root, [], terminal);
  writeFileSync(file(), readFileSync(file(), "utf8").replaceAll('"parameters":', '"parameters":1'));
  expect(await verifyRecords(course.root, [], 1, terminal)).toBe(false);
  expect(terminal.lines.join("\n")).toMatch(/01-seeds, .*"seed":\d.*: expected the numbers of the record/);
});

test("a record that its chapter no longer asks for in this form, or not at all, is told", async () => {
  expect(await verifyRecords(course.root, [], 1, terminal)).toBe(false);
  expect(terminal.lines[0]).toMatch(/^01-seeds: no record can be read .*npm run records -- 01$/);
  await writeRecords(course.root, [], terminal);
  ask([0, 1]);
  expect(await verifyRecords(course.root, [], 1, terminal)).toBe(false);
  expect(terminal.lines.join("\n")).toContain("01-seeds: the record is not what its chapter asks for");
  writeFileSync(path.join(path.dirname(file()), "09-lost.json"), "{}");
  await expect(verifyRecords(course.root, [], 1, terminal)).rejects.toThrow("09-lost.json: no chapter asks for it");
  expect(readdirSync(path.dirname(file())).sort()).toEqual(["01-seeds.json", "09-lost.json"]);
});
