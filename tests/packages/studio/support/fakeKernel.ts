import { randomUUID } from "node:crypto";
import type { Channel, Exit, Kernel, KernelInfo, Message } from "@deepen/kernel";

/** A kernel that does nothing by itself: the test says what it says and when it dies. */
export class FakeKernel implements Kernel {
  readonly pid = 0;
  readonly info = {} as KernelInfo;
  readonly received: Message[] = [];
  readonly calls: string[] = [];
  /** Awaited by `restart`. */
  gate: Promise<void> = Promise.resolve();
  private readonly messageListeners = new Set<(message: Message) => void>();
  private readonly exitListeners = new Set<(exit: Exit) => void>();

  send(message: Message): void {
    this.received.push(message);
  }

  onMessage(listener: (message: Message) => void): () => void {
    this.messageListeners.add(listener);
    return () => this.messageListeners.delete(listener);
  }

  onExit(listener: (exit: Exit) => void): () => void {
    this.exitListeners.add(listener);
    return () => this.exitListeners.delete(listener);
  }

  request(): Promise<Message> {
    return Promise.reject(new Error("not asked in these tests"));
  }

  execute(): ReturnType<Kernel["execute"]> {
    return Promise.reject(new Error("not asked in these tests"));
  }

  interrupt(): Promise<void> {
    this.calls.push("interrupt");
    return Promise.resolve();
  }

  async restart(): Promise<void> {
    this.calls.push("restart");
    await this.gate;
  }

  shutdown(): Promise<void> {
    this.calls.push("shutdown");
    return Promise.resolve();
  }

  /** Says something to whoever listens. */
  say(message: Message): void {
    for (const listener of this.messageListeners) listener(message);
  }

  /** Dies unasked. */
  die(exit: Exit): void {
    for (const listener of this.exitListeners) listener(exit);
  }
}

/** A message with what matters given and the rest made up. */
export function message(
  channel: Channel,
  type: string,
  content: Record<string, unknown> = {},
  parent: Message["parent_header"] = {},
  buffers: Uint8Array[] = [],
): Message {
  return {
    channel,
    header: {
      msg_id: randomUUID(),
      msg_type: type,
      session: "session",
      username: "test",
      date: "2026-01-01T00:00:00.000Z",
      version: "5.3",
    },
    parent_header: parent,
    metadata: {},
    content,
    buffers,
  };
}
