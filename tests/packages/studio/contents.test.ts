import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import path from "node:path";
import { startServer, type Studio } from "../../../packages/studio/src/server/studio";
import { notebook, TestCourse } from "./support/course";
import { request } from "./support/request";

interface Model {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly last_modified: string;
  readonly hash: string | null;
  readonly content: { readonly cells: readonly { readonly source: string }[] } | null;
}

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

const address = "/api/contents/03-depth.ipynb";
const open = async (at = address): Promise<Model> => (await request(studio.port, at)).json<Model>();
const save = (content: unknown, at = address) =>
  request(studio.port, at, { method: "PUT", body: { type: "notebook", format: "json", content } });
const sourceOf = (model: Model): string | undefined => model.content?.cells[0]?.source;

describe("the reader's copy over the course's notebook", () => {
  test("the course's notebook is served until the reader saves, then his copy; the course's file never changes", async () => {
    const before = readFileSync(course.path("notebooks/03-depth.ipynb"), "utf8");
    expect(sourceOf(await open())).toBe("1 + 1");
    expect((await save(notebook("2 + 2"))).status).toBe(200);
    expect(sourceOf(await open())).toBe("2 + 2");
    expect(readFileSync(course.path("notebooks/03-depth.ipynb"), "utf8")).toBe(before);
    expect(JSON.parse(readFileSync(course.path("work/03-depth.ipynb"), "utf8"))).toEqual(notebook("2 + 2"));
    expect(readdirSync(course.path("work"))).toEqual(["03-depth.ipynb"]);
  });

  test("work/ is made at the first save", async () => {
    rmSync(course.path("work"), { recursive: true });
    expect((await save(notebook("2 + 2"))).status).toBe(200);
    expect(existsSync(course.path("work/03-depth.ipynb"))).toBe(true);
  });

  test("the hash tells a second tab that the first has saved, even within one tick of the file system's clock", async () => {
    const seen = await open(`${address}?content=1&hash=1`);
    const saved = (await save(notebook("first tab"))).json<Model>();
    const time = new Date(seen.last_modified);
    utimesSync(course.path("work/03-depth.ipynb"), time, time);
    const now = await open(`${address}?content=0&hash=1`);
    expect(now.content).toBeNull();
    expect(now.hash).not.toBe(seen.hash);
    expect(now.hash).toBe(saved.hash);
    expect(now.hash).toBe(
      createHash("sha256")
        .update(readFileSync(course.path("work/03-depth.ipynb")))
        .digest("hex"),
    );
  });

  test("the listing names the course's and the reader's notebooks once each, and nothing else", async () => {
    course.put("notebooks/notes.txt", "no notebook");
    course.put("notebooks/src/04-x.ipynb", notebook("in a folder"));
    course.put("notebooks/.hidden.ipynb", notebook("hidden"));
    course.put("work/my own notes.ipynb", notebook("mine"));
    await save(notebook("2 + 2"));
    const listing = (await request(studio.port, "/api/contents/")).json<{ type: string; content: Model[] }>();
    expect(listing.type).toBe("directory");
    expect(listing.content.map(({ path }) => path)).toEqual(["03-depth.ipynb", "my own notes.ipynb"]);
    expect(sourceOf(await open("/api/contents/my%20own%20notes.ipynb"))).toBe("mine");
  });
});

describe("bad input", () => {
  test("a notebook that is nowhere: 404 with what to do", async () => {
    const reply = await request(studio.port, "/api/contents/09-none.ipynb");
    expect(reply.status).toBe(404);
    expect(reply.json().message).toMatch(/no notebook 09-none\.ipynb.*npm run notebooks/);
  });

  test.each([
    ["not JSON", "{ half", /notebooks\/03-depth\.ipynb is not JSON .*git checkout/],
    ["another JSON value", [], /not a notebook: expected a JSON object/],
    ["an older format", { ...notebook("1"), nbformat: 3 }, /nbformat: expected 4, got 3/],
    ["no cells", { ...notebook("1"), cells: undefined }, /cells: expected a list/],
    ["a cell without source", { ...notebook("1"), cells: [{ cell_type: "raw", metadata: {} }] }, /cells\[0\]\.source/],
  ])("a course file that is %s: 422 with what is wrong and what to do", async (_what, content, expected) => {
    course.put("notebooks/03-depth.ipynb", content);
    const reply = await request(studio.port, address);
    expect(reply.status).toBe(422);
    expect(reply.json().message).toMatch(expected);
  });

  test("a malformed copy names its own cure, a reset", async () => {
    course.put("work/03-depth.ipynb", "");
    const reply = await request(studio.port, address);
    expect(reply.status).toBe(422);
    expect(reply.json().message).toMatch(/work\/03-depth\.ipynb is not JSON .* reset the chapter/);
    expect((await request(studio.port, "/deepen/chapters/03-depth/reset", { method: "POST" })).status).toBe(200);
    expect(sourceOf(await open())).toBe("1 + 1");
  });

  const cell = { id: "a", cell_type: "code", source: "", metadata: {}, outputs: [], execution_count: null };
  test.each([
    ["text", "hello", /expected a JSON object/],
    ["no cells", { nbformat: 4, nbformat_minor: 5, metadata: {} }, /cells: expected a list/],
    ["no metadata", { nbformat: 4, nbformat_minor: 5, cells: [] }, /metadata: expected an object/],
    ["no minor version", { nbformat: 4, metadata: {}, cells: [] }, /nbformat_minor: expected a whole number/],
    ["an unknown cell type", withCell({ ...cell, cell_type: "heading" }), /cell_type: expected "code"/],
    ["a bad cell id", withCell({ ...cell, id: "../x" }), /\.id: expected 1 to 64/],
    ["a source of numbers", withCell({ ...cell, source: [1] }), /\.source: expected text or a list of lines/],
    ["no outputs", withCell({ ...cell, outputs: undefined }), /\.outputs: expected a list/],
    ["a bad count", withCell({ ...cell, execution_count: "1" }), /\.execution_count/],
    ["an unknown output", withCell({ ...cell, outputs: [{ output_type: "x" }] }), /outputs\[0\]\.output_type/],
    ["a stream without text", withCell({ ...cell, outputs: [{ output_type: "stream" }] }), /outputs\[0\]\.text/],
    ["a display without data", withCell({ ...cell, outputs: [{ output_type: "display_data" }] }), /outputs\[0\]\.data/],
    ["an error without trace", withCell({ ...cell, outputs: [{ output_type: "error" }] }), /outputs\[0\]\.traceback/],
  ])("saving %s: 400, and nothing is written", async (_what, content, expected) => {
    const reply = await save(content);
    expect(reply.status).toBe(400);
    expect(reply.json().message).toMatch(expected);
    expect(readdirSync(course.path("work"))).toEqual([]);
  });

  test("a body that is no JSON, no object, or no notebook's: 400 with a message", async () => {
    for (const [body, expected] of [
      ["{ half", /body: expected JSON/],
      ["[]", /body: expected a JSON object/],
      ['{"type":"file"}', /type: expected "notebook", got "file"/],
    ] as const) {
      const reply = await request(studio.port, address, { method: "PUT", body });
      expect(reply.status).toBe(400);
      expect(reply.json().message).toMatch(expected);
    }
  });

  test("too long a body: 413, where a kernel's or session's name is asked for", async () => {
    const reply = await request(studio.port, "/api/sessions", { method: "POST", body: `"${"x".repeat(1 << 21)}"` });
    expect(reply.status).toBe(413);
  });

  test.each(["DELETE", "PATCH", "POST"])(
    "%s on a notebook: 405, and the answer names what is allowed",
    async (method) => {
      const reply = await request(studio.port, address, { method, body: {} });
      expect(reply.status).toBe(405);
      expect(reply.headers.allow).toBe("GET, PUT");
    },
  );

  test("an address that is not a path, or not percent-encoded text: 400", async () => {
    expect((await request(studio.port, "http://127.0.0.1/api")).status).toBe(400);
    expect((await request(studio.port, "/api/contents/%zz.ipynb")).status).toBe(400);
    expect((await request(studio.port, "/api/contents/%ff.ipynb")).status).toBe(400);
  });
});

describe("no path leads out of the two folders", () => {
  const names = [
    "../secret.ipynb",
    "..%2fsecret.ipynb",
    "%2e%2e%2fsecret.ipynb",
    "%2e%2e/secret.ipynb",
    "..%5csecret.ipynb",
    "..\\secret.ipynb",
    "%252e%252e%252fsecret.ipynb",
    "..%252fsecret.ipynb",
    "..%c0%afsecret.ipynb",
    "%00.ipynb",
    "03-depth.ipynb%00.txt",
    "03-depth.ipynb%0a.ipynb",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "C:secret.ipynb",
    "C:%5csecret.ipynb",
    "c%3a/secret.ipynb",
    "03-depth.ipynb:stream.ipynb",
    "%5c%5cserver%5cshare%5cx.ipynb",
    "CON.ipynb",
    "nul.ipynb",
    ".hidden.ipynb",
    "discarded/x.ipynb",
    "src%2f03-depth.ipynb",
    "notes.txt",
    "03-depth.ipynb/",
    "~/x.ipynb",
    `${"x".repeat(300)}.ipynb`,
  ];

  test.each(names)("%s is refused for reading, saving and checkpoints", async (name) => {
    course.put("secret.ipynb", notebook("secret"));
    course.put("notebooks/src/03-depth.ipynb", notebook("source"));
    const before = readdirSync(course.folder, { recursive: true }).sort();
    const at = `/api/contents/${name}`;
    const replies = [
      await request(studio.port, at),
      await save(notebook("written"), at),
      await request(studio.port, `${at}/checkpoints`, { method: "POST" }),
      await request(studio.port, `/deepen/chapters/${name}/reset`, { method: "POST" }),
    ];
    for (const reply of replies) {
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(reply.status).toBeLessThan(500);
      expect(reply.text).not.toContain('"source"');
    }
    expect(readdirSync(course.folder, { recursive: true }).sort()).toEqual(before);
  });

  test("a link to a file outside is neither read nor written through", async () => {
    course.put("secret.ipynb", notebook("secret"));
    symlinkSync(course.path("secret.ipynb"), course.path("notebooks/04-link.ipynb"));
    symlinkSync(course.path("secret.ipynb"), course.path("work/05-link.ipynb"));
    for (const name of ["04-link.ipynb", "05-link.ipynb"]) {
      const reply = await request(studio.port, `/api/contents/${name}`);
      expect([reply.status, reply.text.includes("link that leads out")]).toEqual([403, true]);
    }
    expect((await save(notebook("written"), "/api/contents/05-link.ipynb")).status).toBe(403);
    expect(JSON.parse(readFileSync(course.path("secret.ipynb"), "utf8"))).toEqual(notebook("secret"));
  });

  test("a dangling link is not written through either", async () => {
    symlinkSync(course.path("elsewhere.ipynb"), course.path("work/03-depth.ipynb"));
    expect((await save(notebook("written"))).status).toBe(403);
    expect(existsSync(course.path("elsewhere.ipynb"))).toBe(false);
  });

  test("work/ itself may not be a link out of the course", async () => {
    const other = new TestCourse();
    try {
      rmSync(course.path("work"), { recursive: true });
      symlinkSync(other.folder, course.path("work"));
      expect((await save(notebook("written"))).status).toBe(403);
      expect(existsSync(other.path("03-depth.ipynb"))).toBe(false);
    } finally {
      other.remove();
    }
  });

  test("a link within the folder is followed", async () => {
    symlinkSync("03-depth.ipynb", course.path("notebooks/latest.ipynb"));
    expect(sourceOf(await open("/api/contents/latest.ipynb"))).toBe("1 + 1");
  });

  test("one broken link does not take the listing or the index of chapters away", async () => {
    symlinkSync(course.path("nowhere.ipynb"), course.path("notebooks/04-link.ipynb"));
    mkdirSync(course.path("notebooks/05-folder.ipynb"));
    const chapters = (await request(studio.port, "/deepen/chapters")).json<{ slug: string; problem?: string }[]>();
    expect(chapters.map(({ slug, problem }) => [slug, problem !== undefined])).toEqual([
      ["03-depth", false],
      ["04-link", true],
      ["05-folder", true],
    ]);
    const listing = await request(studio.port, "/api/contents");
    expect(listing.status).toBe(200);
    expect(listing.text).toContain(path.basename(address));
  });
});

describe("checkpoints", () => {
  const points = `${address}/checkpoints`;

  test("one is kept, restored into the reader's copy, and removed", async () => {
    expect((await request(studio.port, points)).json()).toEqual([]);
    await save(notebook("kept"));
    const made = await request(studio.port, points, { method: "POST" });
    expect([made.status, made.json().id]).toEqual([201, "checkpoint"]);
    await save(notebook("regretted"));
    expect((await request(studio.port, `${points}/checkpoint`, { method: "POST" })).status).toBe(204);
    expect(sourceOf(await open())).toBe("kept");
    expect((await request(studio.port, `${points}/checkpoint`, { method: "DELETE" })).status).toBe(204);
    expect((await request(studio.port, points)).json()).toEqual([]);
  });

  test("another one does not exist", async () => {
    expect((await request(studio.port, `${points}/checkpoint`, { method: "POST" })).status).toBe(404);
    expect((await request(studio.port, `${points}/..%2f..`, { method: "DELETE" })).status).toBe(404);
  });
});

function withCell(cell: unknown): unknown {
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };
}
