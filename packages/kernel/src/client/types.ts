import type { Message } from "../core/messages";
import type { Exit } from "./process";
import type { KernelSpec } from "./spec";

/** Content of a kernel_info_reply. */
export interface KernelInfo {
  status: string;
  protocol_version: string;
  implementation: string;
  implementation_version: string;
  banner: string;
  language_info: {
    name: string;
    version: string;
    mimetype: string;
    file_extension: string;
    pygments_lexer?: string;
    nbconvert_exporter?: string;
    codemirror_mode?: unknown;
  };
}

/** Content of an execute_reply. */
export interface ExecuteReply {
  status: "ok" | "error" | "aborted";
  execution_count: number;
  ename?: string;
  evalue?: string;
  traceback?: string[];
  user_expressions?: Record<string, unknown>;
}

/** How to run one cell. */
export interface ExecuteOptions {
  silent?: boolean;
  storeHistory?: boolean;
  stopOnError?: boolean;
  /** Gets every message that belongs to this request, in order of arrival within its channel. */
  onMessage?: (message: Message) => void;
}

/** How to start a kernel. */
export interface StartOptions {
  /** Kernel to start; this package's by default. */
  spec?: KernelSpec;
  /** Working folder: imports are resolved from here upwards. */
  cwd: string;
  env?: Record<string, string>;
  /** Session id in the headers; a new one by default. */
  session?: string;
  /** Milliseconds until a kernel that does not answer is given up; 60 000 by default. */
  startTimeout?: number;
}

/** A running kernel. */
export interface Kernel {
  readonly pid: number;
  readonly info: KernelInfo;
  /** Sends a message as it is. */
  send(message: Message): void;
  /** Calls `listener` with every message of every channel; the returned function ends that. */
  onMessage(listener: (message: Message) => void): () => void;
  /** Calls `listener` when the process ends unasked (not at restart or shutdown); the returned function ends that. */
  onExit(listener: (exit: Exit) => void): () => void;
  /** Sends a request; resolves with its reply, rejects if the kernel ends. */
  request(channel: "shell" | "control", type: string, content: Record<string, unknown>): Promise<Message>;
  /** Runs a cell; resolves when reply and all output have come, rejects if the kernel ends. */
  execute(code: string, options?: ExecuteOptions): Promise<ExecuteReply>;
  /** Stops the running cell, by message or signal as the spec says. */
  interrupt(): Promise<void>;
  /** A new process in the place of the old one; the object stays. */
  restart(): Promise<void>;
  /** Asks the kernel to end, and kills it after two seconds. */
  shutdown(): Promise<void>;
}
