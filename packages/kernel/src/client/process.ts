import { spawn, type ChildProcess } from "node:child_process";
import type { KernelSpec } from "./spec";

/** How a kernel process ended. */
export interface Exit {
  code: number | null;
  signal: string | null;
}

const tailLength = 4000;

/** A kernel process: started from a spec, with the end of what it wrote outside of the protocol. */
export class KernelProcess {
  readonly exited: Promise<Exit>;
  private readonly child: ChildProcess;
  private written = "";

  /** Starts `spec` with `{connection_file}` filled in; the process knows its parent by JPY_PARENT_PID. */
  constructor(spec: KernelSpec, connectionFile: string, cwd: string, env: Record<string, string>) {
    const [command, ...rest] = spec.argv.map((part) => part.replace("{connection_file}", connectionFile));
    this.child = spawn(command, rest, {
      cwd,
      env: { ...process.env, ...spec.env, ...env, JPY_PARENT_PID: String(process.pid) },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.written = (this.written + chunk.toString()).slice(-tailLength);
      });
    }
    this.exited = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        resolve({ code, signal });
      });
      this.child.once("error", (error) => {
        this.written += error.message;
        resolve({ code: null, signal: null });
      });
    });
  }

  /** Process id; -1 if the process could not be started. */
  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** The last lines that the process wrote to its own stdout and stderr. */
  get tail(): string {
    return this.written.trim();
  }

  /** Sends a signal; nothing happens if the process has ended. */
  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits for the end, at most `milliseconds`; false if the process still runs. */
  async ended(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        resolve(false);
      }, milliseconds);
    });
    const result = await Promise.race([this.exited.then(() => true), late]);
    clearTimeout(timer);
    return result;
  }
}

/** How a process ended, in words. */
export function describeExit(exit: Exit): string {
  if (exit.signal !== null) return `killed by ${exit.signal}`;
  return exit.code === null ? "it could not be started" : `exit code ${exit.code}`;
}
