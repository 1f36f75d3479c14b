import { Dealer, Subscriber } from "zeromq";
import type { Channel, Message } from "../core/messages";
import { Outbox } from "../node/outbox";
import { decode, encode, parts } from "../node/wire";
import type { Connection } from "./connection";

/** The client's four sockets to a kernel. */
export class KernelSockets {
  private readonly dealers: Record<Exclude<Channel, "iopub">, Dealer>;
  private readonly outbox = new Outbox();
  private readonly iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });

  /** Connects; `receive` gets every message of every channel whose signature is right. */
  constructor(
    private readonly connection: Connection,
    session: string,
    receive: (message: Message) => void,
  ) {
    // One identity on shell and stdin: a kernel asks for input by the identity of the shell request.
    const dealer = () => new Dealer({ routingId: session, linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0 });
    this.dealers = { shell: dealer(), control: dealer(), stdin: dealer() };
    this.dealers.shell.connect(this.address(connection.shell_port));
    this.dealers.control.connect(this.address(connection.control_port));
    this.dealers.stdin.connect(this.address(connection.stdin_port));
    this.iopub.subscribe("");
    this.iopub.connect(this.address(connection.iopub_port));
    for (const channel of ["shell", "control", "stdin"] as const) {
      void this.read(channel, this.dealers[channel], receive);
    }
    void this.read("iopub", this.iopub, receive);
  }

  /**
   * Sends a message on its channel.
   * @throws RangeError if the channel is iopub, which only the kernel writes
   */
  send(message: Message): void {
    if (message.channel === "iopub") {
      throw new RangeError("channel: expected shell, control or stdin, got iopub (only the kernel writes there)");
    }
    const frames = encode(this.connection.key, parts(message), [], message.buffers);
    this.outbox.push(this.dealers[message.channel], frames);
  }

  /** Closes all sockets; what waits to be sent is dropped. */
  close(): void {
    for (const socket of [...Object.values(this.dealers), this.iopub]) socket.close();
  }

  private address(port: number): string {
    return `${this.connection.transport}://${this.connection.ip}:${port}`;
  }

  private async read(
    channel: Channel,
    socket: Dealer | Subscriber,
    receive: (message: Message) => void,
  ): Promise<void> {
    for await (const frames of socket) {
      let message: Message;
      try {
        message = decode(this.connection.key, channel, frames).message;
      } catch {
        continue; // not from our kernel: the signature did not fit
      }
      receive(message);
    }
  }
}
