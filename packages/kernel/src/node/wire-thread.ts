import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { Publisher, Reply, Router, type Socket } from "zeromq";
import type { Connection } from "../client/connection";
import { createMessage, type Channel, type Message, type Sender } from "../core/messages";
import { Interrupter } from "./interrupter";
import { word, type Outgoing, type ToMain, type WireData } from "./link";
import { StreamMerger } from "./merger";
import { Outbox } from "./outbox";
import { watchParent } from "./parent";
import { decode, encode, parts, type Received } from "./wire";

/** How long a blocked main thread may delay the end of the kernel, in milliseconds. */
const exitPatience = 300;

/** The thread that owns all sockets: it answers on control and heartbeat, and lets output out, while a cell blocks. */
class Wire {
  private readonly sender: Sender = { session: randomUUID(), username: "kernel", id: randomUUID };
  private readonly outbox = new Outbox();
  private readonly routers = { shell: router(), control: router(), stdin: router() };
  private readonly iopub = new Publisher({ sendHighWaterMark: 0, linger: 1000 });
  private readonly heartbeat = new Reply({ linger: 0 });
  /** Requests that the main thread has not answered yet, by message id. */
  private readonly open = new Map<string, Received>();
  private readonly state: Int32Array;
  private readonly interrupter: Interrupter;
  private readonly merger = new StreamMerger((message) => {
    this.send(message);
  });

  constructor(
    private readonly connection: Connection,
    private readonly data: WireData,
    private readonly toMain: (message: ToMain) => void,
  ) {
    this.state = new Int32Array(data.state);
    this.interrupter = new Interrupter(
      this.state,
      (serial) => {
        toMain({ type: "kill", serial });
      },
      () => {
        for (const { message } of this.open.values()) toMain({ type: "message", message });
      },
    );
  }

  async start(): Promise<void> {
    await this.bind(this.heartbeat, this.connection.hb_port);
    await this.bind(this.iopub, this.connection.iopub_port);
    await this.bind(this.routers.shell, this.connection.shell_port);
    await this.bind(this.routers.stdin, this.connection.stdin_port);
    await this.bind(this.routers.control, this.connection.control_port);
    void this.beat();
    void this.read("shell", (request) => {
      if (request.message.header.msg_type === "shutdown_request") void this.control(request);
      else this.forward(request);
    });
    void this.read("control", (request) => {
      void this.control(request);
    });
    void this.read("stdin", () => undefined); // this kernel asks for no input, so no answer to it is expected
    for (const signals of this.data.signals) {
      signals.on("message", () => {
        this.interrupter.interrupt();
      });
    }
  }

  /** Takes what the main thread made. */
  take(message: Outgoing): void {
    Atomics.sub(this.state, word.waiting, 1);
    this.merger.push(message);
  }

  private send(message: Outgoing): void {
    if (message.channel === "iopub") {
      this.outbox.push(this.iopub, this.frames(message, [message.messageType]));
      return;
    }
    const request = this.open.get(message.parent);
    if (request === undefined) return; // answered before: a request that came twice
    this.open.delete(message.parent);
    this.outbox.push(this.routers[message.channel], this.frames(message, request.routing));
  }

  private async bind(socket: Socket & { bind(address: string): Promise<void> }, port: number): Promise<void> {
    await socket.bind(`${this.connection.transport}://${this.connection.ip}:${port}`);
  }

  private async read(channel: Exclude<Channel, "iopub">, take: (request: Received) => void): Promise<void> {
    for await (const frames of this.routers[channel]) {
      try {
        take(decode(this.connection.key, channel, frames));
      } catch (error) {
        process.stderr.write(`${(error as Error).message}\n`);
      }
    }
  }

  private async beat(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }

  private forward(request: Received): void {
    this.open.set(request.message.header.msg_id, request);
    this.toMain({ type: "message", message: request.message });
  }

  /** Answers at once, whatever the main thread does. */
  private async control(request: Received): Promise<void> {
    const { message, routing } = request;
    const type = message.header.msg_type;
    this.publishStatus(message, "busy");
    const content = this.controlReply(message);
    const reply = createMessage(
      this.sender,
      message.channel,
      type.replace(/_request$/, "_reply"),
      content,
      message.header,
    );
    const socket = message.channel === "shell" ? this.routers.shell : this.routers.control;
    this.outbox.push(socket, encode(this.connection.key, parts(reply), routing));
    this.publishStatus(message, "idle");
    if (type === "shutdown_request") await this.exit();
  }

  private controlReply(message: Message): Record<string, unknown> {
    switch (message.header.msg_type) {
      case "kernel_info_request":
        return this.data.info;
      case "interrupt_request":
        this.interrupter.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        return { status: "ok", restart: message.content.restart === true };
      default: {
        const evalue = `${message.header.msg_type} is not known on the control channel`;
        return { status: "error", ename: "UnknownRequest", evalue, traceback: [] };
      }
    }
  }

  private publishStatus(parent: Message, state: "busy" | "idle"): void {
    const status = createMessage(this.sender, "iopub", "status", { execution_state: state }, parent.header);
    this.outbox.push(this.iopub, encode(this.connection.key, parts(status), ["status"]));
  }

  private frames(message: Outgoing, routing: readonly (Buffer | string)[]): (Uint8Array | string)[] {
    return encode(this.connection.key, message.parts, routing, message.buffers);
  }

  private async exit(): Promise<void> {
    await this.outbox.idle();
    for (const socket of [...Object.values(this.routers), this.iopub, this.heartbeat]) socket.close();
    this.toMain({ type: "exit" });
    setTimeout(() => process.kill(process.pid, "SIGKILL"), exitPatience);
  }
}

function router(): Router {
  return new Router({ sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 1000 });
}

async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error("wire-thread.js is started by main.js, as a worker");
  const data = workerData as WireData;
  watchParent();
  const connection = JSON.parse(readFileSync(data.connectionFile, "utf8")) as Connection;
  const wire = new Wire(connection, data, (message) => {
    port.postMessage(message);
  });
  port.on("message", (message: Outgoing) => {
    wire.take(message);
  });
  await wire.start();
}

void main();
