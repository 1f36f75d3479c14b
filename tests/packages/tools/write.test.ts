import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeAtomically } from "../../../packages/tools/src/write";

describe("writeAtomically", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "deepen-write-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("puts new text in the place of the old, and leaves nothing else", async () => {
    const file = path.join(folder, "a.ipynb");
    await writeAtomically(file, "old and longer");
    await writeAtomically(file, "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(readdirSync(folder)).toEqual(["a.ipynb"]);
  });

  test("names the file that cannot be written, and leaves nothing behind", async () => {
    const file = path.join(folder, "a.ipynb");
    mkdirSync(path.join(file, "in-the-way"), { recursive: true });
    await expect(writeAtomically(file, "new")).rejects.toThrow(`${file} could not be written: `);
    expect(readdirSync(folder)).toEqual(["a.ipynb"]);
  });
});
