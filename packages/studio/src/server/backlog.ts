import type { Message } from "@deepen/kernel";

/** What a kernel said while nobody listened, bounded: beyond the limit the oldest messages go. */
export class Backlog {
  private messages: { readonly message: Message; readonly size: number }[] = [];
  private size = 0;
  private dropped = 0;

  /** @param limit - most characters of content kept, default 64 Mi */
  constructor(private readonly limit = 64 << 20) {}

  /** Keeps one message more. */
  push(message: Message): void {
    const buffers = message.buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    const size = JSON.stringify(message.content).length + buffers;
    this.messages.push({ message, size });
    this.size += size;
    while (this.size > this.limit) {
      this.size -= this.messages.shift()!.size;
      this.dropped++;
    }
  }

  /** Hands over all messages, oldest first, and how many older ones were lost; the backlog is then empty. */
  drain(): { readonly messages: readonly Message[]; readonly dropped: number } {
    const { dropped } = this;
    const messages = this.messages.map(({ message }) => message);
    this.messages = [];
    this.size = 0;
    this.dropped = 0;
    return { messages, dropped };
  }
}
