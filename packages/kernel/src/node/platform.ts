import { createRequire } from "node:module";
import path from "node:path";
import { inspect } from "node:util";
import { runInThisContext } from "node:vm";
import type { Message } from "../core/messages";
import type { Platform } from "../core/platform";
import { claim, word, type ToWire } from "./link";
import { parts } from "./wire";

const packageFolder = path.dirname(path.dirname(__dirname));

/** This many waiting messages are few enough for one a printed line. */
const congestion = 50;

/** Node as the kernel's core sees it. */
export class NodePlatform implements Platform {
  private readonly folder = process.cwd();
  private readonly rootRequire = createRequire(path.join(this.folder, "cell.js"));

  /** @param state - words shared with the wire thread */
  constructor(
    private readonly state: Int32Array,
    readonly id: () => string,
    private readonly post: (message: ToWire) => void,
  ) {}

  send(message: Message): void {
    Atomics.add(this.state, word.waiting, 1);
    this.post({
      type: "send",
      channel: message.channel,
      messageType: message.header.msg_type,
      parent: message.parent_header.msg_id ?? "",
      parts: parts(message),
      buffers: message.buffers,
    });
  }

  congested(): boolean {
    return Atomics.load(this.state, word.waiting) > congestion;
  }

  evaluate(code: string, file: string): unknown {
    return runInThisContext(code, { filename: file });
  }

  require(name: string, folder?: string): unknown {
    const load = folder === undefined ? this.rootRequire : createRequire(path.join(folder, "module.js"));
    return load(name) as unknown;
  }

  resolve(name: string, folder = this.folder): string {
    return path.resolve(folder, name).replaceAll("\\", "/");
  }

  inspect(value: unknown): string {
    return inspect(value);
  }

  sourceName(file: string): string | undefined {
    if (file.startsWith("node:") || !path.isAbsolute(file)) return undefined;
    if (file.startsWith(path.join(packageFolder, "dist") + path.sep)) return undefined;
    const portable = file.replaceAll("\\", "/");
    const installed = portable.lastIndexOf("/node_modules/");
    if (installed >= 0) return portable.slice(installed + "/node_modules/".length);
    return path.relative(this.folder, file).replaceAll("\\", "/");
  }

  running(serial: number): void {
    do this.settle();
    while (Atomics.compareExchange(this.state, word.claim, claim.nobody, claim.main) !== claim.nobody);
    Atomics.store(this.state, word.running, serial);
    Atomics.store(this.state, word.claim, claim.nobody);
  }

  /** Lets a termination that is on its way come here, where it does no harm. */
  settle(): void {
    while (Atomics.load(this.state, word.claim) === claim.termination) {
      Atomics.wait(this.state, word.claim, claim.termination, 100);
    }
  }

  stopRequested(serial: number): boolean {
    return Atomics.load(this.state, word.stop) === serial;
  }

  protect<T>(work: () => T): T {
    Atomics.add(this.state, word.protected, 1);
    try {
      return work();
    } finally {
      Atomics.sub(this.state, word.protected, 1);
    }
  }

  /** Ends protection that a termination left behind; true if there was any. */
  unprotect(): boolean {
    return Atomics.exchange(this.state, word.protected, 0) > 0;
  }
}
