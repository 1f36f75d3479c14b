import { randomUUID } from "node:crypto";
import { createMessage, type Message, type Sender } from "../core/messages";
import { createConnectionFile, type ConnectionFile } from "./connection";
import { describeExit, KernelProcess, type Exit } from "./process";
import { KernelSockets } from "./sockets";
import { kernelName, kernelSpec, type KernelSpec } from "./spec";
import type { ExecuteOptions, ExecuteReply, Kernel, KernelInfo, StartOptions } from "./types";

/** How long a kernel may be silent on iopub between a reply and its idle status, in milliseconds. */
const idleSilence = 5000;
const portAttempts = 4;

/**
 * Starts a kernel and waits until it answers.
 * @throws Error with the end of the kernel's stderr if it dies or does not answer in time
 */
export async function startKernel(options: StartOptions): Promise<Kernel> {
  const kernel = new RunningKernel(options);
  await kernel.start();
  return kernel;
}

interface Waiting {
  /** Sees every message; true once it needs no more. */
  receive: (message: Message) => boolean;
  reject: (error: Error) => void;
}

class RunningKernel implements Kernel {
  private readonly spec: KernelSpec;
  private readonly sender: Sender;
  private readonly messageListeners = new Set<(message: Message) => void>();
  private readonly exitListeners = new Set<(exit: Exit) => void>();
  private readonly waiting = new Set<Waiting>();
  private process: KernelProcess | undefined;
  private sockets: KernelSockets | undefined;
  private file: ConnectionFile | undefined;
  private kernelInfo: KernelInfo | undefined;
  private ending = false;
  private removing: Promise<unknown> | undefined;

  constructor(private readonly options: StartOptions) {
    this.spec = options.spec ?? kernelSpec();
    this.sender = { session: options.session ?? randomUUID(), username: "deepen", id: randomUUID };
  }

  get pid(): number {
    return this.process?.pid ?? -1;
  }

  get info(): KernelInfo {
    if (this.kernelInfo === undefined) throw new Error("The kernel has not started yet.");
    return this.kernelInfo;
  }

  /** Starts a process; another one takes a port between our look and the kernel's bind now and then: then again. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.launch();
        return;
      } catch (error) {
        const tail = this.process?.tail ?? "";
        await this.release();
        if (attempt === portAttempts || !/EADDRINUSE|Address already in use/i.test(tail)) throw error;
      }
    }
  }

  send(message: Message): void {
    if (this.sockets === undefined) throw new Error(`${message.header.msg_type}: the kernel is not running.`);
    this.sockets.send(message);
  }

  onMessage(listener: (message: Message) => void): () => void {
    this.messageListeners.add(listener);
    return () => this.messageListeners.delete(listener);
  }

  onExit(listener: (exit: Exit) => void): () => void {
    this.exitListeners.add(listener);
    return () => this.exitListeners.delete(listener);
  }

  request(channel: "shell" | "control", type: string, content: Record<string, unknown>): Promise<Message> {
    const message = createMessage(this.sender, channel, type, content);
    return this.wait(message, (answer) => (answer.channel === channel ? answer : undefined));
  }

  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteReply> {
    const message = createMessage(this.sender, "shell", "execute_request", {
      code,
      silent: options.silent ?? false,
      store_history: options.storeHistory ?? options.silent !== true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: options.stopOnError ?? true,
    });
    let reply: ExecuteReply | undefined;
    let idle = false;
    let silence: NodeJS.Timeout | undefined;
    try {
      return await this.wait<ExecuteReply>(message, (answer, settle) => {
        options.onMessage?.(answer);
        if (answer.channel === "shell") reply = answer.content as unknown as ExecuteReply;
        if (answer.channel === "iopub" && answer.content.execution_state === "idle") idle = true;
        if (reply === undefined || idle) return reply;
        clearTimeout(silence);
        const late = reply;
        silence = setTimeout(() => {
          settle(late);
        }, idleSilence);
        return undefined;
      });
    } finally {
      clearTimeout(silence);
    }
  }

  async interrupt(): Promise<void> {
    if (this.spec.interrupt_mode === "message") await this.request("control", "interrupt_request", {});
    else this.process?.kill("SIGINT");
  }

  async restart(): Promise<void> {
    await this.end(true);
    await this.start();
  }

  async shutdown(): Promise<void> {
    await this.end(false);
  }

  private async launch(): Promise<void> {
    this.ending = false;
    const file = await createConnectionFile(kernelName);
    this.file = file;
    const started = new KernelProcess(this.spec, file.file, this.options.cwd, this.options.env ?? {});
    this.process = started;
    this.sockets = new KernelSockets(file.connection, this.sender.session, (message) => {
      this.receive(message);
    });
    void started.exited.then((exit) => {
      if (this.process === started) this.died(started, exit);
    });
    await this.handshake(started);
  }

  /** Asks for kernel_info until a reply and its idle status have come: only then are all sockets connected. */
  private async handshake(started: KernelProcess): Promise<void> {
    const limit = this.options.startTimeout ?? 60_000;
    const asked = new Set<string>();
    let timer: NodeJS.Timeout | undefined;
    let ask: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const idle = new Set<string>();
        const answered = new Set<string>();
        this.waiting.add({
          reject,
          receive: (message) => {
            const id = message.parent_header.msg_id ?? "";
            if (!asked.has(id)) return false;
            if (message.channel === "shell") {
              this.kernelInfo = message.content as unknown as KernelInfo;
              answered.add(id);
            } else if (message.content.execution_state === "idle") {
              idle.add(id);
            }
            if (!answered.has(id) || !idle.has(id)) return false;
            resolve();
            return true;
          },
        });
        const send = () => {
          const message = createMessage(this.sender, "shell", "kernel_info_request", {});
          asked.add(message.header.msg_id);
          this.send(message);
        };
        send();
        ask = setInterval(send, 500);
        timer = setTimeout(() => {
          reject(new Error(`The kernel did not answer within ${limit} ms.${quote(started.tail)}`));
        }, limit);
      });
    } finally {
      clearTimeout(timer);
      clearInterval(ask);
    }
  }

  private wait<T>(message: Message, take: (answer: Message, settle: (value: T) => void) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        reject: (error) => {
          reject(new Error(`${message.header.msg_type}: ${error.message}`));
        },
        receive: (answer) => {
          if (answer.parent_header.msg_id !== message.header.msg_id) return false;
          const value = take(answer, (late) => {
            this.waiting.delete(waiting);
            resolve(late);
          });
          if (value !== undefined) resolve(value);
          return value !== undefined;
        },
      };
      this.waiting.add(waiting);
      try {
        this.send(message);
      } catch (error) {
        this.waiting.delete(waiting);
        reject(error as Error);
      }
    });
  }

  private receive(message: Message): void {
    for (const waiting of [...this.waiting]) {
      if (waiting.receive(message)) this.waiting.delete(waiting);
    }
    for (const listener of [...this.messageListeners]) listener(message);
  }

  private died(process: KernelProcess, exit: Exit): void {
    const asked = this.ending;
    const why = asked ? "the kernel was shut down" : `the kernel ended (${describeExit(exit)}).${quote(process.tail)}`;
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const each of waiting) each.reject(new Error(why));
    void this.release();
    if (!asked && this.kernelInfo !== undefined) for (const listener of [...this.exitListeners]) listener(exit);
  }

  private async end(restart: boolean): Promise<void> {
    const process = this.process;
    if (process === undefined || this.sockets === undefined) return;
    this.ending = true;
    this.send(createMessage(this.sender, "control", "shutdown_request", { restart }));
    if (!(await process.ended(2000))) {
      process.kill("SIGKILL");
      await process.exited;
    }
    await this.release();
  }

  /** Closes sockets, removes the connection file: resolves when nothing of the process is left. */
  private async release(): Promise<void> {
    const { process, sockets, file, removing } = this;
    this.sockets = undefined;
    this.file = undefined;
    sockets?.close();
    process?.kill("SIGKILL");
    this.removing = Promise.all([removing, file?.remove()]);
    await this.removing;
  }
}

function quote(tail: string): string {
  return tail === "" ? "" : ` It wrote last:\n${tail}`;
}
