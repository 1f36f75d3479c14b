import type { Channel, Message } from "@deepen/kernel";
import { isObject, objectIn, type JsonObject } from "./json";

/** The sub-protocol of Jupyter's WebSockets that carries every message as binary frames. */
export const binaryProtocol = "v1.kernel.websocket.jupyter.org";

/** What a WebSocket speaks: the binary sub-protocol, or plain JSON ("") for clients that offer none. */
export type Protocol = typeof binaryProtocol | "";

const channels: readonly unknown[] = ["shell", "control", "stdin", "iopub"] satisfies Channel[];

/** Turns a message into a frame: bytes for a binary frame, a string for a text frame. */
export function encodeFrame(message: Message, protocol: Protocol): Buffer | string {
  if (protocol === binaryProtocol) {
    const { channel, header, parent_header, metadata, content, buffers } = message;
    const texts = [channel, ...[header, parent_header, metadata, content].map((part) => JSON.stringify(part))];
    return join([...texts.map((text) => Buffer.from(text)), ...buffers], 8, true);
  }
  if (message.buffers.length === 0) return JSON.stringify(message);
  return join([Buffer.from(JSON.stringify({ ...message, buffers: [] })), ...message.buffers], 4, false);
}

/**
 * Reads a frame from a client.
 * @param isBinary - whether the frame came as binary; a text frame is JSON under either protocol
 * @throws SyntaxError or RangeError if the frame is not a message
 */
export function decodeFrame(data: Buffer, isBinary: boolean, protocol: Protocol): Message {
  if (!isBinary) return checked(JSON.parse(data.toString("utf8")) as unknown, []);
  if (protocol === binaryProtocol) {
    const [channel, header, parent_header, metadata, content, ...buffers] = split(data, 8, true);
    if (content === undefined) throw new RangeError("frame: expected at least five parts");
    const read = (part: Buffer | undefined) => JSON.parse(part!.toString("utf8")) as unknown;
    return checked(
      {
        channel: channel!.toString("utf8"),
        header: read(header),
        parent_header: read(parent_header),
        metadata: read(metadata),
        content: read(content),
      },
      buffers,
    );
  }
  const [text, ...buffers] = split(data, 4, false);
  if (text === undefined) throw new RangeError("frame: expected at least one part");
  return checked(JSON.parse(text.toString("utf8")) as unknown, buffers);
}

/**
 * Lays parts behind a table of their offsets. The binary protocol counts offsets, one more than there are parts, in
 * 8-byte little-endian words; the older JSON form counts parts in 4-byte big-endian words and leaves the last end out.
 */
function join(parts: readonly Uint8Array[], word: 4 | 8, withEnd: boolean): Buffer {
  const count = parts.length + (withEnd ? 1 : 0);
  const table = Buffer.alloc(word * (count + 1));
  const put = (value: number, index: number) =>
    word === 8 ? table.writeBigUInt64LE(BigInt(value), 8 * index) : table.writeUInt32BE(value, 4 * index);
  put(count, 0);
  let offset = table.length;
  for (let index = 0; index < count; index++) {
    put(offset, index + 1);
    offset += parts[index]?.length ?? 0;
  }
  return Buffer.concat([table, ...parts]);
}

function split(data: Buffer, word: 4 | 8, withEnd: boolean): Buffer[] {
  const get = (index: number) => {
    const at = word * index;
    if (at + word > data.length) throw new RangeError("frame: its table of offsets is longer than itself");
    return word === 8 ? Number(data.readBigUInt64LE(at)) : data.readUInt32BE(at);
  };
  const count = get(0);
  if (word * (count + 1) > data.length) throw new RangeError("frame: its table of offsets is longer than itself");
  const offsets = Array.from({ length: count }, (_, index) => get(index + 1));
  if (!withEnd) offsets.push(data.length);
  if (offsets.some((offset, index) => offset > data.length || (index > 0 && offset < offsets[index - 1]!))) {
    throw new RangeError("frame: offsets do not ascend within it");
  }
  return offsets.slice(1).map((end, index) => data.subarray(offsets[index], end));
}

function checked(value: unknown, buffers: Buffer[]): Message {
  if (!isObject(value)) throw new RangeError("message: expected an object");
  const header = objectIn(value, "header");
  for (const name of ["msg_id", "msg_type", "session"]) {
    if (typeof header[name] !== "string") throw new RangeError(`header.${name}: expected a string`);
  }
  if (!channels.includes(value.channel) || value.channel === "iopub") {
    throw new RangeError(`channel: expected shell, control or stdin, got ${JSON.stringify(value.channel)}`);
  }
  const message: JsonObject = {
    channel: value.channel,
    header: { username: "", date: new Date().toISOString(), version: "5.3", ...header },
    parent_header: objectIn(value, "parent_header"),
    metadata: objectIn(value, "metadata"),
    content: objectIn(value, "content"),
    buffers,
  };
  return message as unknown as Message;
}
