import path from "node:path";
import { type CheckedModule, typeProblems } from "../../../packages/tools/src/typecheck";
import { sampleCourse, type SampleCourse } from "./sampleCourse";

describe("typeProblems", () => {
  let course: SampleCourse;
  beforeAll(() => {
    course = sampleCourse();
  });
  afterAll(() => {
    course.remove();
  });

  const problems = (...texts: string[]): string[] => {
    const folder = path.join(course.root, "notebooks", "src");
    const modules = texts.map((text, index): CheckedModule => ({
      path: path.join(folder, `0${String(index)}-x.nb.ts`),
      text,
      shown: `${String(index)}.nb.ts`,
    }));
    return typeProblems(modules, path.join(folder, "tsconfig.json")).map(
      ({ file, line, column, message }) => `${file}:${String(line)}:${String(column)} ${message}`,
    );
  };

  test("accepts top-level await and what every cell can use, and lets two chapters use one name", () => {
    const text =
      "const later = await new Promise<number>((resolve) => setTimeout(() => resolve(performance.now()), 1));\nconsole.log(later, new URL('https://example.org').host);\n";
    expect(problems(text, text)).toEqual([]);
  });

  test("is strict, and names file, line and column", () => {
    expect(problems("const a: string = null;", "let b;\nfunction f(x) { return x; }")).toEqual([
      "0.nb.ts:1:7 Type 'null' is not assignable to type 'string'. (TS2322)",
      "1.nb.ts:2:12 Parameter 'x' implicitly has an 'any' type. (TS7006)",
    ]);
  });

  test("refuses a redeclaration, which cells would let pass", () => {
    expect(problems("const a = 1;\nconst a = 2;")).toEqual([
      "0.nb.ts:1:7 Cannot redeclare block-scoped variable 'a'. (TS2451)",
      "0.nb.ts:2:7 Cannot redeclare block-scoped variable 'a'. (TS2451)",
    ]);
  });

  test("does not know Node's own globals", () => {
    expect(problems("Buffer.from('x');\n__dirname;")).toEqual([
      expect.stringMatching(/^0\.nb\.ts:1:1 Cannot find name 'Buffer'/),
      expect.stringMatching(/^0\.nb\.ts:2:1 Cannot find name '__dirname'/),
    ]);
  });

  test("reports broken syntax", () => {
    expect(problems("const a = ;")).toEqual(["0.nb.ts:1:11 Expression expected. (TS1109)"]);
  });
});
