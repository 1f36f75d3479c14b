import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import WebSocket from "ws";
import { binaryProtocol } from "../../../packages/studio/src/server/wire";
import { TestCourse } from "./support/course";
import { message } from "./support/fakeKernel";
import { request } from "./support/request";

// The server runs as a process of its own here, as built, because it is to be killed.

const course = new TestCourse();
const script = `
  const { startServer } = require(${JSON.stringify(path.resolve("packages/studio/dist/server/studio.js"))});
  startServer(${JSON.stringify({ course: course.folder, port: 0, token: "secret" })}, { page: ${JSON.stringify(course.page)} })
    .then((studio) => console.log(studio.port));
`;
let server: ChildProcess;
let port: number;

beforeAll(async () => {
  server = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [chunk] = (await once(server.stdout!, "data")) as [Buffer];
  port = Number(chunk.toString());
});
afterAll(() => {
  server.kill("SIGKILL");
  course.remove();
});

interface Said {
  readonly channel: string;
  readonly header: { readonly msg_type: string };
  readonly content: { readonly text?: string };
}

/** Starts a kernel and speaks plain JSON to it: no sub-protocol is offered. */
async function converse(code: string, until: (said: Said) => boolean): Promise<Said[]> {
  const { id } = (await request(port, "/api/kernels", { method: "POST" })).json<{ id: string }>();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/kernels/${id}/channels?session_id=x&token=secret`);
  socket.on("error", () => undefined);
  await once(socket, "open");
  expect(socket.protocol).toBe("");
  const said: Said[] = [];
  const done = new Promise<void>((resolve) => {
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      expect(isBinary).toBe(false);
      said.push(JSON.parse(data.toString()) as Said);
      if (until(said.at(-1)!)) resolve();
    });
  });
  socket.send(JSON.stringify(message("shell", "execute_request", { code, silent: false, stop_on_error: true })));
  await done;
  return said;
}

test("a client that offers no sub-protocol speaks JSON, and one that offers the binary one gets it", async () => {
  const said = await converse("console.log('plain')", ({ header }) => header.msg_type === "execute_reply");
  expect(said.some(({ content }) => content.text === "plain\n")).toBe(true);
  const [{ id }] = (await request(port, "/api/kernels")).json<[{ id: string }]>();
  const address = `ws://127.0.0.1:${port}/api/kernels/${id}/channels?token=secret`;
  const socket = new WebSocket(address, ["other", binaryProtocol]);
  await once(socket, "open");
  expect(socket.protocol).toBe(binaryProtocol);
  socket.send(Buffer.from("no frame"));
  const [code, reason] = (await once(socket, "close")) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([1007, "frame: its table of offsets is longer than itself"]);
});

test("killing the server leaves no kernel behind, neither an idle one nor one that computes", async () => {
  const tellsPid = ({ content }: Said) => /^\d+\n$/.test(content.text ?? "");
  const pids = await Promise.all(
    ["", "await new Promise((resolve) => setTimeout(resolve, 100)); while (true) {}"].map(async (rest) => {
      const said = await converse(`console.log((globalThis as any).process.pid); ${rest}`, tellsPid);
      return Number(said.find(tellsPid)!.content.text);
    }),
  );
  expect(pids.map(isAlive)).toEqual([true, true]);
  server.kill("SIGKILL");
  await once(server, "exit");
  // The kernels look for their parent about once a second.
  for (let tries = 0; tries < 100 && pids.some(isAlive); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(pids.map(isAlive)).toEqual([false, false]);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
