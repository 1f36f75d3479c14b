import { randomUUID } from "node:crypto";
import { readFileSync, writeSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import { MessageChannel, Worker } from "node:worker_threads";
import { Compiler } from "../core/compiler";
import { kernelInfo } from "../core/info";
import { KernelCore } from "../core/kernel";
import type { Message } from "../core/messages";
import { stateBytes, type ToMain, type WireData } from "./link";
import { adviseOnMissing } from "./missing";
import { NodePlatform } from "./platform";
import { redirectOutput } from "./streams";
import { trackTimers } from "./timers";
import { loadTslab } from "./tslab";

/** Ids of messages that came; the wire thread hands those again that a termination may have swallowed. */
class Seen {
  private readonly ids = new Set<string>();

  isNew(message: Message): boolean {
    const id = message.header.msg_id;
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    if (this.ids.size > 1000) this.ids.delete(this.ids.values().next().value ?? "");
    return true;
  }
}

function main(connectionFile: string): void {
  const exit = process.exit.bind(process);
  const packageFolder = path.dirname(path.dirname(__dirname));
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, "package.json"), "utf8")) as { version: string };
  const loaded = loadTslab([path.join(packageFolder, "types")]);
  const info = kernelInfo({ kernel: version, typescript: loaded.versions.typescript });

  const state = new SharedArrayBuffer(stateBytes);
  const signals = [new MessageChannel(), new MessageChannel()];
  const wireData: WireData = { connectionFile, info, state, signals: signals.map(({ port1 }) => port1) };
  const wire = new Worker(path.join(__dirname, "wire-thread.js"), {
    workerData: wireData,
    transferList: wireData.signals,
  });
  wire.on("error", (error) => {
    // By its descriptor: what goes through process.stderr is the notebook's, and no socket is there to bring it.
    writeSync(2, `${inspect(error)}\n`);
    exit(1);
  });
  for (const { port2 } of signals) {
    const thread = path.join(__dirname, "signal-thread.js");
    new Worker(thread, { workerData: { signals: port2 }, transferList: [port2] }).unref();
  }

  const platform = new NodePlatform(new Int32Array(state), randomUUID, (message) => {
    wire.postMessage(message);
  });
  const compiler = new Compiler(loaded.tslab, loaded.mapped, adviseOnMissing);
  const kernel = new KernelCore(platform, compiler, info, loaded.versions);
  redirectOutput(kernel);
  trackTimers(kernel);
  process.on("uncaughtException", (error) => {
    kernel.report("Uncaught error outside of a cell", error);
  });
  process.on("unhandledRejection", (reason) => {
    kernel.report("Unhandled promise rejection", reason);
  });
  process.exit = () => {
    throw new Error("process.exit() does not end the kernel from a cell: use Restart, or Shut Down, of the notebook.");
  };

  const seen = new Seen();
  wire.on("message", (message: ToMain) => {
    platform.settle();
    if (message.type === "exit") exit(0);
    else if (message.type === "kill") {
      if (platform.unprotect()) compiler.reset();
      kernel.kill(message.serial);
    } else if (seen.isNew(message.message)) kernel.handle(message.message);
  });
}

const [connectionFile] = process.argv.slice(2);
if (connectionFile === undefined) {
  console.error("usage: main.js <connection file>   (Jupyter starts kernels; see kernel:install)");
  process.exitCode = 2;
} else {
  main(connectionFile);
}
