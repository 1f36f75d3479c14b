import { ready } from "@deepen/engine";
import { host } from "../host";
import { childSeed } from "../math/rng";
import { claimsTable } from "./claims";
import { exercisesOf, recallOf } from "./load";
import { runSeeds } from "./seeds";
import { session, showNote, startSession } from "./session";
import { errorText } from "./trial";

/** A chapter that has begun. */
export interface Chapter {
  /** "03-vanishing-gradients". */
  readonly slug: string;
  /** The chapter's seed; all its random numbers come from here. */
  readonly seed: number;
  /** "normal" is what readers run; "smoke" runs every cell in seconds and judges nothing. */
  readonly profile: "normal" | "smoke";
  /** The seed that belongs to `name`: other names give other numbers, the same name always the same. */
  child(name: string): number;
  /** The value for the running profile. */
  pick<T>(values: { readonly normal: T; readonly smoke: T }): T;
  /**
   * Runs `run` once for each of `count` seeds (2 in the smoke profile), one after the other, and frees what each run made.
   * The first run of every call has the same seed, so has the second …: comparisons are paired.
   * @param run - gets the seed and its index, returns plain data
   * @param label - if given, a progress line with this text is shown
   */
  seeds<T>(count: number, run: (seed: number, index: number) => T | Promise<T>, label?: string): Promise<T[]>;
  /** Shows all claims of the chapter: statement, what was measured here, whether it holds. */
  claims(): void;
}

/**
 * Begins a chapter: starts the engine, reads the reader's ledger and the chapter's exercises.
 *
 * @param slug - name of its source, e.g. "03-vanishing-gradients"
 * @param options - `seed`: the chapter's seed, an integer; DEEPEN_SEED overrides it
 * @throws Error if the engine cannot start, or if the chapter's exercises are missing or malformed
 */
export async function begin(slug: string, options: { readonly seed: number }): Promise<Chapter> {
  await ready();
  const profile = profileSetting();
  const seed = seedSetting() ?? options.seed;
  const { exercises, recall } = await host().exercises(slug);
  startSession({
    slug,
    profile,
    exercises: exercisesOf(slug, exercises),
    recall: recallOf(slug, recall),
    ledger: [...(await loadLedger())],
    claims: new Map(),
    predictions: new Map(),
  });
  return {
    slug,
    seed,
    profile,
    child: (name) => childSeed(seed, name),
    pick: (values) => values[profile],
    seeds: (count, run, label) =>
      runSeeds({ seed, count: profile === "smoke" ? Math.min(2, count) : count, run, label }),
    claims: () => {
      claimsTable(session("claims").claims);
    },
  };
}

function profileSetting(): "normal" | "smoke" {
  const value = host().setting("profile") ?? "normal";
  if (value !== "normal" && value !== "smoke") {
    throw new RangeError(`DEEPEN_PROFILE: expected normal or smoke, got ${value}`);
  }
  return value;
}

function seedSetting(): number | undefined {
  const value = host().setting("seed");
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) throw new RangeError(`DEEPEN_SEED: expected an integer from 0, got ${value}`);
  return Number(value);
}

async function loadLedger(): ReturnType<ReturnType<typeof host>["ledger"]["load"]> {
  try {
    return await host().ledger.load();
  } catch (error) {
    const why = errorText(error);
    showNote(`Your earlier guesses and attempts could not be read (${why}); the chapter begins without them.`);
    return [];
  }
}
