import { ready } from "@deepen/engine";
import type { WorkerOutcome } from "./host";
import { train } from "./node";

/** The program of a worker: runs experiments by their specifications, one after the other, on an engine of its own. */
export default async function run(spec: train.ExperimentSpec): Promise<WorkerOutcome> {
  try {
    await ready();
    return { result: await train.experiment(spec) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
