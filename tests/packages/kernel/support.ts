import { spawnSync } from "node:child_process";
import path from "node:path";
import { startKernel, type ExecuteOptions, type Kernel, type StartOptions } from "../../../packages/kernel/src/index";
import type { ExecuteReply, Message } from "../../../packages/kernel/src/index";

/** The folder of the chapters, where the course's kernels run. */
export const notebooks = path.resolve(__dirname, "../../../notebooks");

/** What came of a cell. */
export interface Ran {
  reply: ExecuteReply;
  /** Every message of the request, those of iopub in order. */
  messages: Message[];
  stdout: string;
  stderr: string;
  /** text/plain of the last expression. */
  result: string | undefined;
}

/** Runs a cell and sorts what came. */
export async function run(kernel: Kernel, code: string, options: ExecuteOptions = {}): Promise<Ran> {
  const messages: Message[] = [];
  const reply = await kernel.execute(code, {
    ...options,
    onMessage: (message) => {
      messages.push(message);
      options.onMessage?.(message);
    },
  });
  const stream = (name: string) =>
    of(messages, "stream")
      .filter(({ content }) => content.name === name)
      .map(({ content }) => String(content.text))
      .join("");
  const data = of(messages, "execute_result").at(0)?.content.data as Record<string, string> | undefined;
  return { reply, messages, stdout: stream("stdout"), stderr: stream("stderr"), result: data?.["text/plain"] };
}

/** The messages of one type. */
export function of(messages: readonly Message[], type: string): Message[] {
  return messages.filter(({ header }) => header.msg_type === type);
}

/** Starts one kernel for all tests of a `describe`, and ends it after them. */
export function sharedKernel(options: Partial<StartOptions> = {}): () => Kernel {
  let kernel: Kernel | undefined;
  beforeAll(async () => {
    kernel = await startKernel({ cwd: notebooks, ...options });
  });
  afterAll(async () => {
    await kernel?.shutdown();
  });
  return () => {
    if (kernel === undefined) throw new Error("the kernel did not start");
    return kernel;
  };
}

/** Waits until `condition` holds; fails with `what` after `milliseconds`. */
export async function until(what: string, condition: () => boolean, milliseconds = 15_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${milliseconds} ms for: ${what}`);
    await pause(20);
  }
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Path of the connection file that a kernel was started with (POSIX). */
export function connectionFile(pid: number): string {
  return (
    spawnSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" })
      .stdout.trim()
      .split(" ")
      .at(-1) ?? ""
  );
}

/** True while a process with this id exists (a zombie counts as gone). */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
