import { editionCells } from "../../../packages/tools/src/edition";
import { failingCellReport } from "../../../packages/tools/src/failing-cell";
import { parseSource } from "../../../packages/tools/src/source";

const source = parseSource(
  `// %% [markdown] {"id": "title"}
// # 01 · Title

// %% {"id": "define"}
function f(): never {
  // SOLUTION
  const message = "no";
  throw new Error(message);
  // EXERCISE
  // throw new Error("not done");
  // END
}

// %% {"id": "call"}

f();
`,
  "notebooks/src/01-title.nb.ts",
);
const cells = editionCells(source.cells, "learner").filter(({ kind }) => kind === "code");
const error = { cell: 1, counts: [1, 2], ename: "Error", evalue: "not done", outputs: [] };

test("a failing cell is reported with chapter, id, number, source line, error and last output", () => {
  const report = failingCellReport(
    "01-title",
    cells,
    {
      ...error,
      traceback: ["\u001b[31mError: not done\u001b[0m", "    at f (cell 1:2:9)", "    at cell 2:1:1"],
      outputs: [{ output_type: "stream", name: "stdout", text: "so far\n" }],
    },
    source.file,
  );
  expect(report).toBe(
    [
      '01-title: the cell "call" failed (code cell 2 of 2)',
      "  at notebooks/src/01-title.nb.ts:10:9",
      "    Error: not done",
      "        at f (notebooks/src/01-title.nb.ts:10:9)",
      "        at notebooks/src/01-title.nb.ts:16:1",
      "  it had shown last:",
      "    so far",
    ].join("\n"),
  );
});

test("a type error is told at its source line, too", () => {
  const traceback = ["cell 2:1:3 - Cannot find name 'g'.", "  1 | f();", "    |   ^"];
  const report = failingCellReport("01-title", cells, { ...error, ename: "TypeScriptError", traceback }, source.file);
  expect(report).toContain(
    "  at notebooks/src/01-title.nb.ts:16:3\n    notebooks/src/01-title.nb.ts:16:3 - Cannot find name 'g'.",
  );
});

test("an error without a place is told at the cell's first line", () => {
  const report = failingCellReport("01-title", cells, { ...error, evalue: "gone", traceback: [] }, source.file);
  expect(report).toContain("  at notebooks/src/01-title.nb.ts:16\n    Error: gone");
});
