import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Failure } from "../../../packages/tools/src/failure";
import { watchChapters } from "../../../packages/tools/src/watch";
import { sampleCourse, type SampleCourse } from "./sampleCourse";

/** Waits until `holds`, at most ten seconds: file systems tell of a change late. */
async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(holds()).toBe(true);
}

describe("watchChapters", () => {
  let course: SampleCourse;
  let ending: AbortController;
  let ended: Promise<void>;
  const built: string[] = [];
  const said: string[] = [];
  const quietAgain = (): number => said.filter((line) => line.startsWith("Watching")).length;

  beforeAll(async () => {
    course = sampleCourse();
    const notebooks = path.join(course.root, "notebooks");
    const compilerOptions = {
      target: "ES2022",
      module: "commonjs",
      rootDir: "src",
      outDir: "dist",
      composite: true,
      types: [],
    };
    writeFileSync(
      path.join(notebooks, "tsconfig.json"),
      JSON.stringify({ compilerOptions, include: ["src/*.exercises.ts"] }),
    );
    mkdirSync(path.join(notebooks, "dist"));
    course.source("01-first.nb.ts", "");
    course.source("02-second.nb.ts", "");
    ending = new AbortController();
    const build = (slug: string): Promise<void> => {
      built.push(slug);
      return slug === "02-second" ? Promise.reject(new Failure("02-second: a cell failed")) : Promise.resolve();
    };
    ended = watchChapters(course.root, [], build, (line) => said.push(line), ending.signal);
    await new Promise((resolve) => setTimeout(resolve, 100)); // macOS reports changes made just before the watch, too.
    built.length = 0;
  });
  afterAll(() => {
    course.remove();
  });

  test("rebuilds the chapter whose source changed, once, and only that one", async () => {
    course.source("01-first.nb.ts", "// a");
    course.source("01-first.nb.ts", "// b");
    await until(() => quietAgain() === 2);
    expect(built).toEqual(["01-first"]);
  });

  test("a chapter that fails is said, and does not end the watch", async () => {
    course.source("02-second.nb.ts", "// a");
    await until(() => quietAgain() === 3);
    expect(said).toContain("02-second: a cell failed");
  });

  test("compiles changed exercises before the chapter is built, and tells what does not compile", async () => {
    course.source("01-first.exercises.ts", "export const exercises: readonly string[] = [];\n");
    await until(() => quietAgain() === 4);
    expect(built.filter((slug) => slug === "01-first")).toHaveLength(2);
    expect(existsSync(path.join(course.root, "notebooks", "dist", "01-first.exercises.js"))).toBe(true);
    // The compiler sees a change by its time, and file systems count time in steps of some milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 50));
    course.source("01-first.exercises.ts", 'export const exercises: readonly string[] = "none";\n');
    await until(() => quietAgain() === 5);
    expect(built.filter((slug) => slug === "01-first")).toHaveLength(2);
    expect(said.join("\n")).toMatch(/01-first\.exercises\.ts.*TS2322: Type 'string' is not assignable/);
  });

  test("does not mind other files, and ends when told", async () => {
    course.source("notes.md", "x");
    await new Promise((resolve) => setTimeout(resolve, 300)); // Twice the time of quiet after which a build would begin.
    expect(quietAgain()).toBe(5);
    ending.abort();
    await expect(ended).resolves.toBeUndefined();
  });
});
