import { host } from "../host";

/** Thrown between two steps once the reader has asked to stop: what was trained so far is kept. */
export class Interrupted extends Error {
  /** What tells it from other errors. */
  override readonly name = "Interrupted";
}

const longestTurn = 50;
let turnBegan = -Infinity;

/**
 * Lets messages in (display, interrupt) if this turn of the event loop is already 50 ms old, and looks whether the
 * reader asked to stop. Loops call it after every step; mostly it returns at once.
 *
 * @param where - how far the loop is, for the message: "step 120 of 400"
 * @throws Interrupted if the reader asked to stop
 */
export async function breathe(where: string): Promise<void> {
  if (performance.now() - turnBegan >= longestTurn) {
    await nextTurn();
    turnBegan = performance.now();
  }
  if (host().stopRequested()) throw new Interrupted(`stopped at ${where}; variables are kept`);
}

/** A macrotask through a MessageChannel: timers are clamped to 4 ms, and promises let no message in. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
