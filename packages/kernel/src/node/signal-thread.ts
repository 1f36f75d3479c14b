import { runInThisContext } from "node:vm";
import { workerData, type MessagePort } from "node:worker_threads";

// A thread for SIGINT: Node tells the main thread of a signal only when it is free, but stops a script that was started with
// `breakOnSigint` at once, in any thread. So a script waits here for ever, and its end is the signal.
// The outer script stays while the inner one is started anew, and another such thread while both of this one are: with none
// waiting, the next signal would end the process.

const signals = (workerData as { signals: MessagePort }).signals;
const never = new Int32Array(new SharedArrayBuffer(4));
const wait = runInThisContext("(array) => Atomics.wait(array, 0, 0)") as (array: Int32Array) => void;

Object.defineProperty(globalThis, "waitForSignal", {
  value: () => {
    wait(never);
  },
});
Object.defineProperty(globalThis, "watchSignals", {
  value: () => {
    for (;;) {
      try {
        runInThisContext("waitForSignal()", { breakOnSigint: true });
      } catch {
        signals.postMessage("SIGINT");
      }
    }
  },
});
for (;;) {
  try {
    runInThisContext("watchSignals()", { breakOnSigint: true });
  } catch {
    signals.postMessage("SIGINT");
  }
}
