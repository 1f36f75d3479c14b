import { host } from "../host";
import { canonicalJson, fromJson, toJson } from "../math/json";
import type { ExperimentResult, ExperimentSpec } from "./experiment";

/** A sweep that the authors of the course ran in full, as a file of `data/records` keeps it. */
export interface SweepRecord {
  /** `NN-name`. */
  readonly name: string;
  /** The packages that the numbers depend on, with their versions. */
  readonly versions: Readonly<Record<string, string>>;
  /** How long it took; nothing that is compared. */
  readonly timing: {
    /** Processor and version of Node. */
    readonly machine: string;
    /** Experiments that ran at once. */
    readonly workers: number;
    /** Wall time; of experiments that the same code had run before, only that of reading them. */
    readonly seconds: number;
  };
  /** In the order of the specifications. */
  readonly results: readonly ExperimentResult[];
}

/** A leaf of a specification, by its path, such as "model.depth". */
type Leaves = Readonly<Record<string, unknown>>;

interface Stored extends Omit<SweepRecord, "results"> {
  /** What all specifications have in common. */
  readonly common: Leaves;
  /** Where each specification differs, and what came of it. */
  readonly points: readonly { readonly at: Leaves; readonly result: Omit<ExperimentResult, "spec"> }[];
}

/** A record as text: JSON with a line for each experiment, which says only where its specification differs. */
export function recordText({ results, ...head }: SweepRecord): string {
  const all = results.map(({ spec }) => leavesOf(spec));
  const [first = {}] = all;
  const shared = Object.keys(first).filter((path) =>
    all.every((leaves) => path in leaves && canonicalJson(leaves[path]) === canonicalJson(first[path])),
  );
  const pick = (leaves: Leaves, wanted: (path: string) => boolean): Leaves =>
    Object.fromEntries(Object.entries(leaves).filter(([path]) => wanted(path)));
  const points = results.map((result, place) =>
    toJson({ at: pick(all[place], (path) => !shared.includes(path)), result: { ...result, spec: undefined } }),
  );
  const header = toJson({ ...head, common: pick(first, (path) => shared.includes(path)) });
  return `${header.slice(0, -1)},"points":[\n${points.join(",\n")}\n]}\n`;
}

/**
 * The record that a text holds.
 * @throws Error if it holds none
 */
export function parseRecord(text: string): SweepRecord {
  const { common, points, ...head } = fromJson(text) as Stored;
  const results = points.map(({ at, result }) => ({ spec: specOf({ ...common, ...at }), ...result }));
  return { ...head, results };
}

/**
 * The record of that name. Its specifications can be run again: they give the same numbers.
 * @param name - `NN-name`, a file of `data/records` without `.json`
 * @throws Error if there is no such file, or it is no record
 */
export async function readRecord(name: string): Promise<SweepRecord> {
  const bytes = await host().open(`records/${name}.json`);
  try {
    return parseRecord(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Error(`data/records/${name}.json is no record (${(error as Error).message}): run npm run records`, {
      cause: error,
    });
  }
}

function leavesOf(value: object, prefix = ""): Leaves {
  const leaves: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value) as [string, unknown][]) {
    const branch = typeof part === "object" && part !== null && !Array.isArray(part);
    Object.assign(leaves, branch ? leavesOf(part, `${prefix}${key}.`) : { [`${prefix}${key}`]: part });
  }
  return leaves;
}

function specOf(leaves: Leaves): ExperimentSpec {
  const spec: Record<string, unknown> = {};
  for (const [path, leaf] of Object.entries(leaves)) {
    const keys = path.split(".");
    const last = keys.pop()!;
    const parent = keys.reduce((node, key) => (node[key] ??= {}) as Record<string, unknown>, spec);
    parent[last] = leaf;
  }
  return spec as unknown as ExperimentSpec;
}
