import type { Message } from "./messages";

/** What the core needs of the place where it runs. */
export interface Platform {
  /** Hands a message to the front ends. Messages go out in the order of these calls. */
  send(message: Message): void;
  /** True while so many messages wait to go out that printed text is better collected. */
  congested(): boolean;
  /** A new unique id. */
  id(): string;
  /** Evaluates a script and returns its completion value; frames of its errors name `file`. */
  evaluate(code: string, file: string): unknown;
  /** A module as seen from the kernel's folder, or from `folder`. */
  require(name: string, folder?: string): unknown;
  /** Absolute path of `name` seen from `folder` (the kernel's by default). */
  resolve(name: string, folder?: string): string;
  /** A value as text, in one line where it is short. */
  inspect(value: unknown): string;
  /** Short name of a source file in a stack frame; undefined for files that are the kernel's or the host's own. */
  sourceName(file: string): string | undefined;
  /** Tells that the cell with this serial number runs, 0 for none; once it returns from 0, no termination is on its way. */
  running(serial: number): void;
  /** True once the reader asked to stop this cell. */
  stopRequested(serial: number): boolean;
  /** Runs `work`, which must not be killed half-way. */
  protect<T>(work: () => T): T;
}
