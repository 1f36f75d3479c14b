import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import WebSocket from "ws";
import { startServer, type Studio } from "../../../packages/studio/src/server/studio";
import { TestCourse } from "./support/course";
import { FakeKernel } from "./support/fakeKernel";
import { request, type Ask } from "./support/request";

const course = new TestCourse();
let studio: Studio;
let channels: string;

beforeAll(async () => {
  studio = await startServer(
    { course: course.folder, port: 0, token: "secret" },
    { page: course.page, launch: () => Promise.resolve(new FakeKernel()) },
  );
  const { id } = (await request(studio.port, "/api/kernels", { method: "POST" })).json<{ id: string }>();
  channels = `/api/kernels/${id}/channels?session_id=test`;
});
afterAll(async () => {
  await studio.close();
  course.remove();
});

const everyKind: readonly [string, Ask][] = [
  ["/", {}],
  ["/chapter/03-depth", {}],
  ["/assets/main-AAAAAAAA.js", {}],
  ["/api/contents/03-depth.ipynb", {}],
  ["/api/contents/03-depth.ipynb", { method: "PUT", body: {} }],
  ["/api/kernels", { method: "POST" }],
  ["/deepen/chapters", {}],
  ["/nothing-here", {}],
];

describe("over HTTP", () => {
  test.each(everyKind)("%s %j is refused without a token", async (path, ask) => {
    const reply = await request(studio.port, path, { ...ask, anonymous: true });
    expect([reply.status, reply.json().reason]).toEqual([403, "token"]);
  });

  test.each([
    ["in the query", "/api?token=wrong", {}],
    ["in the header", "/api", { authorization: "token wrong" }],
    ["as part of the right one", "/api", { authorization: "token secre" }],
    ["in the cookie", "/api", { cookie: "deepen-PORT=wrong" }],
    ["in the cookie, which is not the token itself", "/api", { cookie: "deepen-PORT=secret" }],
  ])("a wrong token is refused %s", async (_where, path, headers: Record<string, string>) => {
    const given = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace("PORT", String(studio.port))]),
    );
    const reply = await request(studio.port, path, { anonymous: true, headers: given });
    expect([reply.status, reply.json().reason]).toEqual([403, "token"]);
  });

  test.each(["token secret", "Token secret", "Bearer secret", "bearer secret"])(
    "the header %j lets in",
    async (authorization) => {
      expect((await request(studio.port, "/api", { anonymous: true, headers: { authorization } })).status).toBe(200);
    },
  );

  test("the token in the query lets a program in without a redirect", async () => {
    expect((await request(studio.port, "/api?token=secret", { anonymous: true })).json()).toEqual({ version: "2.0.0" });
  });

  test.each([
    "evil.example",
    "evil.example:PORT",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1.evil.example:PORT",
    "[::2]:PORT",
  ])("the Host %s is refused, token or not: a name that an attacker made point here", async (host) => {
    const reply = await request(studio.port, "/api", { headers: { host: host.replace("PORT", String(studio.port)) } });
    expect([reply.status, reply.json().reason]).toEqual([403, "host"]);
  });

  test.each(["127.0.0.1:PORT", "localhost:PORT", "LOCALHOST:PORT", "[::1]:PORT"])(
    "the Host %s is ours",
    async (host) => {
      const reply = await request(studio.port, "/api", {
        headers: { host: host.replace("PORT", String(studio.port)) },
      });
      expect(reply.status).toBe(200);
    },
  );

  test.each(["http://evil.example", "https://127.0.0.1:PORT", "http://127.0.0.1:1", "http://localhost:PORT", "null"])(
    "the Origin %s is refused",
    async (origin) => {
      const headers = { origin: origin.replace("PORT", String(studio.port)) };
      const reply = await request(studio.port, "/api", { headers });
      expect([reply.status, reply.json().reason]).toEqual([403, "origin"]);
    },
  );

  test("our own Origin is let in", async () => {
    const headers = { origin: `http://127.0.0.1:${studio.port}` };
    expect((await request(studio.port, "/api", { headers })).status).toBe(200);
  });

  test.each([
    ["cross-site", "POST", "navigate"],
    ["same-site", "POST", "navigate"],
    ["cross-site", "GET", "no-cors"],
    ["same-site", "GET", "cors"],
  ])("a page that the browser calls %s may not %s in the mode %s, even where it sends no Origin", async (...given) => {
    const [site, method, mode] = given;
    const headers = { "sec-fetch-site": site, "sec-fetch-mode": mode };
    const reply = await request(studio.port, "/api/kernels", { method, headers });
    expect([reply.status, reply.json().reason]).toEqual([403, "cross-site"]);
  });

  test.each([
    ["same-origin", "POST", "cors"],
    ["none", "GET", "navigate"],
    ["cross-site", "GET", "navigate"],
  ])("what the browser calls %s may %s in the mode %s", async (site, method, mode) => {
    const headers = { "sec-fetch-site": site, "sec-fetch-mode": mode };
    const path = method === "POST" ? "/api/contents/03-depth.ipynb/checkpoints" : "/";
    expect((await request(studio.port, path, { method, headers })).status).toBeLessThan(300);
  });

  test("every answer carries the security headers, refusals too", async () => {
    for (const ask of [{}, { anonymous: true }]) {
      const { headers } = await request(studio.port, "/", ask);
      expect(headers["content-security-policy"]).toContain("script-src 'self';");
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect(headers["content-security-policy"]).not.toContain("unsafe-eval");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
    }
  });
});

describe("the first visit", () => {
  const html = { accept: "text/html" };

  test("with the token gives a cookie, and leads to the same address without the token", async () => {
    const visit = await request(studio.port, "/chapter/03-depth?token=secret&x=1", { anonymous: true, headers: html });
    expect(visit.status).toBe(302);
    expect(visit.headers.location).toBe("/chapter/03-depth?x=1");
    const [cookie] = visit.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(new RegExp(`^deepen-${studio.port}=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict$`));
    const headers = { ...html, cookie: `other=1; ${cookie!.split(";")[0]!}` };
    const page = await request(studio.port, "/chapter/03-depth", { anonymous: true, headers });
    expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.text).not.toContain("secret");
  });

  test("from another site's link goes by way of a page of ours, since a strict cookie does not follow its redirect", async () => {
    const headers = { ...html, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    const visit = await request(studio.port, "/?token=secret", { anonymous: true, headers });
    expect(visit.status).toBe(200);
    expect(visit.text).toContain('content="0;url=/"');
    expect(visit.headers["set-cookie"]).toHaveLength(1);
  });

  test("never leads to another server", async () => {
    const visit = await request(studio.port, "//evil.example/?token=secret", { anonymous: true, headers: html });
    expect(visit.headers.location).toBe("/evil.example/");
  });

  test("without the token is told in words where to find it", async () => {
    const visit = await request(studio.port, "/", { anonymous: true, headers: html });
    expect([visit.status, visit.headers["content-type"]]).toEqual([403, "text/html; charset=utf-8"]);
    expect(visit.text).toContain("npm start");
  });
});

describe("over WebSockets", () => {
  test.each([
    ["no token", { token: "" }],
    ["a wrong token", { token: "&token=wrong" }],
    ["a foreign Origin", { token: "&token=secret", headers: { origin: "http://evil.example" } }],
    ["a foreign Host", { token: "&token=secret", headers: { host: "evil.example" } }],
  ])("%s is refused", async (_what, { token, headers }: { token: string; headers?: Record<string, string> }) => {
    const socket = new WebSocket(`ws://127.0.0.1:${studio.port}${channels}${token}`, { headers });
    const [, reply] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
    expect(reply.statusCode).toBe(403);
    reply.destroy();
  });

  test("the cookie alone lets in, with our own Origin", async () => {
    const visit = await request(studio.port, "/?token=secret", { anonymous: true, headers: { accept: "text/html" } });
    const cookie = visit.headers["set-cookie"]![0]!.split(";")[0]!;
    const headers = { cookie, origin: `http://127.0.0.1:${studio.port}` };
    const socket = new WebSocket(`ws://127.0.0.1:${studio.port}${channels}`, { headers });
    await once(socket, "open");
    socket.close();
    await once(socket, "close");
  });

  test("a kernel that does not exist, or another path, is answered with 404", async () => {
    for (const path of ["/api/kernels/none/channels", "/api/other"]) {
      const socket = new WebSocket(`ws://127.0.0.1:${studio.port}${path}?token=secret`);
      const [, reply] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
      expect(reply.statusCode).toBe(404);
      reply.destroy();
    }
  });
});

describe("the port", () => {
  async function occupy(): Promise<{ server: Server; port: number }> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return { server, port: (server.address() as AddressInfo).port };
  }

  test("that is taken gives way to the next free one, which the address names", async () => {
    const { server, port } = await occupy();
    const other = await startServer({ course: course.folder, port }, { page: course.page });
    try {
      expect(other.port).toBeGreaterThan(port);
      expect(other.port).toBeLessThanOrEqual(port + 100);
      expect(other.url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${other.port}/\\?token=[0-9a-f]{48}$`));
    } finally {
      await other.close();
      server.close();
    }
  });

  test("of each server is bound on the loopback address only", async () => {
    // 127.0.0.2 is loopback too, but not the address bound: a server on 0.0.0.0 would answer there.
    await expect(fetch(`http://127.0.0.2:${studio.port}/`)).rejects.toThrow();
  });

  test.each([-1, 65536, 1.5, NaN])("%p is no port", async (port) => {
    await expect(startServer({ course: course.folder, port }, { page: course.page })).rejects.toThrow(
      /port: expected a whole number from 0 to 65535/,
    );
  });

  test("is not even opened for a folder that is no course", async () => {
    await expect(startServer({ course: course.page }, { page: course.page })).rejects.toThrow(
      /course: expected a folder with notebooks/,
    );
  });
});
