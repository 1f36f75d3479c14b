/** What a zeromq socket must do for an {@link Outbox}. */
interface Sink {
  send(frames: (Uint8Array | string)[]): Promise<void>;
}

/** Sends one message after the other: zeromq refuses a second send while the first one waits. */
export class Outbox {
  private readonly waiting: (Uint8Array | string)[][] = [];
  private sending = false;

  constructor(private readonly sink: Sink) {}

  /** Queues a message; a socket that was closed meanwhile drops it. */
  push(frames: (Uint8Array | string)[]): void {
    this.waiting.push(frames);
    if (!this.sending) void this.drain();
  }

  private async drain(): Promise<void> {
    this.sending = true;
    try {
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
        await this.sink.send(next);
      }
    } catch {
      this.waiting.length = 0;
    } finally {
      this.sending = false;
    }
  }
}
