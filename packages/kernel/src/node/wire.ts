import { createHmac, timingSafeEqual } from "node:crypto";
import type { Channel, Header, Message } from "../core/messages";

const delimiter = "<IDS|MSG>";

/** A message as it came over a socket: with the routing prefix that an answer must carry. */
export interface Received {
  routing: Buffer[];
  message: Message;
}

/** The four signed parts of a message as JSON text: header, parent header, metadata, content. */
export type Parts = readonly [header: string, parent: string, metadata: string, content: string];

/** The signed parts of `message`. */
export function parts(message: Message): Parts {
  return [message.header, message.parent_header, message.metadata, message.content].map((part) =>
    JSON.stringify(part),
  ) as unknown as Parts;
}

/** Frames of the Jupyter wire protocol: routing prefix, delimiter, HMAC-SHA256 signature (empty without a key), parts, buffers. */
export function encode(
  key: string,
  body: Parts,
  routing: readonly (Buffer | string)[],
  buffers: readonly Uint8Array[] = [],
): (Buffer | Uint8Array | string)[] {
  return [...routing, delimiter, sign(key, body), ...body, ...buffers];
}

/**
 * Reads frames of the wire protocol.
 * @throws Error if the frames are no message, or if the signature does not fit (and a key is set)
 */
export function decode(key: string, channel: Channel, frames: readonly Buffer[]): Received {
  const at = frames.findIndex((frame) => frame.toString() === delimiter);
  const body = frames.slice(at + 2, at + 6);
  if (at < 0 || body.length < 4) {
    throw new Error(`${channel}: expected a Jupyter message (delimiter ${delimiter}, signature and four parts)`);
  }
  const expected = Buffer.from(sign(key, body));
  const received = frames[at + 1];
  if (key !== "" && (expected.length !== received.length || !timingSafeEqual(expected, received))) {
    throw new Error(`${channel}: message with a wrong signature dropped`);
  }
  const [header, parent, metadata, content] = body.map((part) => JSON.parse(part.toString()) as unknown);
  return {
    routing: frames.slice(0, at),
    message: {
      channel,
      header: header as Header,
      parent_header: parent as Partial<Header>,
      metadata: metadata as Record<string, unknown>,
      content: content as Record<string, unknown>,
      buffers: frames.slice(at + 6),
    },
  };
}

function sign(key: string, body: readonly (Buffer | string)[]): string {
  if (key === "") return "";
  const mac = createHmac("sha256", key);
  for (const part of body) mac.update(part);
  return mac.digest("hex");
}
