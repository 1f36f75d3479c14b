import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A notebook with one code cell. */
export function notebook(source: string, deepen: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" }, deepen },
    cells: [{ id: "first", cell_type: "code", source, metadata: {}, outputs: [], execution_count: null }],
  };
}

/** A course in a temporary folder, with one chapter and a page of three small files. */
export class TestCourse {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), "deepen-course-")));
  readonly page = path.join(this.folder, "page");

  constructor() {
    for (const name of ["notebooks", "work", "page"]) mkdirSync(path.join(this.folder, name));
    this.put("notebooks/03-depth.ipynb", notebook("1 + 1", { title: "Depth", source: "first" }));
    this.put("page/manifest.json", { script: "main-AAAAAAAA.js", style: "style-BBBBBBBB.css" });
    this.put("page/main-AAAAAAAA.js", `/* ${"long enough to be compressed ".repeat(100)} */`);
    this.put("page/style-BBBBBBBB.css", "body { margin: 0 }");
  }

  /** Absolute path of a file in the course. */
  path(name: string): string {
    return path.join(this.folder, ...name.split("/"));
  }

  /** Writes a file: text as it is, anything else as JSON. */
  put(name: string, content: unknown): void {
    mkdirSync(path.dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), typeof content === "string" ? content : JSON.stringify(content));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
