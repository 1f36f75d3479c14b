import {
  ContentsManager,
  EventManager,
  KernelManager,
  KernelSpecManager,
  ServerConnection,
  SessionManager,
  type Kernel,
  type KernelMessage,
  type Session,
} from "@jupyterlab/services";
import { startServer, type Studio } from "../../../packages/studio/src/server/studio";
import { notebook, TestCourse } from "./support/course";

// JupyterLab's own client is the judge here: it validates every answer, and drives the real kernel through our server.

// JupyterLab's polls leave a timer behind when they are disposed of, for up to a minute: no timer may hold this process.
const holding = globalThis.setTimeout;
globalThis.setTimeout = Object.assign(
  (act: (...given: unknown[]) => void, milliseconds?: number, ...given: unknown[]) =>
    holding(act, milliseconds, ...given).unref(),
  holding,
);

/** In a cell: lets what was printed out before a loop takes the thread. */
const letOut = "await new Promise((resolve) => setTimeout(resolve, 100));";

let course: TestCourse;
let studio: Studio;
let settings: ServerConnection.ISettings;
let kernels: KernelManager;
let sessions: SessionManager;

beforeAll(async () => {
  jest.spyOn(console, "debug").mockImplementation(() => undefined);
  jest.spyOn(console, "warn").mockImplementation(() => undefined);
  course = new TestCourse();
  studio = await startServer({ course: course.folder, port: 0, token: "secret" }, { page: course.page });
  settings = ServerConnection.makeSettings({
    baseUrl: `http://127.0.0.1:${studio.port}/`,
    wsUrl: `ws://127.0.0.1:${studio.port}/`,
    token: "secret",
    appendToken: true,
  });
  kernels = new KernelManager({ serverSettings: settings, standby: "never" });
  sessions = new SessionManager({ serverSettings: settings, kernelManager: kernels, standby: "never" });
  await sessions.ready;
});
afterAll(async () => {
  sessions.dispose();
  kernels.dispose();
  await studio.close();
  course.remove();
});

const open = (path: string): Promise<Session.ISessionConnection> =>
  sessions.startNew({ path, type: "notebook", name: path, kernel: { name: "tslab" } });

interface Run {
  readonly reply: KernelMessage.IExecuteReplyMsg["content"];
  /** Texts of streams and results, names of errors, in order. */
  readonly outputs: string[];
}

function run(kernel: Kernel.IKernelConnection, code: string, onText?: (text: string) => void): Promise<Run> {
  const future = kernel.requestExecute({ code, stop_on_error: true });
  const outputs: string[] = [];
  future.onIOPub = ({ content }) => {
    const { text, ename, data } = content as { text?: string; ename?: string; data?: Record<string, unknown> };
    const shown = text ?? ename ?? data?.["text/plain"];
    if (shown === undefined) return;
    outputs.push(String(shown));
    onText?.(String(shown));
  };
  return future.done.then(({ content }) => ({ reply: content as Run["reply"], outputs }));
}

function until(signal: Kernel.IKernelConnection["statusChanged"], status: Kernel.Status): Promise<void> {
  return new Promise((resolve) => {
    const check = (_: unknown, now: Kernel.Status) => {
      if (now !== status) return;
      signal.disconnect(check);
      resolve();
    };
    signal.connect(check);
  });
}

test("the one kernelspec is found", async () => {
  const manager = new KernelSpecManager({ serverSettings: settings, standby: "never" });
  await manager.ready;
  expect(manager.specs?.default).toBe("tslab");
  expect(manager.specs?.kernelspecs.tslab).toMatchObject({ language: "typescript", display_name: "TypeScript" });
  manager.dispose();
});

test("notebooks are listed, opened, saved, and kept as checkpoints", async () => {
  const contents = new ContentsManager({ serverSettings: settings });
  expect((await contents.get("")).content).toMatchObject([{ path: "03-depth.ipynb", type: "notebook" }]);
  const opened = await contents.get("03-depth.ipynb", { type: "notebook", content: true, hash: true });
  expect(opened.content).toMatchObject(notebook("1 + 1"));
  const saved = await contents.save("03-depth.ipynb", { ...opened, content: notebook("2 + 2") });
  expect(saved.hash).not.toBe(opened.hash);
  const checkpoint = await contents.createCheckpoint("03-depth.ipynb");
  expect(await contents.listCheckpoints("03-depth.ipynb")).toEqual([checkpoint]);
  await contents.save("03-depth.ipynb", { ...opened, content: notebook("3 + 3") });
  await contents.restoreCheckpoint("03-depth.ipynb", checkpoint.id);
  expect((await contents.get("03-depth.ipynb")).content).toMatchObject(notebook("2 + 2"));
  await contents.deleteCheckpoint("03-depth.ipynb", checkpoint.id);
  await expect(contents.get("none.ipynb")).rejects.toThrow(/There is no notebook none\.ipynb/);
  contents.dispose();
});

test("the stream of events stays open", async () => {
  const opened: WebSocket[] = [];
  const WebSocketOf = settings.WebSocket;
  class Seen extends WebSocketOf {
    constructor(...given: ConstructorParameters<typeof WebSocketOf>) {
      super(...given);
      opened.push(this);
    }
  }
  const events = new EventManager({ serverSettings: { ...settings, WebSocket: Seen }, standby: "never" });
  for (let tries = 0; tries < 100 && opened[0]?.readyState !== WebSocketOf.OPEN; tries++) await sleep(20);
  await sleep(100);
  expect(opened.map(({ readyState }) => readyState)).toEqual([WebSocketOf.OPEN]);
  events.dispose();
});

describe("a session", () => {
  let session: Session.ISessionConnection;
  let kernel: Kernel.IKernelConnection;

  beforeAll(async () => {
    session = await open("03-depth.ipynb");
    kernel = session.kernel!;
  });

  test("runs cells in the folder of the notebooks, over the binary sub-protocol", async () => {
    expect((await kernel.info).language_info.name).toBe("typescript");
    const { reply, outputs } = await run(kernel, "console.log((globalThis as any).process.cwd()); 40 + 2");
    expect(reply.status).toBe("ok");
    expect(outputs).toEqual([`${course.path("notebooks")}\n`, "42"]);
  });

  test("tells cells where the reader's work lies", async () => {
    const { outputs } = await run(kernel, "console.log((globalThis as any).process.env.DEEPEN_WORK)");
    expect(outputs).toEqual([`${course.path("work")}\n`]);
  });

  test("shows errors, and completes", async () => {
    const { reply, outputs } = await run(kernel, "throw new RangeError('no')");
    expect([reply.status, outputs]).toEqual(["error", ["RangeError"]]);
    const { content } = await kernel.requestComplete({ code: "Math.sq", cursor_pos: 7 });
    expect(content.status === "ok" && content.matches).toContain("sqrt");
  });

  test("loses nothing of what is printed fast", async () => {
    const { outputs } = await run(kernel, "for (let i = 0; i < 20000; i++) console.log(i)");
    expect(outputs.join("")).toBe(Array.from({ length: 20000 }, (_, index) => `${index}\n`).join(""));
  });

  test("is interrupted in a loop after an await, and goes on", async () => {
    const ran = run(kernel, `console.log("in"); ${letOut} while (true) {}`, () => void kernel.interrupt());
    expect((await ran).reply.status).toBe("error");
    expect((await run(kernel, "6 * 7")).outputs).toEqual(["42"]);
  });

  test("restarts: variables are gone, the id stays", async () => {
    await run(kernel, "let kept = 1");
    const { id } = kernel;
    await kernel.restart();
    expect(kernel.id).toBe(id);
    expect((await run(kernel, "typeof (globalThis as any).kept; kept")).reply.status).toBe("error");
    expect((await run(kernel, "1 + 1")).outputs).toEqual(["2"]);
  });

  test("is renamed", async () => {
    await session.setPath("renamed.ipynb");
    expect((await sessions.findByPath("renamed.ipynb"))?.id).toBe(session.id);
    await session.setPath("03-depth.ipynb");
  });

  test("is heard by two pages at once", async () => {
    const other = kernels.connectTo({ model: kernel.model });
    await other.info;
    const heard: string[] = [];
    other.iopubMessage.connect((_, { content }) => {
      if ("text" in content) heard.push(String(content.text));
    });
    await run(kernel, "console.log('to all')");
    for (let tries = 0; tries < 100 && heard.length === 0; tries++) await sleep(20);
    expect(heard).toEqual(["to all\n"]);
    other.dispose();
  });

  test("keeps its kernel over a reload of the page, and what was said meanwhile comes after it", async () => {
    const slow = `let reloaded = 5;
      console.log("before"); await new Promise((resolve) => setTimeout(resolve, 600)); console.log("meanwhile");
      await new Promise((resolve) => setTimeout(resolve, 1200)); console.log("after")`;
    const future = kernel.requestExecute({ code: slow });
    const { msg_id } = future.msg.header;
    await new Promise<void>((resolve) => {
      future.onIOPub = ({ content }) => {
        if ("text" in content) resolve();
      };
    });
    const { model } = session;
    future.done.catch(() => undefined);
    session.dispose();
    await sleep(900);

    session = sessions.connectTo({ model });
    kernel = session.kernel!;
    const heard: string[] = [];
    await new Promise<void>((resolve) => {
      kernel.anyMessage.connect((_, { msg, direction }) => {
        if (direction !== "recv" || (msg.parent_header as { msg_id?: string }).msg_id !== msg_id) return;
        if ("text" in msg.content) heard.push(String(msg.content.text));
        if (msg.header.msg_type === "execute_reply") resolve();
      });
    });
    expect(heard).toEqual(["meanwhile\n", "after\n"]);
    expect((await run(kernel, "reloaded")).outputs).toEqual(["5"]);
  });

  test("ends with its kernel", async () => {
    const pid = Number((await run(kernel, "console.log((globalThis as any).process.pid)")).outputs[0]);
    await session.shutdown();
    expect([...(await listed())]).toEqual([]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});

describe("a kernel killed in mid-cell", () => {
  test("is told on the socket, in the cell and as its state; then the page can start another", async () => {
    const session = await open("killed.ipynb");
    const kernel = session.kernel!;
    const dead = until(kernel.statusChanged, "dead");
    const errors: string[] = [];
    const ran = run(kernel, `console.log((globalThis as any).process.pid); ${letOut} while (true) {}`, (text) => {
      if (/^\d+\n$/.test(text)) process.kill(Number(text), "SIGKILL");
      else errors.push(text);
    });
    expect((await ran).reply.status).toBe("error");
    await dead;
    expect(errors).toEqual(["KernelDied"]);
    expect([...(await listed())]).toEqual([]);

    const next = await open("killed.ipynb");
    expect((await run(next.kernel!, "1 + 1")).outputs).toEqual(["2"]);
    await next.shutdown();
  });
});

async function listed(): Promise<IterableIterator<Session.IModel>> {
  await sessions.refreshRunning();
  return sessions.running();
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
