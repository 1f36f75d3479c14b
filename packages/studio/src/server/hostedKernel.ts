import { randomUUID } from "node:crypto";
import { kernelName, type Exit, type Header, type Kernel, type Message } from "@deepen/kernel";
import { Backlog } from "./backlog";
import { HttpError } from "./httpError";

/** Something that wants every message of a kernel: a WebSocket. */
export interface Listener {
  deliver(message: Message): void;
}

/** Jupyter's model of a kernel. */
export interface KernelModel {
  readonly id: string;
  readonly name: string;
  readonly last_activity: string;
  readonly execution_state: string;
  readonly connections: number;
  /** Why the kernel is dead, where it is. */
  readonly reason?: string;
}

/** Starts a kernel process; the promise is kept once it answers. */
export type Launch = () => Promise<Kernel>;

/**
 * One kernel and those who listen to it.
 *
 * Every listener gets every message (clients pick theirs by parent header). While nobody listens, as between the two
 * sides of a page reload, messages wait. A kernel that dies is not replaced unasked: its variables are gone, and the
 * reader should know before he runs the next cell; `restart` gives it a new process under the same id.
 */
export class HostedKernel {
  readonly id = randomUUID();
  private readonly listeners = new Set<Listener>();
  private readonly backlog = new Backlog();
  /** Execute requests that the kernel has not answered yet, oldest first. */
  private readonly unanswered = new Map<string, Header>();
  /** What clients sent while the kernel restarts. */
  private held: Message[] = [];
  private kernel: Kernel;
  private session: string = randomUUID();
  private state = "idle";
  private reason: string | undefined;
  private restarting: Promise<void> | undefined;
  private active = new Date();

  constructor(
    kernel: Kernel,
    private readonly launch: Launch,
  ) {
    this.kernel = kernel;
    this.follow(kernel);
  }

  /** Process id of the kernel. */
  get pid(): number {
    return this.kernel.pid;
  }

  /** Whether the kernel's process has ended unasked and nobody has restarted it. */
  get isDead(): boolean {
    return this.state === "dead";
  }

  /** Whether nothing runs, nobody listens, and that for longer than `milliseconds`. */
  unusedFor(milliseconds: number): boolean {
    const quiet = Date.now() - this.active.getTime() >= milliseconds;
    return quiet && this.listeners.size === 0 && (this.state === "idle" || this.isDead);
  }

  model(): KernelModel {
    return {
      id: this.id,
      name: kernelName,
      last_activity: this.active.toISOString(),
      execution_state: this.state,
      connections: this.listeners.size,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
    };
  }

  /** Adds a listener, which first gets what waited; the returned function takes it away. */
  attach(listener: Listener): () => void {
    const { messages, dropped } = this.backlog.drain();
    if (dropped > 0) {
      const text = `${dropped} older messages of this kernel were dropped while no page was connected.\n`;
      listener.deliver(this.message("iopub", "stream", messages[0]?.parent_header ?? {}, { name: "stderr", text }));
    }
    for (const message of messages) listener.deliver(message);
    if (this.isDead) listener.deliver(this.message("iopub", "status", {}, { execution_state: "dead" }));
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      this.active = new Date();
    };
  }

  /** Passes a client's message to the kernel. */
  send(message: Message): void {
    if (this.isDead) return; // its sender has been told, and gets no answer from the dead
    if (this.restarting !== undefined) {
      this.held.push(message);
      return;
    }
    this.active = new Date();
    if (message.channel === "shell" && message.header.msg_type === "execute_request") {
      this.unanswered.set(message.header.msg_id, message.header);
    }
    this.kernel.send(message);
  }

  /** @throws HttpError 409 if the kernel is dead */
  async interrupt(): Promise<void> {
    if (this.isDead) throw new HttpError(409, "This kernel has died: restart it.", "dead");
    await this.kernel.interrupt();
  }

  /**
   * Gives the kernel a new process; requests that the old one has not answered are answered "aborted".
   * @throws HttpError 500 if the new process does not start; the kernel is then dead
   */
  async restart(): Promise<void> {
    this.restarting ??= this.replace().finally(() => {
      this.restarting = undefined;
    });
    await this.restarting;
    for (const message of this.held.splice(0)) this.send(message);
  }

  /** Ends the kernel; listeners are told that it is dead. */
  async shutdown(): Promise<void> {
    await this.restarting?.catch(() => undefined);
    if (this.isDead) return;
    this.die("The kernel was shut down.");
    await this.kernel.shutdown();
  }

  private async replace(): Promise<void> {
    const wasDead = this.isDead;
    this.abort();
    this.backlog.drain();
    this.state = "restarting";
    this.reason = undefined;
    try {
      if (wasDead) {
        this.kernel = await this.launch();
        this.follow(this.kernel);
      } else {
        await this.kernel.restart();
      }
      this.state = "idle";
    } catch (error) {
      this.held = [];
      this.die(`The kernel did not start again. ${(error as Error).message}`);
      throw new HttpError(500, `The kernel did not start again. ${(error as Error).message}`, "kernel-start");
    }
  }

  private follow(kernel: Kernel): void {
    kernel.onMessage((message) => {
      this.hear(message);
    });
    kernel.onExit((exit) => {
      if (kernel === this.kernel && !this.isDead && this.restarting === undefined) this.mourn(exit);
    });
  }

  private hear(message: Message): void {
    this.session = message.header.session;
    this.active = new Date();
    const { channel, content, parent_header: parent } = message;
    if (channel === "iopub" && message.header.msg_type === "status" && typeof content.execution_state === "string") {
      if (this.restarting === undefined && !this.isDead) this.state = content.execution_state;
    }
    if (channel === "shell" && message.header.msg_type === "execute_reply") {
      this.unanswered.delete(parent.msg_id ?? "");
    }
    this.tell(message);
  }

  /** Tells of a death nobody asked for: in the cell that ran, to the requests that waited, and as the kernel's state. */
  private mourn(exit: Exit): void {
    const how = exit.signal === null ? `exit code ${exit.code ?? "unknown"}` : `signal ${exit.signal}`;
    const reason = `The kernel ended (${how}). Its variables are gone; the notebook's text is not. Restart the kernel and run the cells again.`;
    const [running] = this.unanswered.values();
    if (running !== undefined) {
      const error = { ename: "KernelDied", evalue: reason, traceback: [`KernelDied: ${reason}`] };
      this.unanswered.delete(running.msg_id);
      this.tell(this.message("iopub", "error", running, error));
      this.tell(this.message("shell", "execute_reply", running, { status: "error", execution_count: null, ...error }));
      this.tell(this.message("iopub", "status", running, { execution_state: "idle" }));
    }
    this.die(reason);
  }

  private die(reason: string): void {
    this.abort();
    this.state = "dead";
    this.reason = reason;
    this.tell(this.message("iopub", "status", {}, { execution_state: "dead" }));
  }

  private abort(): void {
    for (const header of this.unanswered.values()) {
      this.tell(this.message("shell", "execute_reply", header, { status: "aborted", execution_count: null }));
      this.tell(this.message("iopub", "status", header, { execution_state: "idle" }));
    }
    this.unanswered.clear();
  }

  private tell(message: Message): void {
    if (this.listeners.size === 0) this.backlog.push(message);
    for (const listener of [...this.listeners]) listener.deliver(message);
  }

  /** A message in the kernel's name; it carries the kernel's session, by which clients tell old messages from new. */
  private message(
    channel: "shell" | "iopub",
    type: string,
    parent: Partial<Header>,
    content: Record<string, unknown>,
  ): Message {
    const date = new Date().toISOString();
    return {
      channel,
      header: { msg_id: randomUUID(), msg_type: type, session: this.session, username: "studio", date, version: "5.3" },
      parent_header: parent,
      metadata: {},
      content,
      buffers: [],
    };
  }
}
