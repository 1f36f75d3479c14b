import type { MessagePort } from "node:worker_threads";
import type { Channel, Message } from "../core/messages";
import type { Parts } from "./wire";

/** A message on its way to the sockets, serialised already. */
export interface Outgoing {
  type: "send";
  channel: Channel;
  messageType: string;
  parent: string;
  parts: Parts;
  buffers: Uint8Array[];
}

/** What the main thread tells the wire thread. */
export type ToWire = Outgoing;

/** What the wire thread tells the main thread. */
export type ToMain =
  | { type: "message"; message: Message }
  /** Answer for this cell: it was, or is to be, stopped. */
  | { type: "kill"; serial: number }
  | { type: "exit" };

/** What the wire thread is started with. */
export interface WireData {
  connectionFile: string;
  info: Record<string, unknown>;
  state: SharedArrayBuffer;
  /** Where the threads that watch for SIGINT tell of it. */
  signals: MessagePort[];
}

/** Words of the shared state: an Int32Array that both threads read and write. */
export const word = {
  /** Serial of the cell that the reader asked to stop. */
  stop: 0,
  /** Serial of the running cell, 0 for none. */
  running: 1,
  /** Above 0 while code runs that must not be terminated. */
  protected: 2,
  /** Who decides how the running cell ends: one of {@link claim}. */
  claim: 3,
  /** Messages that the main thread has made and the wire thread has not taken yet. */
  waiting: 4,
} as const;

/** Values of the word `claim`. */
export const claim = {
  nobody: 0,
  /** The main thread answers for the cell: no termination may start. */
  main: 1,
  /** A termination is on its way: the main thread must let it come before it does anything that counts. */
  termination: 2,
} as const;

/** Bytes of the shared state. */
export const stateBytes = 20;
