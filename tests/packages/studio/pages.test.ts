import { rmSync, symlinkSync } from "node:fs";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { startServer, type Studio } from "../../../packages/studio/src/server/studio";
import { TestCourse } from "./support/course";
import { request } from "./support/request";

const course = new TestCourse();
let studio: Studio;
const script = `/* ${"long enough to be compressed ".repeat(100)} */`;

beforeAll(async () => {
  studio = await startServer({ course: course.folder, port: 0, token: "secret" }, { page: course.page });
});
afterAll(async () => {
  await studio.close();
  course.remove();
});

test.each(["/", "/chapter/03-depth", "/chapter/no-such-chapter"])(
  "%s is the page, with the configuration that JupyterLab's services read and without the token",
  async (path) => {
    const reply = await request(studio.port, path);
    expect([reply.status, reply.headers["cache-control"]]).toEqual([200, "no-store"]);
    expect(reply.text).toContain('<script type="module" src="/assets/main-AAAAAAAA.js"></script>');
    expect(reply.text).toContain('<link rel="stylesheet" href="/assets/style-BBBBBBBB.css">');
    const [, config] =
      /<script id="jupyter-config-data" type="application\/json">(.+)<\/script>/.exec(reply.text) ?? [];
    expect(JSON.parse(config!)).toMatchObject({ baseUrl: "/", wsUrl: "", token: "", appendToken: "false" });
    expect(reply.text).not.toContain("secret");
  },
);

test("a hashed file has its type, may be kept for ever, and is not sent twice", async () => {
  const first = await request(studio.port, "/assets/main-AAAAAAAA.js");
  expect(first.text).toBe(script);
  expect(first.headers["content-type"]).toBe("text/javascript; charset=utf-8");
  expect(first.headers["cache-control"]).toContain("immutable");
  const again = await request(studio.port, "/assets/main-AAAAAAAA.js", {
    headers: { "if-none-match": `"other", W/${first.headers.etag!}` },
  });
  expect([again.status, again.text]).toEqual([304, ""]);
});

test("a file without a hash in its name is asked for anew each time", async () => {
  course.put("page/plain.json", {});
  const reply = await request(studio.port, "/assets/plain.json");
  expect(reply.headers["cache-control"]).toBe("no-cache");
  course.put("page/plain.json", { changed: true });
  expect((await request(studio.port, "/assets/plain.json")).json()).toEqual({ changed: true });
});

test.each([
  ["gzip, deflate, br", "br", brotliDecompressSync],
  ["gzip", "gzip", gunzipSync],
  ["br;q=0, gzip", "gzip", gunzipSync],
  ["identity", undefined, (bytes: Buffer) => bytes],
])("to a client that takes %s the script goes as %s", async (accepted, sent, decompress) => {
  const reply = await request(studio.port, "/assets/main-AAAAAAAA.js", { headers: { "accept-encoding": accepted } });
  expect(reply.headers["content-encoding"]).toBe(sent);
  expect(decompress(reply.bytes).toString()).toBe(script);
});

test("a small file goes as it is", async () => {
  const reply = await request(studio.port, "/assets/style-BBBBBBBB.css", { headers: { "accept-encoding": "br" } });
  expect([reply.headers["content-encoding"], reply.text]).toEqual([undefined, "body { margin: 0 }"]);
});

test("HEAD answers with headers only", async () => {
  for (const path of ["/", "/assets/main-AAAAAAAA.js", "/api/status"]) {
    const reply = await request(studio.port, path, { method: "HEAD" });
    expect([reply.status, reply.text]).toEqual([200, ""]);
  }
});

test.each([
  "/assets/../manifest.json",
  "/assets/%2e%2e/notebooks/03-depth.ipynb",
  "/assets/..%2fnotebooks%2f03-depth.ipynb",
  "/assets/%252e%252e/notebooks/03-depth.ipynb",
  "/assets/..%5cnotebooks%5c03-depth.ipynb",
  "/assets//etc/passwd",
  "/assets/main-AAAAAAAA.js%00",
  "/assets/.",
  "/assets/none.js",
  "/assets/link.ipynb",
  "/notebooks/03-depth.ipynb",
  "/manifest.json",
])("%s is not found", async (path) => {
  rmSync(course.path("page/link.ipynb"), { force: true });
  symlinkSync(course.path("notebooks/03-depth.ipynb"), course.path("page/link.ipynb"));
  expect((await request(studio.port, path)).status).toBe(404);
});

test("the page takes GET only", async () => {
  const reply = await request(studio.port, "/", { method: "POST" });
  expect([reply.status, reply.headers.allow]).toEqual([405, "GET, HEAD"]);
});

test("while the page is not built, it says so and what to do", async () => {
  const other = new TestCourse();
  rmSync(other.path("page/manifest.json"));
  const unbuilt = await startServer({ course: other.folder, port: 0, token: "secret" }, { page: other.page });
  try {
    const reply = await request(unbuilt.port, "/", { headers: { accept: "text/html" } });
    expect(reply.status).toBe(503);
    expect(reply.text).toContain("npm start");
  } finally {
    await unbuilt.close();
    other.remove();
  }
});
