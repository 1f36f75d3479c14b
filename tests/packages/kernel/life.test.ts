import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { kernelSpec, startKernel, type Kernel } from "../../../packages/kernel/src/index";
import { alive, connectionFile, notebooks, pause, run, until } from "./support";

const takenPort = path.join(__dirname, "takenPort.js");
const started: Kernel[] = [];
const start = async (options: Partial<Parameters<typeof startKernel>[0]> = {}): Promise<Kernel> => {
  const kernel = await startKernel({ cwd: notebooks, ...options });
  started.push(kernel);
  return kernel;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((kernel) => kernel.shutdown()));
});

const posix = process.platform === "win32" ? test.skip : test;

posix("the connection file is private while the kernel runs, and gone after it", async () => {
  const kernel = await start();
  const file = connectionFile(kernel.pid);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  await kernel.shutdown();
  expect(existsSync(path.dirname(file))).toBe(false);
  expect(alive(kernel.pid)).toBe(false);
});

test("a port that another program takes before the kernel has it costs a second start, not the kernel", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "deepen-ports-"));
  const starts = path.join(folder, "starts");
  const spec = kernelSpec();
  const argv = spec.argv.flatMap((part) => (part.endsWith("main.js") ? [takenPort, starts, part] : [part]));
  try {
    const kernel = await start({ spec: { ...spec, argv } });
    expect((await run(kernel, "6 * 7")).result).toBe("42");
    expect(readFileSync(starts, "utf8")).toBe("taken\nfree\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a restart is a new process with fresh variables and a count from 1, through the same object", async () => {
  const kernel = await start();
  await run(kernel, "let variable = 1;");
  const pids = [kernel.pid];
  for (let round = 0; round < 2; round++) {
    await kernel.restart();
    pids.push(kernel.pid);
    const { reply } = await run(kernel, "variable");
    expect(reply).toMatchObject({ status: "error", execution_count: 1, ename: "TypeScriptError" });
  }
  expect(new Set(pids).size).toBe(3);
  expect(pids.slice(0, 2).map(alive)).toEqual([false, false]);
});

test("a kernel that blocks is shut down in time", async () => {
  const kernel = await start();
  const blocked = kernel.execute("while (true) {}").catch((error: unknown) => String(error));
  await pause(300);
  const begin = Date.now();
  await kernel.shutdown();
  expect(Date.now() - begin).toBeLessThan(1900); // by itself: the client would kill it after 2 s
  expect(await blocked).toContain("the kernel was shut down");
  expect(alive(kernel.pid)).toBe(false);
});

test("the death of the kernel rejects what waits for it, and is told to listeners", async () => {
  const kernel = await start();
  const exits: unknown[] = [];
  kernel.onExit((exit) => exits.push(exit));
  const waiting = kernel.execute("while (true) {}");
  await pause(200);
  process.kill(kernel.pid, "SIGKILL");
  await expect(waiting).rejects.toThrow("execute_request: the kernel ended (killed by SIGKILL)");
  await expect(kernel.request("shell", "kernel_info_request", {})).rejects.toThrow("the kernel is not running");
  expect(exits).toEqual([{ code: null, signal: "SIGKILL" }]);
  await kernel.restart();
  expect((await run(kernel, "1 + 1")).result).toBe("2");
});

test("a kernel that does not start tells the end of its stderr", async () => {
  const spec = { ...kernelSpec(), argv: [process.execPath, "-e", "console.error('no engine'); process.exit(3)"] };
  await expect(startKernel({ cwd: notebooks, spec })).rejects.toThrow(/exit code 3[^]*no engine/);
  const nothing = { ...kernelSpec(), argv: ["/no/such/program"] };
  await expect(startKernel({ cwd: notebooks, spec: nothing })).rejects.toThrow(/could not be started[^]*ENOENT/);
  const silent = { ...kernelSpec(), argv: [process.execPath, "-e", "setInterval(() => {}, 1000)"] };
  await expect(startKernel({ cwd: notebooks, spec: silent, startTimeout: 300 })).rejects.toThrow("within 300 ms");
});

test("sending on iopub is refused", async () => {
  const kernel = await start();
  const header = { msg_id: "m", msg_type: "stream", session: "s", username: "u", date: "", version: "5.3" };
  expect(() => {
    kernel.send({ channel: "iopub", header, parent_header: {}, metadata: {}, content: {}, buffers: [] });
  }).toThrow("expected shell, control or stdin, got iopub");
});

posix.each([
  ["idle", "'idle'"],
  ["busy", "await 0; while (true) {}"],
])("kill -9 of the program that started it leaves no %s kernel behind", async (_state, code) => {
  const client = path.resolve(__dirname, "../../../packages/kernel/dist/index.js");
  const script = `const { startKernel } = require(${JSON.stringify(client)});
startKernel({ cwd: ${JSON.stringify(notebooks)} }).then((kernel) => {
  kernel.execute(${JSON.stringify(code)}, { onMessage: (m) => { if (m.header.msg_type === "execute_input") console.log(kernel.pid); } });
});`;
  const server = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  server.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  await until("the kernel's process id", () => printed.includes("\n"), 40_000);
  const pid = Number(printed);
  expect(alive(pid)).toBe(true);
  server.kill("SIGKILL");
  await until("the end of the kernel", () => !alive(pid), 10_000);
});

test("a notebook outside of the project learns what to do", async () => {
  const kernel = await start({ cwd: os.tmpdir() });
  const { reply } = await run(kernel, 'import { tf } from "deepen";');
  expect(reply.ename).toBe("TypeScriptError");
  expect(reply.evalue).toMatch(/no folder from there upwards has deepen.*make a link named node_modules/);
  expect((await run(kernel, 'import { display } from "tslab"; console.log(typeof display.html); 5')).stdout).toBe(
    "function\n",
  );
});
