import { of, pause, run, sharedKernel, until } from "./support";

const kernel = sharedKernel();

test("100,000 printed lines arrive whole and in order, in few messages, before the reply", async () => {
  const { stdout, messages, reply } = await run(kernel(), "for (let i = 0; i < 100_000; i++) console.log('line', i);");
  expect(reply.status).toBe("ok");
  expect(stdout).toBe(Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`).join(""));
  // 1.1 MB in pieces of at most 64 KiB or 20 ms: about 20 to 100 of them, and not 100,000.
  expect(of(messages, "stream").length).toBeLessThan(1000);
});

test("stdout, stderr and displays keep their order", async () => {
  const { messages } = await run(
    kernel(),
    'import { display } from "tslab";\nconsole.log(1); console.error(2); display.text("3"); console.log(4); console.warn(5);',
  );
  const shown = messages.flatMap(({ header, content }) => {
    if (header.msg_type === "stream") return [`${String(content.name)}: ${String(content.text).trim()}`];
    return header.msg_type === "display_data" ? [JSON.stringify(content.data)] : [];
  });
  expect(shown).toEqual(["stdout: 1", "stderr: 2", '{"text/plain":"3"}', "stdout: 4", "stderr: 5"]);
});

test("output comes out while a cell blocks", async () => {
  let printedAfter = Infinity;
  const start = Date.now();
  await run(
    kernel(),
    "console.log('early'); { const end = Date.now() + 100; while (Date.now() < end) {} } console.log('now'); const stop = Date.now() + 1500; while (Date.now() < stop) {}",
    {
      onMessage: ({ header }) => {
        if (header.msg_type === "stream") printedAfter = Math.min(printedAfter, Date.now() - start);
      },
    },
  );
  expect(Date.now() - start - printedAfter).toBeGreaterThan(1000); // it blocks for 1500 ms after the second line
});

test("process.stdout.write, tables and groups print without colours", async () => {
  const { stdout } = await run(
    kernel(),
    'require("process").stdout.write("raw "); console.group("g"); console.log({ a: 1 }); console.groupEnd(); console.table([{ b: 2 }]);',
  );
  expect(stdout).toMatch(/^raw g\n {2}\{ a: 1 \}\n/);
  expect(stdout).toContain("│ b │");
  // eslint-disable-next-line no-control-regex
  expect(stdout).not.toMatch(/\u001b/);
});

test("what a timer of an earlier cell prints goes to that cell, not to the running one", async () => {
  const late: string[] = [];
  const listening = kernel().onMessage(({ header, content, parent_header }) => {
    if (header.msg_type === "stream") late.push(`${parent_header.msg_id}: ${String(content.text).trim()}`);
  });
  const first = await run(kernel(), "setTimeout(() => console.log('late'), 150);");
  const next = await run(kernel(), "await new Promise(resolve => setTimeout(resolve, 500)); console.log('next');");
  listening();
  expect(next.stdout).toBe("next\n");
  expect(late).toContain(`${first.messages[0].parent_header.msg_id}: late`);
});

test("newDisplay updates its output in place", async () => {
  const { messages } = await run(
    kernel(),
    'import { newDisplay } from "tslab";\nconst place = newDisplay(); place.html("<b>1</b>"); place.html("<b>2</b>");',
  );
  const [first] = of(messages, "display_data");
  const [second] = of(messages, "update_display_data");
  expect(first.content.data).toEqual({ "text/html": "<b>1</b>" });
  expect(second.content.data).toEqual({ "text/html": "<b>2</b>" });
  expect(first.content.transient).toEqual(second.content.transient);
  expect(Object.keys(first.content.transient as object)).toEqual(["display_id"]);
});

test("tslab's display encodes bytes, and tells versions", async () => {
  const { messages, result } = await run(
    kernel(),
    'import * as tslab from "tslab";\ntslab.display.png(new Uint8Array([1, 2, 3])); tslab.versions.typescript',
  );
  expect(of(messages, "display_data")[0].content.data).toEqual({ "image/png": "AQID" });
  expect(result).toBe("'5.0.4'");
});

test("the host object shows whole bundles with metadata and ids", async () => {
  const { messages } = await run(
    kernel(),
    `const host = (globalThis as any)[Symbol.for("deepen.kernel")];
host.display({ "application/json": { a: [1] }, "text/plain": "a" }, { metadata: { m: 1 }, displayId: "d1" });
host.display({ "text/plain": "b" }, { displayId: "d1", update: true });`,
  );
  expect(of(messages, "display_data")[0].content).toEqual({
    data: { "application/json": { a: [1] }, "text/plain": "a" },
    metadata: { m: 1 },
    transient: { display_id: "d1" },
  });
  expect(of(messages, "update_display_data")[0].content).toMatchObject({ transient: { display_id: "d1" } });
});

test("guards are called before and after each cell, and at once for the cell that registers them", async () => {
  await run(
    kernel(),
    `const log: string[] = [];
(globalThis as any)[Symbol.for("deepen.kernel")].guard(() => { log.push("begin"); return (outcome: string) => log.push(outcome); });
log.push("registered");`,
  );
  await run(kernel(), "throw new Error('x')", { stopOnError: false });
  expect((await run(kernel(), "log.join()")).result).toBe("'begin,registered,completed,begin,failed,begin'");
});

test("a guard that throws is told of and stops nothing", async () => {
  const registered = await run(
    kernel(),
    '(globalThis as any)[Symbol.for("deepen.kernel")].guard(() => { throw new Error("bad guard"); });',
  );
  expect(registered.stderr).toContain("A guard failed: Error: bad guard");
  expect((await run(kernel(), "1 + 1")).result).toBe("2");
});

test("a value that can not be sent as JSON is an error of the cell, and the kernel works on", async () => {
  const { reply } = await run(kernel(), 'require("tslab").display.raw("application/json", { n: 1n });');
  expect(reply).toMatchObject({ status: "error", ename: "TypeError" });
  expect((await run(kernel(), "1 + 1")).result).toBe("2");
});

test("late errors and rejections are told to the reader, and the kernel works on", async () => {
  let told = "";
  const listening = kernel().onMessage(({ header, content }) => {
    if (header.msg_type === "stream" && content.name === "stderr") told += String(content.text);
  });
  await run(kernel(), "\nsetTimeout(() => { throw new RangeError('from a timer'); }, 20);");
  await run(kernel(), "void Promise.reject(new TypeError('nobody caught me'));");
  await run(kernel(), "void Promise.reject(undefined);");
  await until("both errors", () => told.includes("from a timer") && told.includes("nobody caught me"));
  await pause(50);
  listening();
  expect(told).toMatch(/Uncaught error outside of a cell: RangeError: from a timer\n[^]*cell \d+:2:/);
  expect(told).toContain("Unhandled promise rejection: TypeError: nobody caught me");
  expect((await run(kernel(), "1 + 1")).result).toBe("2");
});
