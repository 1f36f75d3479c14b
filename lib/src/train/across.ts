import type { ExperimentResult } from "./experiment";

/**
 * Values over x, once for every seed: what a line with its band is drawn from, `{ name, ...across(results, x, value) }`.
 * While results of a sweep are still missing, it has as many runs as the x with the fewest.
 *
 * @param results - of one net at several x, the seeds of each x in the same order
 * @param x - where a result stands, e.g. its depth
 * @param value - what is drawn of it, e.g. its test accuracy
 */
export function across(
  results: readonly ExperimentResult[],
  x: (result: ExperimentResult) => number,
  value: (result: ExperimentResult) => number,
): {
  /** All x that occur, ascending. */
  readonly x: readonly number[];
  /** One list per seed, each with a value for every x. */
  readonly runs: readonly (readonly number[])[];
} {
  const byX = new Map<number, number[]>();
  for (const result of results) byX.set(x(result), [...(byX.get(x(result)) ?? []), value(result)]);
  const places = [...byX.keys()].sort((a, b) => a - b);
  const columns = places.map((place) => byX.get(place)!);
  const fewest = columns.length === 0 ? 0 : Math.min(...columns.map((values) => values.length));
  return { x: places, runs: Array.from({ length: fewest }, (_, seed) => columns.map((values) => values[seed])) };
}
