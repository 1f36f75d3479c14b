import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils";
import { host, type Workers } from "../host";
import { canonicalJson, fromJson, toJson } from "../math/json";
import { Interrupted } from "./breathe";
import { experiment, type ExperimentResult, type ExperimentSpec } from "./experiment";

/** How {@link sweep} runs. */
export interface SweepOptions {
  /** Experiments that run at once; default: what the machine offers. Results do not depend on it. */
  readonly workers?: number;
  /** Called with each result as it comes, in whatever order; `index` is the specification's place. */
  readonly onResult?: (result: ExperimentResult, index: number) => void;
}

/** One {@link sweep} under way. */
interface Sweep {
  readonly specs: readonly ExperimentSpec[];
  readonly results: (ExperimentResult | undefined)[];
  readonly ending: AbortController;
  readonly onResult: NonNullable<SweepOptions["onResult"]>;
}

/** How often the reader's wish to stop is looked for, in milliseconds. */
const patience = 50;

/**
 * Runs experiments side by side on kept workers; where the host has none, one after the other in this thread.
 *
 * Results are those of {@link experiment}, to the bit, in the order of the specifications. Those of earlier sweeps of the
 * same library, engine and packages are taken from the disk. An experiment whose worker dies is run once more.
 * @throws Interrupted if the reader asks to stop; what was finished is on the disk
 * @throws Error if an experiment fails; the message says which one
 */
export async function sweep(
  specs: readonly ExperimentSpec[],
  { workers = host().workers?.count ?? 1, onResult = () => undefined }: SweepOptions = {},
): Promise<ExperimentResult[]> {
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`workers: expected a positive integer, got ${workers}`);
  }
  const running: Sweep = { specs, results: specs.map(() => undefined), ending: new AbortController(), onResult };
  const { ending } = running;
  const watch = setInterval(() => {
    if (host().stopRequested()) ending.abort(interrupted(running));
  }, patience);
  const places = specs.keys();
  const lanes = Array.from({ length: Math.min(workers, specs.length) }, async () => {
    for (const place of places) await runOne(running, place);
  });
  try {
    await Promise.all(lanes.map((lane) => lane.catch((error: unknown) => ending.abort(error))));
  } finally {
    clearInterval(watch);
  }
  if (ending.signal.aborted) throw ending.signal.reason;
  return running.results as ExperimentResult[];
}

function interrupted({ results }: Sweep): Interrupted {
  const finished = results.filter((result) => result !== undefined).length;
  return new Interrupted(`stopped with ${finished} of ${results.length} experiments done; they are kept`);
}

async function runOne({ specs, results, ending, onResult }: Sweep, place: number): Promise<void> {
  if (ending.signal.aborted) return;
  const spec = specs[place];
  const key = bytesToHex(sha256(utf8ToBytes(canonicalJson(spec))));
  const known = await loadResult(key);
  const result = known === undefined ? await run(spec, ending.signal, place) : { ...known, spec };
  if (ending.signal.aborted) return;
  // A full disk costs no result.
  if (known === undefined)
    await host()
      .results?.save(key, toJson(result))
      .catch(() => undefined);
  results[place] = result;
  onResult(result, place);
}

async function loadResult(key: string): Promise<ExperimentResult | undefined> {
  try {
    const text = await host().results?.load(key);
    return text === undefined ? undefined : (fromJson(text) as ExperimentResult);
  } catch {
    // Torn by a crash: run again, and written anew.
    return undefined;
  }
}

async function run(spec: ExperimentSpec, signal: AbortSignal, place: number): Promise<ExperimentResult> {
  const { workers } = host();
  try {
    return workers === undefined ? await experiment(spec) : await runInWorker(workers, spec, signal);
  } catch (error) {
    if (error instanceof Interrupted || signal.aborted) throw error;
    throw new Error(`experiment ${place + 1}, ${JSON.stringify(spec)}: ${(error as Error).message}`, { cause: error });
  }
}

async function runInWorker(workers: Workers, spec: ExperimentSpec, signal: AbortSignal): Promise<ExperimentResult> {
  let outcome = await workers.run(spec, signal);
  if ("died" in outcome && !signal.aborted) outcome = await workers.run(spec, signal);
  if ("died" in outcome) throw new Error(`its worker died twice (${outcome.died}); is there enough memory?`);
  if ("failed" in outcome) throw new Error(outcome.failed);
  return outcome.result as ExperimentResult;
}
