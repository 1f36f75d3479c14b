import { host } from "../host";
import { childSeed } from "../math/rng";
import { progress } from "./progress";
import { scoped } from "./scope";
import { counted } from "./words";

/** What `runSeeds` runs. */
export interface SeedRuns<T> {
  /** The chapter's seed. */
  readonly seed: number;
  readonly count: number;
  readonly run: (seed: number, index: number) => T | Promise<T>;
  /** Text of the progress line; none without it. */
  readonly label: string | undefined;
}

/**
 * Runs `run` for the child seeds "run 0", "run 1", … of `seed`, one after the other, each in a tensor scope of its own.
 * Between runs the host can show what came, and a stop that was asked for is obeyed.
 * @throws Error if the reader asked to stop
 */
export async function runSeeds<T>({ seed, count, run, label }: SeedRuns<T>): Promise<T[]> {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`seeds: expected a number of seeds from 1, got ${String(count)}`);
  }
  const line = label === undefined ? undefined : progress(label, count, "run");
  const results: T[] = [];
  for (let index = 0; index < count; index++) {
    if (host().stopRequested()) throw new Error(`stopped after ${counted(index, "run")} of ${String(count)}`);
    results.push(await scoped("seeds", () => run(childSeed(seed, `run ${String(index)}`), index)));
    line?.advance();
    await breathe();
  }
  return results;
}

/** Lets messages in and out before the next run: a macrotask, as promises alone never give way. */
function breathe(): Promise<void> {
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
