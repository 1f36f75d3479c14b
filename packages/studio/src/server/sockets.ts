import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import type { Message } from "@deepen/kernel";
import type { HostedKernel } from "./hostedKernel";
import { HttpError } from "./httpError";
import type { KernelPool } from "./kernelPool";
import { binaryProtocol, decodeFrame, encodeFrame, type Protocol } from "./wire";

/** Most bytes of one message from a page. */
const messageLimit = 64 << 20;
/** Most bytes that wait for one page; beyond, its socket is cut, it reconnects, and the kernel's backlog takes over. */
const sendLimit = 256 << 20;
/** Close code of a frame that is no message: "inconsistent data". */
const badFrame = 1007;

/** The server's WebSockets: a kernel's channels, and the stream of events that JupyterLab listens to (no event is ever sent). */
export class Sockets {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: messageLimit,
    handleProtocols: (offered) => (offered.has(binaryProtocol) ? binaryProtocol : false),
  });

  constructor(private readonly pool: KernelPool) {}

  /**
   * Takes over a connection whose request has been let in.
   * @throws HttpError 404 for another path, 404 for a kernel that is gone
   */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): void {
    if (path === "/api/events/subscribe") {
      this.server.handleUpgrade(request, socket, head, ignoreErrors);
      return;
    }
    const found = /^\/api\/kernels\/([^/]+)\/channels$/.exec(path);
    if (found === null) throw new HttpError(404, `There is no WebSocket at ${path}.`, "missing");
    const kernel = this.pool.get(found[1]!);
    this.server.handleUpgrade(request, socket, head, (client) => {
      connect(client, kernel);
    });
  }

  /** Closes all connections: the server goes away. */
  close(): void {
    for (const client of this.server.clients) client.terminate();
    this.server.close();
  }
}

function connect(client: WebSocket, kernel: HostedKernel): void {
  const protocol: Protocol = client.protocol === binaryProtocol ? binaryProtocol : "";
  ignoreErrors(client);
  client.on("message", (data: RawData, isBinary: boolean) => {
    try {
      kernel.send(decodeFrame(toBuffer(data), isBinary, protocol));
    } catch (error) {
      client.close(badFrame, (error as Error).message.slice(0, 100));
    }
  });
  const detach = kernel.attach({
    deliver: (message: Message) => {
      client.send(encodeFrame(message, protocol));
      if (client.bufferedAmount > sendLimit) client.terminate();
    },
  });
  client.on("close", detach);
}

/** A connection's errors end in its "close" event, which is handled. */
function ignoreErrors(client: WebSocket): void {
  client.on("error", () => undefined);
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
