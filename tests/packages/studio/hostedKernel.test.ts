import type { Message } from "@deepen/kernel";
import { HostedKernel, type Listener } from "../../../packages/studio/src/server/hostedKernel";
import { FakeKernel, message } from "./support/fakeKernel";

class Ear implements Listener {
  readonly heard: Message[] = [];

  deliver(said: Message): void {
    this.heard.push(said);
  }

  /** Channel, type and what matters of the content, in order. */
  get lines(): string[] {
    return this.heard.map(({ channel, header, content, parent_header }) => {
      const detail = content.execution_state ?? content.status ?? content.ename ?? content.text ?? "";
      return [channel, header.msg_type, String(detail), parent_header.msg_id ?? ""]
        .filter((part) => part !== "")
        .join(" ");
    });
  }
}

let fake: FakeKernel;
let launched: FakeKernel[];
let kernel: HostedKernel;

beforeEach(() => {
  fake = new FakeKernel();
  launched = [];
  kernel = new HostedKernel(fake, () => {
    launched.push(new FakeKernel());
    return Promise.resolve(launched.at(-1)!);
  });
});

const busy = () => message("iopub", "status", { execution_state: "busy" });
const print = (text: string) => message("iopub", "stream", { name: "stdout", text });
function ask(id: string): Message {
  const request = message("shell", "execute_request", { code: id });
  request.header.msg_id = id;
  return request;
}

test("every listener gets every message, of every channel", () => {
  const ears = [new Ear(), new Ear()];
  for (const ear of ears) kernel.attach(ear);
  fake.say(print("a"));
  fake.say(message("shell", "execute_reply", { status: "ok" }));
  for (const ear of ears) expect(ear.lines).toEqual(["iopub stream a", "shell execute_reply ok"]);
});

test("what is said while nobody listens waits, in order, for the next listener, and is told once", () => {
  const detach = kernel.attach(new Ear());
  detach();
  fake.say(print("during"));
  fake.say(print("the reload"));
  const [first, second] = [new Ear(), new Ear()];
  kernel.attach(first);
  kernel.attach(second);
  fake.say(print("after"));
  expect(first.lines).toEqual(["iopub stream during", "iopub stream the reload", "iopub stream after"]);
  expect(second.lines).toEqual(["iopub stream after"]);
});

test("what waits is bounded: the oldest goes, and the listener is told how much", () => {
  const piece = "x".repeat(8 << 20);
  for (let index = 0; index < 12; index++) fake.say(print(`${index} ${piece}`));
  const ear = new Ear();
  kernel.attach(ear);
  const numbers = ear.heard.slice(1).map(({ content }) => Number(String(content.text).split(" ")[0]));
  expect(numbers).toEqual([5, 6, 7, 8, 9, 10, 11]);
  expect(ear.heard[0]!.content).toEqual({
    name: "stderr",
    text: "5 older messages of this kernel were dropped while no page was connected.\n",
  });
});

test("the model follows the kernel's state and counts connections", () => {
  expect(kernel.model()).toMatchObject({ id: kernel.id, name: "tslab", execution_state: "idle", connections: 0 });
  const detach = kernel.attach(new Ear());
  fake.say(busy());
  expect(kernel.model()).toMatchObject({ execution_state: "busy", connections: 1 });
  detach();
  expect(kernel.model().connections).toBe(0);
});

describe("a kernel that dies in mid-cell", () => {
  test("is told in the running cell, to the cells that waited, and as its state; nothing is restarted unasked", () => {
    const ear = new Ear();
    kernel.attach(ear);
    for (const id of ["done", "running", "waiting"]) kernel.send(ask(id));
    fake.say(message("shell", "execute_reply", { status: "ok" }, { msg_id: "done" }));
    ear.heard.length = 0;
    fake.die({ code: null, signal: "SIGKILL" });
    expect(ear.lines).toEqual([
      "iopub error KernelDied running",
      "shell execute_reply error running",
      "iopub status idle running",
      "shell execute_reply aborted waiting",
      "iopub status idle waiting",
      "iopub status dead",
    ]);
    expect(ear.heard[0]!.content.evalue).toMatch(/signal SIGKILL.*Restart the kernel/);
    expect(new Set(ear.heard.map(({ header }) => header.session))).toEqual(new Set(["session"]));
    expect([kernel.isDead, kernel.model().execution_state, launched.length]).toEqual([true, "dead", 0]);
    expect(kernel.model().reason).toMatch(/signal SIGKILL/);
  });

  test("while no page is connected, is told to the next one", () => {
    kernel.send(ask("running"));
    fake.die({ code: 1, signal: null });
    const ear = new Ear();
    kernel.attach(ear);
    expect(ear.lines).toContain("iopub error KernelDied running");
    expect(ear.lines).toContain("iopub status dead");
  });

  test("can be restarted: a new process under the same id", async () => {
    const ear = new Ear();
    kernel.attach(ear);
    fake.die({ code: 1, signal: null });
    await kernel.restart();
    expect([kernel.isDead, launched.length, kernel.model().reason]).toEqual([false, 1, undefined]);
    kernel.send(ask("next"));
    expect(launched[0]!.received.map(({ header }) => header.msg_id)).toEqual(["next"]);
    launched[0]!.say(print("alive"));
    expect(ear.lines.at(-1)).toBe("iopub stream alive");
  });

  test("takes no more messages and no interrupt", async () => {
    fake.die({ code: 1, signal: null });
    kernel.send(ask("late"));
    expect(fake.received).toEqual([]);
    await expect(kernel.interrupt()).rejects.toThrow(/has died: restart it/);
  });
});

describe("a restart", () => {
  test("aborts what was not answered, holds what comes meanwhile, and sends it to the new process", async () => {
    const ear = new Ear();
    kernel.attach(ear);
    kernel.send(ask("old"));
    let open: () => void = () => undefined;
    fake.gate = new Promise((resolve) => (open = resolve));
    const restarted = Promise.all([kernel.restart(), kernel.restart()]);
    expect(kernel.model().execution_state).toBe("restarting");
    expect(ear.lines).toEqual(["shell execute_reply aborted old", "iopub status idle old"]);
    kernel.send(ask("new"));
    expect(fake.received.map(({ header }) => header.msg_id)).toEqual(["old"]);
    open();
    await restarted;
    expect(fake.calls).toEqual(["restart"]);
    expect(fake.received.map(({ header }) => header.msg_id)).toEqual(["old", "new"]);
    expect(kernel.model().execution_state).toBe("idle");
  });

  test("that fails leaves a dead kernel, and says why", async () => {
    const ear = new Ear();
    kernel.attach(ear);
    fake.gate = Promise.reject(new Error("no memory"));
    await expect(kernel.restart()).rejects.toThrow(/did not start again\. no memory/);
    expect(ear.lines.at(-1)).toBe("iopub status dead");
    expect(kernel.model().reason).toContain("no memory");
  });
});

test("a shutdown tells listeners and ends the process; the death that follows is no news", async () => {
  const ear = new Ear();
  kernel.attach(ear);
  await kernel.shutdown();
  fake.die({ code: 0, signal: null });
  await kernel.shutdown();
  expect(ear.lines).toEqual(["iopub status dead"]);
  expect(fake.calls).toEqual(["shutdown"]);
});

test("a kernel is unused only while it runs nothing and nobody listens", () => {
  expect(kernel.unusedFor(0)).toBe(true);
  expect(kernel.unusedFor(60_000)).toBe(false);
  const detach = kernel.attach(new Ear());
  expect(kernel.unusedFor(0)).toBe(false);
  detach();
  fake.say(busy());
  expect(kernel.unusedFor(0)).toBe(false);
});
