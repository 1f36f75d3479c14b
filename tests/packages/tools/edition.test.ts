import { editionCells, moduleText, regionProblems } from "../../../packages/tools/src/edition";
import { parseSource } from "../../../packages/tools/src/source";

const source = parseSource(
  `// %% [markdown] {"id": "title"}
// # 01 · Title

// %% {"id": "exercise"}
function f(x: number): number {
  // SOLUTION
  const y = 2 * x;
  return y;
  // EXERCISE
  // // Your code:
  //
  // if (x > 0) {
  //   return 1;
  // }
  // return 0;
  // END
}

// %% {"id": "aside", "tags": ["teacher"]}
f(3);
`,
  "x.nb.ts",
);

const text = (edition: "learner" | "teacher", id: string): string | undefined =>
  editionCells(source.cells, edition)
    .find((cell) => cell.id === id)
    ?.lines.map((line) => line.text)
    .join("\n");

describe("editionCells", () => {
  test("gives learners the exercise's lines, uncommented, their indentation kept", () => {
    expect(text("learner", "exercise")).toBe(
      "function f(x: number): number {\n  // Your code:\n\n  if (x > 0) {\n    return 1;\n  }\n  return 0;\n}",
    );
  });

  test("gives teachers the solution, without markers", () => {
    expect(text("teacher", "exercise")).toBe("function f(x: number): number {\n  const y = 2 * x;\n  return y;\n}");
  });

  test("shows teacher cells to teachers only", () => {
    expect(text("teacher", "aside")).toBe("f(3);");
    expect(text("learner", "aside")).toBeUndefined();
  });

  test("remembers where each line stands in the source", () => {
    const cell = editionCells(source.cells, "learner")[1];
    expect(cell.lines.map(({ line }) => line)).toEqual([5, 10, 11, 12, 13, 14, 15, 17]);
  });
});

test("moduleText puts each line where it stands in the source", () => {
  const lines = moduleText(editionCells(source.cells, "learner")).split("\n");
  expect(lines[4]).toBe("function f(x: number): number {");
  expect(lines[6]).toBe("");
  expect(lines[14]).toBe("  return 0;");
  expect(lines).not.toContain("f(3);");
});

describe("regionProblems", () => {
  const problems = (...lines: string[]): string[] => {
    const { cells } = parseSource(
      ['// %% [markdown] {"id": "t"}', "// # T", '// %% {"id": "a"}', ...lines].join("\n"),
      "x",
    );
    return regionProblems(cells, "x").map(({ line, message }) => `${String(line)}: ${message}`);
  };

  test("accepts a whole region, and two in one cell", () => {
    const region = ["// SOLUTION", "1;", "// EXERCISE", "// 0;", "// END"];
    expect(problems(...region, ...region)).toEqual([]);
  });

  test.each([
    [["// SOLUTION", "1;"], '4: "// SOLUTION" is not followed by "// EXERCISE" in its cell'],
    [["// SOLUTION", "1;", "// END"], '6: expected "// EXERCISE", found "// END"'],
    [["// EXERCISE", "// 1;", "// END"], '4: expected "// SOLUTION", found "// EXERCISE"'],
    [
      ["// SOLUTION", "// EXERCISE", "1;", "// END"],
      '6: in an EXERCISE region expected lines commented out with "// ", found "1;"',
    ],
    [["// SOLUTION", "// EXERCISE", "// 1;"], '5: "// EXERCISE" is not followed by "// END" in its cell'],
  ])("names the line and what was expected in %j", (lines, message) => {
    expect(problems(...lines)).toEqual([message]);
  });
});
