import type { Figure } from "../plot/figure";
import type { ExperimentResult, ExperimentSpec } from "../train/experiment";
import { sweep } from "../train/sweep";
import { live } from "./live";
import { progress } from "./progress";

/** How {@link watch} says what it does. */
export interface WatchOptions {
  /** What is going on; "training" unless given. */
  readonly label?: string;
  /** What a specification trains, in the singular; "network" unless given. */
  readonly noun?: string;
}

/**
 * Runs experiments as `train.sweep` does, under a progress line and a figure that grows with their results and stays.
 *
 * @param specs - the experiments; those that stand early in the list come early, so give every line its first seed first
 * @param draw - the figure of the results so far, at least one, in the order of the specifications; undefined while they are
 *   too few for it
 * @returns all results, in the order of the specifications
 * @throws what `train.sweep` throws
 */
export async function watch(
  specs: readonly ExperimentSpec[],
  draw: (results: readonly ExperimentResult[]) => Figure | undefined,
  { label = "training", noun = "network" }: WatchOptions = {},
): Promise<ExperimentResult[]> {
  const line = progress(label, specs.length, noun);
  const come: (ExperimentResult | undefined)[] = specs.map(() => undefined);
  const view = live(() => draw(come.filter((result) => result !== undefined)));
  const results = await sweep(specs, {
    onResult: (result, index) => {
      come[index] = result;
      line.advance();
      view.update();
    },
  });
  view.end();
  return results;
}
