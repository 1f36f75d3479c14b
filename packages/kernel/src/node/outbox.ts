/** What a zeromq socket must do for an {@link Outbox}. */
interface Sink {
  send(frames: (Uint8Array | string)[]): Promise<void>;
}

/**
 * Sends one message after the other, over all its sockets together: zeromq refuses a second send while the first one waits,
 * and a reply must not overtake the output that came before it.
 */
export class Outbox {
  private readonly waiting: [sink: Sink, frames: (Uint8Array | string)[]][] = [];
  private working: Promise<void> | undefined;

  /** Queues a message; a socket that was closed meanwhile drops it. */
  push(sink: Sink, frames: (Uint8Array | string)[]): void {
    this.waiting.push([sink, frames]);
    this.working ??= this.drain();
  }

  /** Resolves when everything has been handed to zeromq. */
  async idle(): Promise<void> {
    await this.working;
  }

  private async drain(): Promise<void> {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      await next[0].send(next[1]).catch(() => undefined);
    }
    this.working = undefined;
  }
}
