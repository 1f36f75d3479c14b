import { tInterval } from "../math/stats";
import { givenWords, spreadWords } from "../math/words";
import { counted } from "./words";

/** What is asked of a measurement: that it lies beyond one number. */
export type Bound =
  | {
      /** The least that it may be. */
      readonly atLeast: number;
      /** Not with `atLeast`. */
      readonly atMost?: undefined;
    }
  | {
      /** The most that it may be. */
      readonly atMost: number;
      /** Not with `atMost`. */
      readonly atLeast?: undefined;
    };

/** What values over seeds say about a bound. */
export interface Evidence {
  /** NaN where a value is not finite. */
  readonly mean: number;
  /** The whole 95 % interval lies beyond the bound. */
  readonly beyond: boolean;
  /** "17.7 ± 0.3 powers of ten (5 seeds)". */
  readonly words: string;
}

/**
 * Judges values (one a seed) against a bound by Student's 95 % interval of their mean; values that are not finite never
 * reach a bound.
 * @throws RangeError if there are fewer than two values, or not exactly one bound
 */
export function evidence(what: string, values: readonly number[], unit: string, bound: Bound): Evidence {
  const asked = [bound.atLeast, bound.atMost].filter((value) => value !== undefined);
  if (asked.length !== 1 || !Number.isFinite(asked[0])) {
    throw new RangeError(`${what}: expected one finite bound, atLeast or atMost, got ${JSON.stringify(asked)}`);
  }
  if (!Array.isArray(values) || values.length < 2 || !values.every((value) => typeof value === "number")) {
    throw new RangeError(`${what}: expected one number per seed, at least 2, got ${JSON.stringify(values)}`);
  }
  const odd = values.filter((value) => !Number.isFinite(value)).length;
  if (odd > 0) {
    const words = `${counted(odd, "value")} of ${String(values.length)} not finite (${spreadWords(values)})`;
    return { mean: NaN, beyond: false, words };
  }
  const { mean, low, high } = tInterval(values);
  const beyond = bound.atLeast !== undefined ? low > bound.atLeast : high < bound.atMost;
  return { mean, beyond, words: `${spreadWords(values)} ${unit} (${counted(values.length, "seed")})` };
}

/** "at least 8", "at most 0.04". */
export function boundWords(bound: Bound): string {
  return bound.atLeast !== undefined ? `at least ${givenWords(bound.atLeast)}` : `at most ${givenWords(bound.atMost)}`;
}

/**
 * How large the bound is against the mean effect, the smaller over the larger: between a quarter and a half leaves room
 * for other machines and still says something; 0 where they lie on different sides of zero.
 */
export function shareOf(bound: Bound, mean: number): number {
  const limit = bound.atLeast ?? bound.atMost;
  if (!(limit * mean > 0)) return 0;
  return Math.min(limit / mean, mean / limit);
}
