import { createMessage } from "../../../packages/kernel/src/core/messages";
import { decode, encode, parts } from "../../../packages/kernel/src/node/wire";
import { Dealer } from "zeromq";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fromCodePoints, toCodePoints } from "../../../packages/kernel/src/core/cursor";
import { History } from "../../../packages/kernel/src/core/history";
import { startKernel } from "../../../packages/kernel/src/index";
import { connectionFile, notebooks, run } from "./support";

const sender = { session: "s", username: "u", id: () => "id" };
const message = createMessage(sender, "shell", "execute_request", { code: "é😀" }, { msg_id: "p" });
const frames = (key: string) =>
  encode(key, parts(message), ["route"], [new Uint8Array([7])]).map((frame) => Buffer.from(frame));

test("a message survives the wire, with its routing and its buffers", () => {
  const { routing, message: read } = decode("key", "shell", frames("key"));
  expect(routing.map(String)).toEqual(["route"]);
  expect({ ...read, buffers: read.buffers.map((each) => [...each]) }).toEqual({ ...message, buffers: [[7]] });
});

test("a message with a wrong signature, a changed part or none at all is refused", () => {
  expect(() => decode("other", "shell", frames("key"))).toThrow("shell: message with a wrong signature dropped");
  const changed = frames("key");
  changed[6] = Buffer.from('{"code":"evil"}');
  expect(() => decode("key", "shell", changed)).toThrow("wrong signature");
  expect(() => decode("key", "shell", frames("key").slice(0, 4))).toThrow("expected a Jupyter message");
  expect(decode("", "shell", frames("")).message.content).toEqual({ code: "é😀" });
});

const posix = process.platform === "win32" ? test.skip : test;

posix("the kernel does not answer to, or run, what is signed with another key, and works on", async () => {
  const kernel = await startKernel({ cwd: notebooks });
  const connection = JSON.parse(readFileSync(connectionFile(kernel.pid), "utf8")) as {
    shell_port: number;
    key: string;
  };
  const stranger = new Dealer({ linger: 0, receiveTimeout: 700 });
  stranger.connect(`tcp://127.0.0.1:${connection.shell_port}`);
  try {
    const attack = createMessage(sender, "shell", "execute_request", { code: "(globalThis as any).hacked = true;" });
    await stranger.send(encode("wrong key", parts(attack), []));
    await stranger.send(["no message"]);
    await expect(stranger.receive()).rejects.toThrow("timed out");
    expect((await run(kernel, "(globalThis as any).hacked")).result).toBeUndefined();
    const asked = createMessage(sender, "shell", "kernel_info_request", {});
    await stranger.send(encode(connection.key, parts(asked), []));
    expect(decode(connection.key, "shell", await stranger.receive()).message.header.msg_type).toBe("kernel_info_reply");
  } finally {
    stranger.close();
    await kernel.shutdown();
  }
});

test("positions count code points for Jupyter and UTF-16 units for the compiler", () => {
  const text = "a😀b";
  expect([0, 1, 2, 3].map((position) => fromCodePoints(text, position))).toEqual([0, 1, 3, 4]);
  expect([0, 1, 3, 4].map((position) => toCodePoints(text, position))).toEqual([0, 1, 2, 3]);
});

test("history searches by glob, and takes other characters as they are", () => {
  const history = new History();
  ["a.b", "axb", "first\nsecond"].forEach((code, index) => {
    history.add(index + 1, code, null);
  });
  const search = (pattern: string) =>
    history.answer({ hist_access_type: "search", pattern }).map((each) => (each as string[])[2]);
  expect(search("a.b")).toEqual(["a.b"]);
  expect(search("a?b")).toEqual(["a.b", "axb"]);
  expect(search("*second")).toEqual(["first\nsecond"]);
  expect(history.answer({ hist_access_type: "tail", n: 0 })).toEqual([]);
  expect(history.answer({ hist_access_type: "range", session: 7, start: 0 })).toEqual([]);
});

test("the core knows neither Node nor a browser", () => {
  const folder = path.resolve(__dirname, "../../../packages/kernel/src/core");
  for (const name of readdirSync(folder)) {
    const source = readFileSync(path.join(folder, name), "utf8");
    const imports = [...source.matchAll(/(?:from|import|require\()\s*"([^"]+)"/g)].map(([, module]) => module);
    const foreign = imports.filter((module) => !/^\.\/|^@jridgewell\/|^@tslab\/|^tslab\/dist\//.test(module));
    expect({ name, foreign }).toEqual({ name, foreign: [] });
    const code = source.replace(/\/\*[^]*?\*\/|\/\/.*|"[^"\n]*"|`[^`]*`/g, "");
    expect({ name, found: /\b(process|Buffer|__dirname|window|document|NodeJS)\b/.exec(code)?.[0] }).toEqual({ name });
  }
});
