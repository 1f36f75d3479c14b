import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { INotebookContent } from "@jupyterlab/nbformat";
import { buildNotebooks, type NotebooksRequest } from "../../../packages/tools/src/notebooks";
import { chromium } from "../../support/tools";
import { quietTerminal, sampleChapter, sampleCourse, type SampleCourse } from "./sampleCourse";

jest.setTimeout(180_000); // Each test starts one to three kernels: a second each, much more on a machine with other work.

const request: NotebooksRequest = { edition: "learner", profile: "normal", out: undefined, check: false, run: true };
const title = '// %% [markdown] {"id": "title"}\n// # 02 · Other\n\n';

async function build(
  course: SampleCourse,
  names: string[],
  options: Partial<NotebooksRequest> = {},
): Promise<{ good: boolean; said: string }> {
  const terminal = quietTerminal();
  const good = await buildNotebooks(course.root, names, { ...request, ...options }, terminal);
  return { good, said: terminal.lines.join("\n") };
}

describe("building notebooks with the real kernel", () => {
  let course: SampleCourse;
  const file = (slug: string): string => path.join(course.root, "notebooks", `${slug}.ipynb`);
  const read = (name: string): INotebookContent => JSON.parse(readFileSync(name, "utf8")) as INotebookContent;
  const cell = (id: string, name = file("01-a-sample")): Record<string, unknown> =>
    read(name).cells.find((each) => each.id === id) as unknown as Record<string, unknown>;

  beforeAll(async () => {
    course = sampleCourse();
    course.source("01-a-sample.nb.ts", sampleChapter);
    const { good, said } = await build(course, ["01"]);
    expect([good, said]).toEqual([true, expect.stringMatching(/^01-a-sample: 6 cells, 1 of 1 claims hold, 1 figures/)]);
  });
  afterAll(() => {
    course.remove();
  });

  test("collects streams merged, displays updated in place, results, with counts from 1", () => {
    expect(cell("host")).toMatchObject({
      execution_count: 1,
      outputs: [{ output_type: "stream", name: "stdout", text: ["one\n", "two\n"] }],
    });
    expect(cell("progress").outputs).toEqual([
      {
        output_type: "display_data",
        data: {
          "application/vnd.deepen.progress+json": { label: "runs", max: 2, note: "", value: 2 },
          "text/plain": ["2 of 2 runs"],
        },
        metadata: {},
      },
    ]);
    expect(cell("exercise")).toMatchObject({
      execution_count: 4,
      source: expect.arrayContaining(["  // Your code:\n", "  return x;\n"]) as string[],
      outputs: [{ output_type: "execute_result", execution_count: 4, data: { "text/plain": ["21"] } }],
    });
  });

  test("runs in a fixed environment", () => {
    expect(cell("environment").outputs).toMatchObject([{ text: ["normal none\n", "0 1,234.5\n"] }]);
  });

  test("gives figures a picture where there is a Chromium, and says so where there is none", async () => {
    const [figure] = cell("figure").outputs as { data: object; metadata: Record<string, unknown> }[];
    if (chromium() === undefined) {
      expect(figure.data).not.toHaveProperty(["image/png"]);
      expect((await build(course, ["01"])).said).toContain("1 of its figures have no picture: no Chromium was found");
    } else {
      expect(figure.data).toHaveProperty(["image/png"]);
      expect(figure.metadata["image/png"]).toMatchObject({ alt: "Squares of 1, 2, 3.", width: 760, height: 300 });
    }
  });

  test("writes the same bytes from another folder, in another time zone and language", async () => {
    const other = sampleCourse();
    const { TZ, LANG, LC_ALL, DEEPEN_SEED } = process.env;
    try {
      Object.assign(process.env, {
        TZ: "Asia/Kathmandu",
        LANG: "de_DE.UTF-8",
        LC_ALL: "de_DE.UTF-8",
        DEEPEN_SEED: "9",
      });
      other.source("01-a-sample.nb.ts", sampleChapter.replaceAll("\n", "\r\n"));
      await build(other, ["01"]);
    } finally {
      for (const [name, value] of Object.entries({ TZ, LANG, LC_ALL, DEEPEN_SEED })) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    }
    const withoutPictures = (text: string): string => text.replaceAll(/"image\/png": "[^"]*"/g, '"image/png": ""');
    const built = readFileSync(path.join(other.root, "notebooks", "01-a-sample.ipynb"), "utf8");
    other.remove();
    expect(withoutPictures(built)).toBe(withoutPictures(readFileSync(file("01-a-sample"), "utf8")));
  });

  test("--check passes what was built, and shows what was changed by hand", async () => {
    if (chromium() !== undefined) expect(await build(course, ["01"], { check: true })).toMatchObject({ good: true });
    const before = readFileSync(file("01-a-sample"), "utf8");
    writeFileSync(file("01-a-sample"), before.replace('"21"', '"22"'));
    const { good, said } = await build(course, ["01"], { check: true });
    writeFileSync(file("01-a-sample"), before);
    expect(good).toBe(false);
    expect(said).toContain("01-a-sample: notebooks/01-a-sample.ipynb is not what its source builds");
    expect(said).toContain('cell "exercise" outputs[1] data text/plain[1]\n    committed: "22"\n    built:     "21"');
  });

  test("--check --no-run sees a changed source without running anything", async () => {
    const unrun = { check: true, run: false };
    expect(await build(course, ["01"], unrun)).toEqual({
      good: true,
      said: "01-a-sample: the sources are those of notebooks/01-a-sample.ipynb",
    });
    course.source("01-a-sample.nb.ts", sampleChapter.replace('"two"', '"three"'));
    const { good, said } = await build(course, ["01"], unrun);
    course.source("01-a-sample.nb.ts", sampleChapter);
    expect(good).toBe(false);
    expect(said).toContain(
      `cell "host" source[6]\n    committed: "console.log(\\"two\\");"\n    built:     "console.log(\\"three\\");"`,
    );
  });

  test("--edition teacher writes solutions and teacher cells to another folder", async () => {
    const out = path.join(course.root, "teacher");
    expect(await build(course, ["01"], { edition: "teacher", out })).toMatchObject({ good: true });
    const name = path.join(out, "01-a-sample.ipynb");
    expect(cell("exercise", name)).toMatchObject({
      source: ["function twice(x: number): number {\n", "  return 2 * x;\n", "}\n", "twice(21);"],
      outputs: [{ data: { "text/plain": ["42"] } }],
    });
    expect(cell("teacher-1", name)).toBeDefined();
    expect(read(name).metadata.deepen).toMatchObject({ edition: "teacher" });
  });

  test("a failing cell is reported at its source line, and no notebook is written", async () => {
    course.source(
      "02-other.nb.ts",
      `${title}// %% {"id": "define"}\nfunction fail(): void {\n  throw new RangeError("too deep");\n}\n\n// %% {"id": "call"}\nconsole.log("before");\nfail();\n`,
    );
    const { good, said } = await build(course, ["02"]);
    expect(good).toBe(false);
    expect(said).toContain(
      '02-other: the cell "call" failed (code cell 2 of 2)\n  at notebooks/src/02-other.nb.ts:6:9\n',
    );
    expect(said).toContain("RangeError: too deep");
    expect(said).toContain("notebooks/src/02-other.nb.ts:11:1");
    expect(said).toContain("it had shown last:\n    before");
    expect(() => read(file("02-other"))).toThrow(/ENOENT/);
  });

  test("a type error in a source is told with file, line and column before anything runs", async () => {
    course.source("02-other.nb.ts", `${title}// %% {"id": "a"}\nconst text: string = 1;\n`);
    await expect(build(course, ["02"])).rejects.toThrow(
      "notebooks/src/02-other.nb.ts:5:7  Type 'number' is not assignable to type 'string'. (TS2322)",
    );
  });

  test("a stub that does not compile is told, too", async () => {
    course.source(
      "02-other.nb.ts",
      `${title}// %% {"id": "a"}\n// SOLUTION\nconst text = "";\n// EXERCISE\n// const text: string = 1;\n// END\ntext;\n`,
    );
    await expect(build(course, ["02"])).rejects.toThrow("notebooks/src/02-other.nb.ts:8:7  Type 'number' is not");
  });

  test("a claim that does not hold fails the build, and is only reported in the smoke profile", async () => {
    const refuted = sampleChapter
      .replace('holds ? "holds" : "not judged"', '"does not hold"')
      .replace('body: ""', 'body: "Measured here: 1.\\n\\nAsked: 2."');
    course.source("02-other.nb.ts", refuted);
    expect(await build(course, ["02"])).toEqual({
      good: false,
      said: "02-other: the claim 01.doubles does not hold: Twice is twice as much.\n    Measured here: 1.\n    Asked: 2.",
    });
    const { good, said } = await build(course, ["02"], { profile: "smoke" });
    expect(good).toBe(true);
    expect(said).toContain("0 of 1 claims hold");
    expect(said).toContain("claim 01.doubles does not hold: Twice is twice as much.");
    expect(said).toContain("not written: the smoke profile writes only with --out");
  });

  test("an output that names the course's folder is refused", async () => {
    course.source(
      "02-other.nb.ts",
      `${title}// %% {"id": "a"}\nconsole.log((globalThis as unknown as { process: { cwd(): string } }).process.cwd());\n`,
    );
    expect(await build(course, ["02"])).toEqual({
      good: false,
      said: `02-other: cell "a", output 1 names a folder of this machine: ${course.root}`,
    });
  });

  test("a chapter that fails does not keep the next one from being built", async () => {
    course.source("00-first.nb.ts", `${title.replace("02", "00")}// %% {"id": "a"}\nthrow new Error("no");\n`);
    course.source("02-other.nb.ts", `${title}// %% {"id": "a"}\nconsole.log(1);\n`);
    const { good, said } = await build(course, ["00", "02"]);
    expect(good).toBe(false);
    expect(said).toMatch(/^00-first: the cell "a" failed[^]*02-other: 1 cells/);
  });
});
