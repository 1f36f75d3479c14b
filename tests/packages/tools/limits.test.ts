import type { INotebookContent } from "@jupyterlab/nbformat";
import { machinePathProblems, sizeProblem } from "../../../packages/tools/src/limits";

const notebook = (...texts: string[]): INotebookContent =>
  ({
    cells: texts.map((text, index) => ({
      cell_type: "code",
      id: `cell-${String(index)}`,
      metadata: {},
      source: "",
      execution_count: 1,
      outputs: [{ output_type: "display_data", data: { "text/plain": text }, metadata: {} }],
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  }) as unknown as INotebookContent;

test("a notebook over 1.5 MB is refused with its largest outputs, the largest first", () => {
  expect(sizeProblem(notebook("x".repeat(1_400_000)))).toBeUndefined();
  const problem = sizeProblem(notebook("x".repeat(600_000), "small", "x".repeat(1_000_000)));
  expect(problem).toMatch(/1\.60 MB: expected at most 1\.50 MB/);
  expect(problem).toMatch(/1\.00 MB {2}cell "cell-2", output 1, text\/plain\n.*0\.60 MB {2}cell "cell-0"/);
});

test.each([
  ["/srv/course", "/home/ann", "at /srv/course/lib/x.js"],
  ["/srv/course", "/home/ann", "in /home/ann/.cache"],
  ["C:\\course", "C:\\Users\\ann", "at C:\\course\\lib\\x.js"],
  ["C:\\course", "C:\\Users\\ann", "at file:///C:/course/lib/x.js"],
])("a course at %s with home %s must not print %j", (course, home, text) => {
  expect(machinePathProblems(notebook("fine", text), course, home)).toEqual([
    expect.stringMatching(/^cell "cell-1", output 1 names a folder of this machine: /),
  ]);
});

test("a home as short as /root is a word that a lesson may use", () => {
  expect(machinePathProblems(notebook("mean/root mean square"), "/srv/course", "/root")).toEqual([]);
});
