import { spawnSync } from "node:child_process";
import type { INotebookContent } from "@jupyterlab/nbformat";
import { editionCells } from "../../../packages/tools/src/edition";
import { emptyNotebook, isCode, languageInfo, sourceHash } from "../../../packages/tools/src/notebook";
import { notebookText, stableJson } from "../../../packages/tools/src/serialize";
import { parseSource } from "../../../packages/tools/src/source";
import { describeWith, jupyterPython } from "../../support/tools";
import { sampleChapter } from "./sampleCourse";

const source = parseSource(sampleChapter, "notebooks/src/01-a-sample.nb.ts");

function sample(): INotebookContent {
  const notebook = emptyNotebook("01-a-sample", source, editionCells(source.cells, "learner"), "learner", "abc");
  const [first] = notebook.cells.filter(isCode);
  first.execution_count = 1;
  first.outputs = [
    { output_type: "stream", name: "stdout", text: "Ü\nno line end" },
    {
      output_type: "display_data",
      data: {
        "image/png": "AAAA",
        "text/plain": "a\nb",
        "application/x+json": { b: [1, {}], a: [] },
        "image/svg+xml": "<a>\n</a>",
      },
      metadata: {},
    },
    { output_type: "error", ename: "E", evalue: "v", traceback: ["E: v\n"] },
  ];
  return notebook;
}

describe("a notebook's text", () => {
  const text = notebookText(sample());

  test("has sorted keys, an indent of one, lists of lines and a line end at the end", () => {
    expect(
      text.startsWith('{\n "cells": [\n  {\n   "cell_type": "markdown",\n   "id": "title",\n   "metadata": {},\n'),
    ).toBe(true);
    expect(text).toContain('"text": [\n      "Ü\\n",\n      "no line end"\n     ]');
    expect(text).toContain('"image/png": "AAAA"');
    expect(text).toContain(
      '"application/x+json": {\n       "a": [],\n       "b": [\n        1,\n        {}\n       ]\n      }',
    );
    expect(text).toContain('"traceback": [\n      "E: v\\n"\n     ]');
    expect(text.endsWith('"nbformat": 4,\n "nbformat_minor": 5\n}\n')).toBe(true);
  });

  test("holds every field that nbformat 4.5 demands, and ids by its pattern, each once", () => {
    const { cells, ...top } = JSON.parse(text) as INotebookContent;
    expect(Object.keys(top)).toEqual(["metadata", "nbformat", "nbformat_minor"]);
    expect(top.metadata.kernelspec).toEqual({ display_name: "TypeScript", language: "typescript", name: "tslab" });
    const demanded = {
      code: ["cell_type", "execution_count", "id", "metadata", "outputs", "source"],
      markdown: ["cell_type", "id", "metadata", "source"],
    };
    for (const cell of cells) {
      expect(Object.keys(cell)).toEqual(demanded[cell.cell_type as keyof typeof demanded]);
      expect(cell.id).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
    }
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  });

  test("keeps tags and exercise in the cell's metadata, chapter and edition in the notebook's", () => {
    const { cells, metadata } = sample();
    expect(cells.find(({ id }) => id === "exercise")?.metadata).toEqual({
      exercise: { id: "01.1", kind: "implement" },
      tags: ["exercise"],
    });
    expect(metadata.deepen).toEqual({ chapter: "01-a-sample", edition: "learner", source: "abc", title: "A sample" });
    expect(metadata.language_info).toEqual(languageInfo);
  });

  describeWith("jupyter", "read by Python's nbformat", () => {
    test("is valid, and is what nbformat itself writes", () => {
      const script =
        "import sys, nbformat\nnb = nbformat.reads(sys.stdin.read(), as_version=4)\nnbformat.validate(nb)\nsys.stdout.write(nbformat.writes(nb) + '\\n')";
      const { stdout, stderr } = spawnSync(jupyterPython() ?? "", ["-c", script], {
        input: text,
        encoding: "utf8",
        env: { ...process.env, PYTHONIOENCODING: "utf-8", PYTHONUTF8: "1" },
      });
      expect(stderr).toBe("");
      expect(stdout).toBe(text);
    });
  });
});

test("stableJson does not depend on the order of keys, but on that of lists", () => {
  expect(stableJson({ b: 1, a: { d: [1, 2], c: null } })).toBe('{"a":{"c":null,"d":[1,2]},"b":1}');
  expect(stableJson([1, 2])).not.toBe(stableJson([2, 1]));
});

test("sourceHash is the same with CRLF, and differs for another text or another division in files", () => {
  expect(sourceHash(["a\r\nb"])).toBe(sourceHash(["a\nb"]));
  expect(new Set([sourceHash(["a", "b"]), sourceHash(["ab"]), sourceHash(["b", "a"])]).size).toBe(3);
});
