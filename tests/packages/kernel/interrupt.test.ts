import { startKernel, type ExecuteReply, type Message } from "../../../packages/kernel/src/index";
import { alive, notebooks, of, pause, run, sharedKernel } from "./support";

const kernel = sharedKernel();

/** Runs a cell, stops it once it runs, and gives the reply and how long it took from the stop. */
async function stop(
  code: string,
  interrupt: () => Promise<void> = () => kernel().interrupt(),
): Promise<{ reply: ExecuteReply; milliseconds: number; messages: Message[] }> {
  let stopped = Infinity;
  const running = run(kernel(), `console.log("runs");\n${code}`, {
    onMessage: ({ header }) => {
      if (header.msg_type !== "stream" || stopped !== Infinity) return;
      stopped = Date.now();
      setTimeout(() => void interrupt(), 50); // the line is out, the code after it has begun
    },
  });
  const { reply, messages } = await running;
  return { reply, milliseconds: Date.now() - stopped, messages };
}

beforeAll(async () => {
  await run(
    kernel(),
    `let variable = "kept";
const host = (globalThis as any)[Symbol.for("deepen.kernel")];
const outcomes: string[] = [];
host.guard(() => (outcome: string) => outcomes.push(outcome));
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));`,
  );
});

/** The kernel works on: variables are there, awaits and timers work, nothing of the dead cell prints. */
async function worksOn(): Promise<void> {
  const { stdout, result, stderr } = await run(
    kernel(),
    "await sleep(120); await null; console.log('only this'); variable",
  );
  expect({ stdout, result, stderr }).toEqual({ stdout: "only this\n", result: "'kept'", stderr: "" });
}

test.each([
  ["a synchronous loop", "while (true) {}"],
  ["a synchronous loop after an await", "await 0; while (true) {}"],
  ["a synchronous loop after a timer", "await sleep(10); while (true) {}"],
  ["a synchronous loop in a timer", "setTimeout(() => { while (true) {} }, 5); await new Promise(() => {});"],
  [
    "a loop that catches all",
    "for (;;) { try { await null; for (;;) {} } catch {} finally { console.log('finally'); } }",
  ],
  ["a promise that never settles", "await new Promise(() => {});"],
  ["a chain of promises", "for (;;) await null;"],
  ["a chain of timers", "for (;;) { await sleep(5); console.log('leftover'); }"],
  [
    "a chain that goes on beside the cell",
    "void (async () => { for (;;) { await sleep(5); console.log('leftover'); } })(); await new Promise(() => {});",
  ],
  ["an interval", "setInterval(() => console.log('leftover'), 5); await new Promise(() => {});"],
  ["endless printing", "for (;;) console.log('leftover');"],
  ["endless recursion that is caught", "const f = (): void => { try { f(); } catch { f(); } }; f();"],
  ["a long regular expression", "/(a+)+b/.test('a'.repeat(60));"],
])("%s is stopped, and the kernel works on", async (_title, code) => {
  const { reply, messages } = await stop(code);
  expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
  expect(of(messages, "error")).toHaveLength(1);
  await worksOn();
  expect((await run(kernel(), "outcomes.filter(each => each === 'killed').length > 0")).result).toBe("true");
  await run(kernel(), "outcomes.length = 0");
});

test("a loop that looks at the stop signal ends by itself, with what it has", async () => {
  const { reply, milliseconds, messages } = await stop(
    "let steps = 0; const found: number[] = [];\nwhile (!host.stopRequested()) { found.push(steps++); await sleep(5); }\nfound.length === steps",
  );
  expect(reply.status).toBe("ok");
  expect(of(messages, "execute_result")[0].content.data).toEqual({ "text/plain": "true" });
  expect(milliseconds).toBeLessThan(1000); // it has a second before it is stopped by force
  expect((await run(kernel(), "[found.length > 0, host.stopRequested()]")).result).toBe("[ true, false ]");
  expect((await run(kernel(), "outcomes.at(-2)")).result).toBe("'completed'");
});

test("a stopped cell keeps the values that it has set", async () => {
  const { reply } = await stop("const partial = [1, 2]; variable = 'kept'; while (true) {}");
  expect(reply.ename).toBe("Interrupted");
  expect((await run(kernel(), "partial")).result).toBe("[ 1, 2 ]");
});

test("cells that wait behind a stopped one are aborted, also when it ended by itself", async () => {
  const first = stop("while (!host.stopRequested()) await sleep(5);");
  await pause(10);
  const second = kernel().execute("'behind'");
  expect((await first).reply.status).toBe("ok");
  expect((await second).status).toBe("aborted");
  await worksOn();
});

test("interrupts in quick succession stop one cell", async () => {
  const many = async () => {
    await Promise.all(Array.from({ length: 20 }, () => kernel().interrupt()));
  };
  expect((await stop("await 0; while (true) {}", many)).reply.ename).toBe("Interrupted");
  await worksOn();
});

test("an interrupt when nothing runs is harmless, also right before a cell", async () => {
  await kernel().interrupt();
  await kernel().interrupt();
  await worksOn();
});

test("a cell that is stopped while it is compiled does not run", async () => {
  const fresh = await startKernel({ cwd: notebooks }); // the first cell waits for the compiler to read its libraries
  try {
    const running = fresh.execute("(globalThis as any).ran = 'ran';");
    await pause(30);
    await fresh.interrupt();
    expect(await running).toMatchObject({ status: "error", ename: "Interrupted" });
    expect((await run(fresh, "(globalThis as any).ran ?? 'did not run'")).result).toBe("'did not run'");
  } finally {
    await fresh.shutdown();
  }
});

const signals = process.platform === "win32" ? describe.skip : describe;
signals("SIGINT", () => {
  const signal = (): Promise<void> => {
    process.kill(kernel().pid, "SIGINT");
    return Promise.resolve();
  };

  test.each(["while (true) {}", "await 0; while (true) {}", "await new Promise(() => {});"])(
    "stops %s",
    async (code) => {
      expect((await stop(code, signal)).reply.ename).toBe("Interrupted");
      await worksOn();
    },
  );

  test("in quick succession, and when nothing runs, does not end the kernel", async () => {
    for (let i = 0; i < 100; i++) {
      await signal();
      if (i % 2 === 0) await pause(i % 5);
    }
    expect(alive(kernel().pid)).toBe(true);
    await worksOn();
  });
});
