import path from "node:path";
import { chooseChapters, findChapters, findCourse } from "../../../packages/tools/src/course";
import { sampleCourse, type SampleCourse } from "./sampleCourse";

describe("a course folder", () => {
  let course: SampleCourse;
  beforeAll(() => {
    course = sampleCourse();
    for (const name of [
      "03-vanishing-gradients.nb.ts",
      "01-a-sample.nb.ts",
      "03-vanishing-gradients.exercises.ts",
      "notes.nb.ts",
    ]) {
      course.source(name, "");
    }
  });
  afterAll(() => {
    course.remove();
  });

  test("is found from any folder inside it", () => {
    expect(findCourse(path.join(course.root, "notebooks", "src"))).toBe(course.root);
  });

  test("is missed with a sentence that says what was looked for", () => {
    expect(() => findCourse(path.parse(course.root).root)).toThrow(/expected a package\.json named "deepen-course"/);
  });

  test("has its NN-slug.nb.ts as chapters, in the order of their numbers", () => {
    expect(findChapters(course.root).map(({ slug }) => slug)).toEqual(["01-a-sample", "03-vanishing-gradients"]);
  });

  test("gives a chapter by number or by name, all without a name", () => {
    const chapters = findChapters(course.root);
    const slugs = (...names: string[]): string[] => chooseChapters(chapters, names).map(({ slug }) => slug);
    expect(slugs("03")).toEqual(["03-vanishing-gradients"]);
    expect(slugs("03-vanishing-gradients", "01")).toEqual(["01-a-sample", "03-vanishing-gradients"]);
    expect(slugs()).toHaveLength(2);
  });

  test("names the nearest chapter where a name means none", () => {
    const chapters = findChapters(course.root);
    expect(() => chooseChapters(chapters, ["vanishing"])).toThrow(
      'There is no chapter "vanishing". Did you mean 03-vanishing-gradients or 01-a-sample?',
    );
    expect(() => chooseChapters(chapters, ["01-a-smaple"])).toThrow(/Did you mean 01-a-sample or/);
  });
});
