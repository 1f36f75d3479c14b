import { log10, pow } from "../math/special";
import { mean, tInterval } from "../math/stats";
import type { Role } from "./theme";

/** One line of a figure: what was measured at each x, once for every seed. */
export interface Series {
  /** Its label in the figure. */
  readonly name: string;
  /** Ascending; 1, 2, 3 … unless given. */
  readonly x?: readonly number[];
  /** One list per seed, each with a value for every x. */
  readonly runs: readonly ArrayLike<number>[];
  /** Who it is, if it has a fixed colour in the course. */
  readonly role?: Role;
  /** Depth of the net, if the lines of the figure are depths: colours then follow the ordered scale. */
  readonly depth?: number;
  /** True draws one ring for every value and no line: single examples, or runs of your own over a record's lines. */
  readonly points?: boolean;
  /** What theory says at each x; drawn dashed and black over the measurement. */
  readonly theory?: ArrayLike<number>;
}

/** A series as it is drawn; null where there is nothing to draw. */
export interface Drawn {
  readonly x: readonly number[];
  /** Mean over seeds; geometric on a log axis. */
  readonly centre: readonly (number | null)[];
  /** Ends of the 95 % interval of that mean; empty with a single seed. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** Single seeds; empty with one seed, which is then the mean. */
  readonly seeds: readonly (readonly (number | null)[])[];
  readonly theory: readonly (number | null)[];
  /** How many measured values are 0 or negative on a log axis. */
  readonly notPositive: number;
  /** How many measured values are NaN or infinite. */
  readonly notFinite: number;
}

/**
 * What is drawn of a series. Where a seed has no value that the axis can show, its line and the mean have a gap, and
 * the count says so.
 * @throws RangeError if there are no runs, or if a run has not as many values as x
 */
export function drawn(series: Series, log: boolean): Drawn {
  const { name, runs } = series;
  if (runs.length === 0) throw new RangeError(`"${name}": expected one list of values per seed, got none`);
  const x = series.x ?? Array.from(runs[0], (_, index) => index + 1);
  for (const [what, values] of [...runs.map((run, seed) => [`run ${String(seed)}`, run] as const), theoryOf(series)]) {
    if (values !== undefined && values.length !== x.length) {
      throw new RangeError(
        `"${name}", ${what}: expected ${String(x.length)} values (one for each x), got ${String(values.length)}`,
      );
    }
  }
  const shows = (value: number): boolean => Number.isFinite(value) && !(log && value <= 0);
  const line = (values: ArrayLike<number>): (number | null)[] =>
    Array.from(values, (value) => (shows(value) ? rounded(value) : null));
  const measured = runs.flatMap((run) => Array.from(run));
  const summaries = x.map((_, index) =>
    summary(
      Array.from(runs, (run) => run[index]),
      log,
      shows,
    ),
  );
  return {
    x,
    centre: summaries.map(({ centre }) => centre),
    low: runs.length > 1 ? summaries.map(({ low }) => low) : [],
    high: runs.length > 1 ? summaries.map(({ high }) => high) : [],
    seeds: runs.length > 1 ? runs.map(line) : [],
    theory: series.theory === undefined ? [] : line(series.theory),
    notPositive: log ? measured.filter((value) => Number.isFinite(value) && value <= 0).length : 0,
    notFinite: measured.filter((value) => !Number.isFinite(value)).length,
  };
}

interface Summary {
  readonly centre: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

function summary(values: readonly number[], log: boolean, shows: (value: number) => boolean): Summary {
  if (!values.every(shows)) return { centre: null, low: null, high: null };
  // A band of two seeds may reach further than numbers do.
  const back = (value: number): number | null => {
    const end = log ? pow(10, value) : value;
    return shows(end) ? rounded(end) : null;
  };
  const scale = log ? values.map((value) => log10(value)) : values;
  if (values.length === 1) return { centre: rounded(values[0]), low: null, high: null };
  const { low, high } = tInterval(scale);
  return { centre: back(mean(scale)), low: back(low), high: back(high) };
}

function theoryOf({ theory }: Series): readonly [string, ArrayLike<number> | undefined] {
  return ["theory", theory];
}

/** Five significant digits: more than a screen shows, and files stay small. */
function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
