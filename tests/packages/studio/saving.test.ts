import { readdirSync, readFileSync } from "node:fs";
import fsPromises from "node:fs/promises";
import { saveFile } from "../../../packages/studio/src/server/saveFile";
import { startServer } from "../../../packages/studio/src/server/studio";
import { notebook, TestCourse } from "./support/course";
import { request } from "./support/request";

let course: TestCourse;

beforeEach(() => {
  course = new TestCourse();
});
afterEach(() => {
  jest.restoreAllMocks();
  course.remove();
});

function fault(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

/** Lets the disk fail in one step of a save: while writing (after half of the text), while syncing, or at the rename. */
async function failAt(step: "write" | "sync" | "rename", code: string): Promise<void> {
  if (step === "rename") {
    jest.spyOn(fsPromises, "rename").mockRejectedValue(fault(code));
    return;
  }
  const probe = await fsPromises.open(course.path("probe"), "w");
  const prototype = Object.getPrototypeOf(probe) as fsPromises.FileHandle;
  await probe.close();
  if (step === "sync") {
    jest.spyOn(prototype, "sync").mockRejectedValue(fault(code));
    return;
  }
  jest.spyOn(prototype, "writeFile").mockImplementation(async function (this: fsPromises.FileHandle, data: unknown) {
    await this.write(String(data).slice(0, String(data).length / 2));
    throw fault(code);
  });
}

describe("a save that fails half-way", () => {
  test.each(["write", "sync", "rename"] as const)(
    "at %s leaves the old file whole and nothing beside it",
    async (step) => {
      course.put("work/a.ipynb", "the old text, every word of it");
      await failAt(step, "ENOSPC");
      await expect(saveFile(course.path("work/a.ipynb"), "the new text")).rejects.toThrow("ENOSPC");
      expect(readFileSync(course.path("work/a.ipynb"), "utf8")).toBe("the old text, every word of it");
      expect(readdirSync(course.path("work"))).toEqual(["a.ipynb"]);
    },
  );

  test.each([
    ["ENOSPC", 507, "disk-full", /the disk is full.*as it was before/],
    ["EDQUOT", 507, "disk-full", /the disk is full/],
    ["EACCES", 500, "permission", /does not permit it \(EACCES\).*permissions of the folder work/],
    ["EROFS", 500, "permission", /does not permit it/],
    ["EIO", 500, "disk", /failed: EIO.*as it was before/],
  ])(
    "with %s is answered with %d, and the reader can save again afterwards",
    async (code, status, reason, expected) => {
      const studio = await startServer({ course: course.folder, port: 0, token: "secret" }, { page: course.page });
      const save = (source: string) =>
        request(studio.port, "/api/contents/03-depth.ipynb", {
          method: "PUT",
          body: { type: "notebook", format: "json", content: notebook(source) },
        });
      try {
        await save("old");
        await failAt("write", code);
        const reply = await save("new");
        expect([reply.status, reply.json().reason]).toEqual([status, reason]);
        expect(reply.json().message).toMatch(expected);
        expect(JSON.parse(readFileSync(course.path("work/03-depth.ipynb"), "utf8"))).toEqual(notebook("old"));
        expect(readdirSync(course.path("work"))).toEqual(["03-depth.ipynb"]);
        jest.restoreAllMocks();
        expect((await save("new")).status).toBe(200);
        expect(JSON.parse(readFileSync(course.path("work/03-depth.ipynb"), "utf8"))).toEqual(notebook("new"));
      } finally {
        await studio.close();
      }
    },
  );
});

test("saves of one file at once leave one of the texts, whole", async () => {
  const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(100_000));
  await Promise.all(texts.map((text) => saveFile(course.path("work/a.ipynb"), text)));
  expect(texts).toContain(readFileSync(course.path("work/a.ipynb"), "utf8"));
  expect(readdirSync(course.path("work"))).toEqual(["a.ipynb"]);
});
