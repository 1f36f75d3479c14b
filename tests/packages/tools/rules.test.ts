import { ruleProblems } from "../../../packages/tools/src/rules";
import { parseSource } from "../../../packages/tools/src/source";

const problems = (code: string): string[] => {
  const text = `// %% [markdown] {"id": "t"}\n// # T\n// %% {"id": "a"}\n${code}\n`;
  return ruleProblems(parseSource(text, "x.nb.ts"), text).map(({ line, message }) => `${String(line)}: ${message}`);
};

test("a cell of 40 lines passes, one of 41 does not", () => {
  expect(problems(Array<string>(40).fill("1;").join("\n"))).toEqual([]);
  expect(problems(Array<string>(41).fill("1;").join("\n"))).toEqual([
    '3: the cell "a" has 41 lines: expected at most 40',
  ]);
});

test.each(["await (job());", "const x = await (job());", "if (true) {\n  await [1];\n}", "f(await `x`);"])(
  "%j is refused, for the kernel reads it as a use of something named await",
  (code) => {
    expect(problems(code)).toEqual([expect.stringMatching(/^[45]: a cell reads a top-level `await .` as a use/)]);
  },
);

test.each(["await job();", "async function f() {\n  await (job());\n}", "const f = async () => await (job());"])(
  "%j is accepted",
  (code) => {
    expect(problems(code)).toEqual([]);
  },
);

test("a top-level for await is refused, one in a function is not", () => {
  expect(problems("for await (const x of xs) x;")).toEqual([expect.stringMatching(/^4: a cell cannot `for await`/)]);
  expect(problems("async function f() { for await (const x of xs) x; }")).toEqual([]);
});

test("what only learners get is looked at, too", () => {
  expect(problems("// SOLUTION\n1;\n// EXERCISE\n// await (1);\n// END")).toEqual([
    expect.stringMatching(/^7: a cell reads/),
  ]);
});

describe("a shorthand property", () => {
  const second = (code: string): string[] =>
    problems(`import { tf } from "deepen";\nconst width = 3;\n// %% {"id": "b"}\n${code}`);

  test.each(["f({ width });", "const g = () => ({ depth: 1, width });", "f({ tf });"])(
    "%j of what an earlier cell declares is refused, for the kernel does not find it",
    (code) => {
      expect(second(code)).toEqual([
        expect.stringMatching(/^7: a cell does not find "\w+" of an earlier cell in the shorthand/),
      ]);
    },
  );

  test.each([
    "f({ width: width });",
    "const depth = 1;\nf({ depth });",
    "const g = (width: number) => ({ width });",
    "{ const width = 1; f({ width }); }",
    "f({ console });",
  ])("%j is accepted", (code) => {
    expect(second(code)).toEqual([]);
  });
});
