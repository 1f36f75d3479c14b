import { readdirSync, readFileSync } from "node:fs";
import { startServer, type Studio } from "../../../packages/studio/src/server/studio";
import { notebook, TestCourse } from "./support/course";
import { request } from "./support/request";

let course: TestCourse;
let studio: Studio;

beforeEach(async () => {
  course = new TestCourse();
  studio = await startServer({ course: course.folder, port: 0, token: "secret" }, { page: course.page });
});
afterEach(async () => {
  await studio.close();
  course.remove();
});

const list = async () => (await request(studio.port, "/deepen/chapters")).json<Record<string, unknown>[]>();
const reset = (slug = "03-depth") => request(studio.port, `/deepen/chapters/${slug}/reset`, { method: "POST" });
const read = (name: string): unknown => JSON.parse(readFileSync(course.path(name), "utf8"));

const chapter = { slug: "03-depth", title: "Depth", path: "03-depth.ipynb", hasCopy: false, newer: false };

test("a chapter has slug, title and path, and says whether the reader has a copy", async () => {
  expect(await list()).toEqual([chapter]);
  course.put("work/03-depth.ipynb", notebook("mine", { title: "Depth", source: "first" }));
  expect(await list()).toEqual([{ ...chapter, hasCopy: true }]);
});

test("the course has a newer version when its source differs from the copy's", async () => {
  course.put("work/03-depth.ipynb", notebook("mine", { title: "Depth", source: "first" }));
  course.put("notebooks/03-depth.ipynb", notebook("1 + 2", { title: "Depth", source: "second" }));
  expect(await list()).toEqual([{ ...chapter, hasCopy: true, newer: true }]);
});

test("a copy that says nothing of its source, or a broken course file, offers no newer version", async () => {
  course.put("work/03-depth.ipynb", notebook("mine"));
  expect(await list()).toEqual([{ ...chapter, title: "03-depth", hasCopy: true }]);
  course.put("work/03-depth.ipynb", notebook("mine", { title: "Depth", source: "first" }));
  course.put("notebooks/03-depth.ipynb", "broken");
  expect(await list()).toEqual([{ ...chapter, hasCopy: true }]);
});

test("question and reading time come from the title cell, and the title where the metadata has none", async () => {
  const source = [
    "# Why depth hurts \n",
    "*How much is left after thirty layers?*\n",
    "\n",
    "**You will** measure *all* of it.\n",
    "**Needs** chapter 00. **Time** 50 minutes, 2 of them training.",
  ];
  const cells = [
    { cell_type: "markdown", metadata: {}, source: "no *heading* here" },
    { cell_type: "markdown", metadata: {}, source },
  ];
  course.put("notebooks/03-depth.ipynb", { ...notebook("1"), cells });
  expect(await list()).toEqual([
    { ...chapter, title: "Why depth hurts", question: "How much is left after thirty layers?", minutes: 50 },
  ]);
});

test("a malformed chapter stays in the index, with what is wrong", async () => {
  course.put("notebooks/03-depth.ipynb", "broken");
  const [found] = await list();
  expect(found).toMatchObject({ ...chapter, title: "03-depth" });
  expect(found!.problem).toMatch(/notebooks\/03-depth\.ipynb is not JSON/);
});

test("a notebook that only the reader has is in the index too", async () => {
  course.put("work/my-notes.ipynb", notebook("mine", { title: "My notes" }));
  expect(await list()).toEqual([
    chapter,
    { slug: "my-notes", title: "My notes", path: "my-notes.ipynb", hasCopy: true, newer: false },
  ]);
});

test("each reset keeps the discarded copy under a number of its own, and brings the course's version back", async () => {
  course.put("work/discarded/03-depth-2.ipynb", "an older one that must stay");
  for (const [text, number] of [
    ["first", 1],
    ["second", 3],
  ] as const) {
    course.put("work/03-depth.ipynb", notebook(text));
    const reply = await reset();
    expect(reply.json()).toEqual({ discarded: `work/discarded/03-depth-${number}.ipynb` });
    expect(read(`work/discarded/03-depth-${number}.ipynb`)).toEqual(notebook(text));
    expect(await list()).toEqual([chapter]);
  }
  expect(readFileSync(course.path("work/discarded/03-depth-2.ipynb"), "utf8")).toBe("an older one that must stay");
  expect(readdirSync(course.path("work"))).toEqual(["discarded"]);
});

test("two resets at once discard the copy once", async () => {
  course.put("work/03-depth.ipynb", notebook("mine"));
  const statuses = (await Promise.all([reset(), reset()])).map(({ status }) => status).sort();
  expect(statuses[0]).toBe(200);
  expect(statuses[1]).toBeGreaterThanOrEqual(400);
  const kept = readdirSync(course.path("work/discarded"));
  expect(kept).toHaveLength(1);
  expect(read(`work/discarded/${kept[0]!}`)).toEqual(notebook("mine"));
});

test("a reset without a copy, or without a course version to go back to, is refused and changes nothing", async () => {
  expect((await reset()).status).toBe(404);
  course.put("work/my-notes.ipynb", notebook("mine"));
  const reply = await reset("my-notes");
  expect(reply.status).toBe(404);
  expect(reply.json().message).toMatch(/no my-notes\.ipynb to go back to/);
  expect(read("work/my-notes.ipynb")).toEqual(notebook("mine"));
});
