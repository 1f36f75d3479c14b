import type { tf } from "@deepen/engine";
import type { DataParts } from "../data/dataSpec";

/** What a measure gives: a number, or one for each layer, or one for each layer under several names. */
export type Measured = number | readonly number[] | Readonly<Record<string, readonly number[]>>;

/** What an experiment measures in its model, beside scores. */
export interface Measure {
  /** Before the first step or after the last. */
  readonly when: "before" | "after";
  /** Measures a model; leaves no tensor behind. */
  take(model: tf.LayersModel, data: DataParts, seed: number): Measured | Promise<Measured>;
}

const measures = new Map<string, Measure>();

/**
 * Makes a measure known to {@link experiment} by its name.
 * @throws Error if another one has the name
 */
export function registerMeasure(name: string, measure: Measure): void {
  if (measures.has(name)) throw new Error(`name: expected a new one, got "${name}", which is registered already`);
  measures.set(name, measure);
}

/**
 * The measure of that name.
 * @throws RangeError if there is none
 */
export function measureOf(name: string): Measure {
  const measure = measures.get(name);
  if (measure !== undefined) return measure;
  throw new RangeError(`measures: expected some of ${[...measures.keys()].join(", ")}, got ${JSON.stringify(name)}`);
}
