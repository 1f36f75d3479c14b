import type { INotebookContent } from "@jupyterlab/nbformat";
import { differences } from "../../../packages/tools/src/compare";

type Cell = Record<string, unknown> & { id: string };

const code = (id: string, source: string, outputs: unknown[] = [], tags: string[] = []): Cell => ({
  cell_type: "code",
  id,
  source,
  metadata: tags.length === 0 ? {} : { tags },
  execution_count: 1,
  outputs,
});
const notebook = (...cells: Cell[]): INotebookContent =>
  ({ cells, metadata: { deepen: { source: "s" } }, nbformat: 4, nbformat_minor: 5 }) as unknown as INotebookContent;
const printed = (text: string) => ({ output_type: "stream", name: "stdout", text });
const figure = (png: string, key: string) => ({
  output_type: "display_data",
  data: { "application/vnd.plotly.v1+json": { data: [] }, "image/png": png },
  metadata: { "image/png": { key } },
});

describe("differences", () => {
  test("finds none between equals, whether text is one string or lines", () => {
    const committed = notebook({ ...code("a", ""), source: ["x;\n", "y;"] });
    expect(differences(notebook(code("a", "x;\ny;")), committed, "everything")).toEqual([]);
  });

  test("shows cell, place, and both sides", () => {
    expect(
      differences(
        notebook(code("a", "x;", [printed("1\n2\n")])),
        notebook(code("a", "x;", [printed("1\n3\n")])),
        "everything",
      ),
    ).toEqual(['cell "a" outputs[1] text[2]\n    committed: "3\\n"\n    built:     "2\\n"']);
  });

  test("shows only the first line that differs, not all that follow it", () => {
    expect(
      differences(notebook(code("a", "0;\n1;\n2;\n3;")), notebook(code("a", "1;\n2;\n3;")), "everything"),
    ).toHaveLength(1);
  });

  test("names cells that came, went or moved", () => {
    const [a, b, c] = ["a", "b", "c"].map((id) => code(id, "x;"));
    expect(differences(notebook(a, b), notebook(a, c), "everything")).toEqual([
      'cell "c": not in the source any more',
      'cell "b": not in the committed notebook',
    ]);
    expect(differences(notebook(a, b), notebook(b, a), "everything")).toEqual([
      'cell "a": stands where the committed notebook has cell "b"',
    ]);
  });

  test("ignores the outputs of a volatile cell, not its source", () => {
    const volatile = (source: string, text: string) => notebook(code("a", source, [printed(text)], ["volatile"]));
    expect(differences(volatile("x;", "1 s"), volatile("x;", "2 s"), "everything")).toEqual([]);
    expect(differences(volatile("x;", "1 s"), volatile("y;", "1 s"), "everything")).toHaveLength(1);
  });

  test("compares pictures by key, not by bytes", () => {
    const built = notebook(code("a", "x;", [figure("AAAA", "k")]));
    expect(differences(built, notebook(code("a", "x;", [figure("BBBB", "k")])), "everything")).toEqual([]);
    expect(differences(built, notebook(code("a", "x;", [figure("AAAA", "l")])), "everything")).toEqual([
      'cell "a" outputs[1] metadata image/png key\n    committed: "l"\n    built:     "k"',
    ]);
  });

  test("of sources alone does not look at outputs and counts", () => {
    const built = notebook({ ...code("a", "x;"), execution_count: null });
    expect(differences(built, notebook(code("a", "x;", [printed("1")])), "sources")).toEqual([]);
    expect(differences(built, notebook(code("a", "y;", [printed("1")])), "sources")).toHaveLength(1);
  });

  test("shows a dozen and counts the rest", () => {
    const many = (source: string) =>
      notebook(...Array.from({ length: 20 }, (_, index) => code(`c${String(index)}`, source)));
    const found = differences(many("x;"), many("y;"), "everything");
    expect(found).toHaveLength(13);
    expect(found.at(-1)).toBe("… and 8 more");
  });
});
