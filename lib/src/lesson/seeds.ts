import { childSeed } from "../math/rng";
import { breathe } from "../train/breathe";
import { progress } from "./progress";
import { scoped } from "./scope";

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
 * @throws Interrupted if the reader asked to stop
 */
export async function runSeeds<T>({ seed, count, run, label }: SeedRuns<T>): Promise<T[]> {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`seeds: expected a number of seeds from 1, got ${String(count)}`);
  }
  const line = label === undefined ? undefined : progress(label, count, "run");
  const results: T[] = [];
  for (let index = 0; index < count; index++) {
    results.push(await scoped("seeds", () => run(childSeed(seed, `run ${String(index)}`), index)));
    line?.advance();
    await breathe(`run ${String(index + 1)} of ${String(count)}`);
  }
  return results;
}
