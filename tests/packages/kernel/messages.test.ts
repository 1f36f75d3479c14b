import type { Message } from "../../../packages/kernel/src/index";
import { of, pause, run, sharedKernel } from "./support";

const kernel = sharedKernel();

const ask = async (type: string, content: Record<string, unknown>): Promise<Message["content"]> =>
  (await kernel().request("shell", type, content)).content;

test("kernel_info tells the true versions, and the editor's mode as a string", async () => {
  const info = await ask("kernel_info_request", {});
  expect(info).toMatchObject({
    status: "ok",
    protocol_version: "5.3",
    implementation: "deepen",
    language_info: {
      name: "typescript",
      version: "5.0.4",
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      nbconvert_exporter: "script",
      codemirror_mode: "typescript",
    },
  });
  expect(kernel().info).toEqual(info);
});

test("a cell is busy, echoed, answered and idle, in that order", async () => {
  const { messages, reply } = await run(kernel(), "console.log('printed');\n6 * 7");
  expect(reply).toMatchObject({ status: "ok", payload: [], user_expressions: {} });
  const iopub = messages.filter(({ channel }) => channel === "iopub");
  expect(iopub.map(({ header, content }) => content.execution_state ?? header.msg_type)).toEqual([
    "busy",
    "execute_input",
    "stream",
    "execute_result",
    "idle",
  ]);
  expect(iopub[1].content).toEqual({
    code: "console.log('printed');\n6 * 7",
    execution_count: reply.execution_count,
  });
  expect(iopub[3].content).toEqual({
    execution_count: reply.execution_count,
    data: { "text/plain": "42" },
    metadata: {},
  });
  const ids = messages.map(({ header }) => header.msg_id);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each([
  ["'text'", "'text'"],
  ["[1, [2, [3]]]", "[ 1, [ 2, [ 3 ] ] ]"],
  ["new Map([['a', 1]])", "Map(1) { 'a' => 1 }"],
  ["null", "null"],
  ["undefined", undefined],
  ["const quiet = 1;", undefined],
])("the last expression %s shows as %s", async (code, shown) => {
  expect((await run(kernel(), code)).result).toBe(shown);
});

test("a silent cell shows what it displays, and nothing else; it does not count", async () => {
  const before = (await run(kernel(), "0")).reply.execution_count;
  const silent = await run(kernel(), "require('tslab').display.text('seen'); 5", { silent: true });
  expect(silent.result).toBeUndefined();
  expect(of(silent.messages, "execute_input")).toEqual([]);
  expect(of(silent.messages, "display_data")).toHaveLength(1);
  expect((await run(kernel(), "0")).reply.execution_count).toBe(before + 1);
});

test("a cell that is not to be stored leaves count and history alone", async () => {
  const before = (await run(kernel(), "'stored'")).reply.execution_count;
  await run(kernel(), "'not stored'", { storeHistory: false });
  const { history } = await ask("history_request", { hist_access_type: "tail", n: 1, output: false, raw: true });
  expect(history).toEqual([[1, before, "'stored'"]]);
  expect((await run(kernel(), "0")).reply.execution_count).toBe(before + 1);
});

test("history answers for tail, range and search, with results where they are asked for", async () => {
  const first = (await run(kernel(), "const apple = 1;")).reply.execution_count;
  await run(kernel(), "apple + 1");
  await run(kernel(), "apple + 1");
  const tail = await ask("history_request", { hist_access_type: "tail", n: 2, output: true, raw: true });
  expect(tail.history).toEqual([
    [1, first + 1, ["apple + 1", "2"]],
    [1, first + 2, ["apple + 1", "2"]],
  ]);
  const range = { hist_access_type: "range", session: 0, start: first, stop: first + 2, output: false, raw: true };
  expect((await ask("history_request", range)).history).toEqual([
    [1, first, "const apple = 1;"],
    [1, first + 1, "apple + 1"],
  ]);
  const search = { hist_access_type: "search", pattern: "*apple +*", unique: true, n: 5, output: false, raw: true };
  expect((await ask("history_request", search)).history).toEqual([[1, first + 2, "apple + 1"]]);
});

test.each([
  ["let done = 1", "complete"],
  ["await fetch('x')", "complete"],
  ["if (true) {", "incomplete"],
  ["let wrong = = 1", "invalid"],
  ["const b = await (fetch('x'));", "invalid"],
])("is_complete says of %j: %s", async (code, status) => {
  expect((await ask("is_complete_request", { code })).status).toBe(status);
});

test("is_complete gives the indent of the next line", async () => {
  expect(await ask("is_complete_request", { code: "  for (;;) {" })).toEqual({ status: "incomplete", indent: "    " });
});

test("complete finds members, counts positions in code points and names kinds", async () => {
  await run(kernel(), "const fruit = { apples: 1, pears: () => 2 };");
  const code = "'😀'; fruit.pe";
  const reply = await ask("complete_request", { code, cursor_pos: Array.from(code).length });
  expect(reply).toMatchObject({ status: "ok", cursor_start: 11, cursor_end: 13 });
  expect((reply.matches as string[])[0]).toBe("pears");
  expect((reply.metadata as Record<string, unknown[]>)._jupyter_types_experimental[0]).toMatchObject({
    text: "pears",
    start: 11,
    end: 13,
  });
});

test("inspect shows the type and the comment of a name, also after the parenthesis of its call", async () => {
  await run(kernel(), "/** Adds one. */\nfunction increment(n: number): number { return n + 1; }");
  for (const code of ["increment", "increment(", "increment(1, (2)", "increment (3"]) {
    const reply = await ask("inspect_request", { code, cursor_pos: code.length, detail_level: 0 });
    expect(reply).toMatchObject({ status: "ok", found: true });
    expect((reply.data as Record<string, string>)["text/plain"]).toContain("increment(n: number): number");
  }
  expect(await ask("inspect_request", { code: "  ", cursor_pos: 1 })).toMatchObject({ found: false, data: {} });
});

test("comm_info knows no comms, and a comm that is opened is closed", async () => {
  expect(await ask("comm_info_request", { target_name: "jupyter.widget" })).toEqual({ status: "ok", comms: {} });
  const closed = new Promise<Message>((resolve) => {
    const stop = kernel().onMessage((message) => {
      if (message.header.msg_type !== "comm_close") return;
      stop();
      resolve(message);
    });
  });
  const header = { msg_id: "open-1", msg_type: "comm_open", session: "s", username: "u", date: "", version: "5.3" };
  const content = { comm_id: "c1", target_name: "nobody", data: {} };
  kernel().send({ channel: "shell", header, parent_header: {}, metadata: {}, content, buffers: [] });
  expect((await closed).content).toEqual({ comm_id: "c1", data: {} });
});

test("an unknown request is answered with an error, on shell and on control", async () => {
  for (const channel of ["shell", "control"] as const) {
    const { content, header } = await kernel().request(channel, "debug_request", {});
    expect(header.msg_type).toBe("debug_reply");
    expect(content).toMatchObject({ status: "error", ename: "UnknownRequest" });
  }
});

test("user expressions are evaluated after the cell, each with its value or its error", async () => {
  const header = { msg_id: "ue", msg_type: "execute_request", session: "s", username: "u", date: "", version: "5.3" };
  const content = {
    code: "const base = 20;",
    silent: false,
    store_history: true,
    user_expressions: { twice: "base * 2", wrong: "nobody", later: "await Promise.resolve(base)" },
  };
  const reply = new Promise<Message>((resolve) => {
    kernel().onMessage((message) => {
      if (message.parent_header.msg_id === "ue" && message.channel === "shell") resolve(message);
    });
  });
  kernel().send({ channel: "shell", header, parent_header: {}, metadata: {}, content, buffers: [] });
  expect((await reply).content.user_expressions).toMatchObject({
    twice: { status: "ok", data: { "text/plain": "40" } },
    wrong: { status: "error", ename: "TypeScriptError" },
    later: { status: "ok", data: { "text/plain": "20" } },
  });
});

test("requests are answered while a cell waits, and on control while a cell blocks", async () => {
  const waiting = run(kernel(), "await new Promise(resolve => setTimeout(resolve, 600)); 'waited'");
  await pause(100);
  let ended = false;
  void waiting.then(() => (ended = true));
  await ask("complete_request", { code: "con", cursor_pos: 3 });
  expect(ended).toBe(false);
  expect((await waiting).result).toBe("'waited'");

  ended = false;
  const blocking = run(kernel(), "const end = Date.now() + 1500; while (Date.now() < end) {}");
  void blocking.then(() => (ended = true));
  await pause(300);
  expect((await kernel().request("control", "kernel_info_request", {})).content.status).toBe("ok");
  expect(ended).toBe(false);
  await blocking;
});
