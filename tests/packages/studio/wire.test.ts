import fc from "fast-check";
import { deserialize, serialize } from "@jupyterlab/services/lib/kernel/serialize";
import type { KernelMessage } from "@jupyterlab/services";
import { binaryProtocol, decodeFrame, encodeFrame, type Protocol } from "../../../packages/studio/src/server/wire";
import { message } from "./support/fakeKernel";

const protocols: readonly Protocol[] = [binaryProtocol, ""];
/** Under plain JSON, a message without buffers is a text frame. */
const isBinary = (frame: Buffer | string) => typeof frame !== "string";
const toArrayBuffer = (frame: Buffer): ArrayBuffer => new Uint8Array(frame).buffer;

describe.each(protocols)("under the protocol %j", (protocol) => {
  test.each([0, 1, 3])("JupyterLab reads our frames, with %d buffers", (count) => {
    const buffers = Array.from({ length: count }, (_, index) => Uint8Array.of(index, 255, 0));
    const sent = message("iopub", "stream", { name: "stdout", text: "ünïcode ✓ 😀" }, { msg_id: "p" }, buffers);
    const frame = encodeFrame(sent, protocol);
    const read = deserialize((typeof frame === "string" ? frame : toArrayBuffer(frame)) as ArrayBuffer, protocol);
    expect({ ...read, buffers: [] }).toEqual({ ...sent, buffers: [] });
    const views = (read.buffers ?? []) as DataView[];
    expect(views.map((view) => [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)])).toEqual(
      buffers.map((buffer) => [...buffer]),
    );
  });

  test.each([0, 2])("we read JupyterLab's frames, with %d buffers", (count) => {
    const buffers = Array.from({ length: count }, (_, index) => Uint8Array.of(7, index).buffer);
    const sent = message("shell", "execute_request", { code: 'console.log("ü 😀")' });
    const frame = serialize({ ...sent, buffers } as unknown as KernelMessage.IMessage, protocol);
    const data = typeof frame === "string" ? Buffer.from(frame) : Buffer.from(frame);
    const read = decodeFrame(data, typeof frame !== "string", protocol);
    expect({ ...read, buffers: read.buffers.map((buffer) => [...buffer]) }).toEqual({
      ...sent,
      buffers: buffers.map((buffer) => [...new Uint8Array(buffer)]),
    });
  });

  test("no frame of any bytes does anything but become a message or an error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, binary) => {
        expect(() => decodeFrame(Buffer.from(bytes), binary, protocol)).toThrow();
      }),
    );
  });

  test("a frame cut anywhere is refused", () => {
    const frame = encodeFrame(message("shell", "comm_msg", {}, {}, [Uint8Array.of(1, 2, 3)]), protocol);
    const bytes = Buffer.from(frame);
    // The JSON form does not say where its last buffer ends, so there only cuts before that buffer can be seen.
    const seen = protocol === "" ? bytes.length - 3 : bytes.length;
    for (let length = 0; length < seen; length++) {
      expect(() => decodeFrame(bytes.subarray(0, length), isBinary(frame), protocol)).toThrow();
    }
  });
});

test.each([
  [
    "iopub, which only the kernel writes",
    { ...message("iopub", "status") },
    /channel: expected shell, control or stdin/,
  ],
  ["an unknown channel", { ...message("shell", "x"), channel: "heart" }, /channel/],
  ["no header", { ...message("shell", "x"), header: undefined }, /header\.msg_id: expected a string/],
  ["no object", [], /message: expected an object/],
])("a client's message with %s is refused", (_what, value, expected) => {
  expect(() => decodeFrame(Buffer.from(JSON.stringify(value)), false, "")).toThrow(expected);
});
