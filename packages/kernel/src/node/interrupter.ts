import { Session } from "node:inspector";
import { claim, word } from "./link";

/** How long a cell may end by itself after a stop request, in milliseconds. */
const grace = 1000;
/** How long the main thread may take to answer for the cell before its code is terminated, in milliseconds. */
const patience = 150;
const poll = 10;

/** Stops the running cell from the wire thread, in whatever state it is. */
export class Interrupter {
  private stopping = 0;

  /**
   * @param state - words shared with the main thread
   * @param kill - asks the main thread to answer for a cell; it can, unless the cell blocks it
   * @param resend - hands messages to the main thread again that a termination may have swallowed
   */
  constructor(
    private readonly state: Int32Array,
    private readonly kill: (serial: number) => void,
    private readonly resend: () => void,
  ) {}

  /** Asks the running cell to end and, after a second, ends it. Harmless when nothing runs or when asked before. */
  interrupt(): void {
    const serial = this.load(word.running);
    if (serial === 0 || serial === this.stopping) return;
    this.stopping = serial;
    Atomics.store(this.state, word.stop, serial);
    void this.end(serial);
  }

  private async end(serial: number): Promise<void> {
    if (await this.ended(serial, grace)) return;
    for (;;) {
      this.kill(serial);
      if (await this.ended(serial, patience)) return;
      if (this.load(word.protected) > 0) continue; // the compiler is at work: it must stay whole, and is quick
      await this.terminate(serial);
    }
  }

  /** Ends the code that blocks the main thread, unless the main thread has just come free and answers for the cell. */
  private async terminate(serial: number): Promise<void> {
    if (Atomics.compareExchange(this.state, word.claim, claim.nobody, claim.termination) !== claim.nobody) return;
    if (this.load(word.running) === serial) {
      await terminateMainThread();
    }
    Atomics.store(this.state, word.claim, claim.nobody);
    Atomics.notify(this.state, word.claim);
    this.resend();
  }

  private async ended(serial: number, milliseconds: number): Promise<boolean> {
    for (let waited = 0; waited < milliseconds; waited += poll) {
      if (this.load(word.running) !== serial) return true;
      await new Promise((resolve) => setTimeout(resolve, poll));
    }
    return this.load(word.running) !== serial;
  }

  private load(index: number): number {
    return Atomics.load(this.state, index);
  }
}

/**
 * Ends the code that the main thread runs, synchronous code after an `await` as well; its `catch` and `finally` do not run.
 * Resolves when the main thread has ended it, or had none to end.
 */
async function terminateMainThread(): Promise<void> {
  const inspector = new Session();
  inspector.connectToMainThread();
  await new Promise<void>((resolve) => {
    inspector.post("Runtime.terminateExecution", () => {
      resolve();
    });
  });
  inspector.disconnect(); // Node waits for a session that is open when it ends
}
