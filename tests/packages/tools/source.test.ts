import fc from "fast-check";
import { parseSource } from "../../../packages/tools/src/source";

const title = '// %% [markdown] {"id": "title"}\n// # 01 · A title\n';

describe("parseSource", () => {
  test("reads cells with their kind, metadata and lines, and leaves the author's note out", () => {
    const { cells, title: heading } = parseSource(
      [
        "// A note for authors.",
        "",
        '// %% [markdown] {"id": "title"}',
        "// # 01 · A title",
        "//",
        "//  Indented by one.",
        "",
        '// %% {"id": "code", "tags": ["exercise", "volatile"], "exercise": {"id": "01.1"}}',
        "",
        "const a = 1;",
        "",
        "  a;",
        "",
      ].join("\n"),
      "01.nb.ts",
    );
    expect(heading).toBe("A title");
    expect(cells).toEqual([
      {
        kind: "markdown",
        id: "title",
        tags: [],
        exercise: undefined,
        marker: 3,
        lines: [
          { text: "# 01 · A title", line: 4 },
          { text: "", line: 5 },
          { text: " Indented by one.", line: 6 },
        ],
      },
      {
        kind: "code",
        id: "code",
        tags: ["exercise", "volatile"],
        exercise: { id: "01.1" },
        marker: 8,
        lines: [
          { text: "const a = 1;", line: 10 },
          { text: "", line: 11 },
          { text: "  a;", line: 12 },
        ],
      },
    ]);
  });

  test("gives back every cell that was written, whatever its text", () => {
    const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n]/g, " ").trimEnd());
    const body = fc.array(line).map((lines) => ["first", ...lines, "last"]);
    const cell = fc.record({ markdown: fc.boolean(), lines: body });
    fc.assert(
      fc.property(fc.array(cell), fc.constantFrom("\n", "\r\n"), (cells, lineEnd) => {
        const written = cells.map(({ markdown, lines }) => ({
          markdown,
          lines: markdown ? lines : lines.filter((text) => !/^\s*\/\/\s*%%/.test(text)),
        }));
        const text = written.map(({ markdown, lines }, index) =>
          [
            `// %%${markdown ? " [markdown]" : ""} {"id": "cell-${String(index)}"}`,
            ...lines.map((each) => (markdown ? `// ${each}` : each)),
          ].join("\n"),
        );
        const parsed = parseSource([title, ...text, ""].join("\n").replaceAll("\n", lineEnd), "x.nb.ts").cells.slice(1);
        expect(parsed.map(({ lines }) => lines.map((each) => each.text))).toEqual(written.map(({ lines }) => lines));
        expect(parsed.map(({ kind }) => kind === "markdown")).toEqual(written.map(({ markdown }) => markdown));
      }),
    );
  });

  test.each([
    ["const a = 1;\n" + title, "x.nb.ts:1  code before the first cell"],
    [
      title + "# no comment\n",
      'x.nb.ts:3  in a markdown cell expected a line that begins with "// ", found "# no comment"',
    ],
    [title + "// %% [raw] {}\n", 'x.nb.ts:3  malformed cell marker "// %% [raw] {}": expected `// %% {"id": …}`'],
    [title + "//%% {}\n", "x.nb.ts:3  malformed cell marker"],
    [title + "// %%\n", 'x.nb.ts:3  expected an "id" of 1 to 64 letters, digits, - and _, found none'],
    [title + '// %% {"id": "a b"}\n', 'found "a b"'],
    [title + '// %% {"id": "title"}\n', 'x.nb.ts:3  the id "title" is taken by the cell of line 1'],
    [
      title + '// %% {"id": "a", "tag": []}\n',
      'x.nb.ts:3  unknown metadata "tag": expected "id", "tags" and "exercise" only',
    ],
    [title + '// %% {"id": "a", "tags": "x"}\n', 'x.nb.ts:3  expected "tags" to be a list of different words'],
    [title + '// %% {"id": "a", "tags": ["x", "x"]}\n', 'x.nb.ts:3  expected "tags" to be a list of different words'],
    [title + '// %% {"id": "a", "exercise": 3}\n', 'x.nb.ts:3  expected "exercise" to be an object, found 3'],
    [title + '// %% {"id": }\n', "x.nb.ts:3  the cell's metadata is not JSON"],
    ["// only a note\n", "x.nb.ts:1  no cell"],
    ['// %% {"id": "a"}\n1;\n', "x.nb.ts:1  no title"],
  ])("refuses %j with file, line and what was expected", (text, message) => {
    expect(() => parseSource(text, "x.nb.ts")).toThrow(message);
  });

  test("reports every problem, not only the first", () => {
    expect(() => parseSource(title + "text\n// %%\n", "x.nb.ts")).toThrow(/x\.nb\.ts:3 .*\nx\.nb\.ts:4 /);
  });
});
