import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import type { train } from "deepen";
import { chooseChapters, findChapters } from "./course";
import { Failure } from "./failure";
import type { Terminal } from "./notebooks";
import { writeAtomically } from "./write";

type Library = typeof import("deepen");

/** A sweep that a chapter asks for: `records` of `notebooks/src/NN-slug.records.ts`. */
interface Wanted {
  /** `NN-name`. */
  readonly name: string;
  readonly specs: readonly train.ExperimentSpec[];
}

/** Packages that the numbers of a record depend on. */
const packages = ["deepen", "@deepen/engine", "@tensorflow/tfjs"];

/**
 * Runs the sweeps of the chapters that `names` mean and writes them to `data/records`. Experiments that were run before, by
 * the same code, are not run again.
 * @returns true
 * @throws Failure if a name means no chapter, or an experiment fails
 */
export async function writeRecords(course: string, names: readonly string[], terminal: Terminal): Promise<boolean> {
  const library = await loadLibrary();
  const folder = path.join(course, "data", "records");
  await mkdir(folder, { recursive: true });
  for (const { name, specs } of wantedRecords(course, names)) {
    const began = performance.now();
    const results = await run(library, name, specs, terminal);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const machine = `${os.cpus()[0]?.model ?? "unknown"}, Node ${process.version}`;
    const timing = { machine, workers: Math.min(4, os.availableParallelism()), seconds };
    const file = path.join(folder, `${name}.json`);
    const before = await readRecord(library, file).catch(() => undefined);
    const record = { name, versions: versions(), timing, results };
    const same = before !== undefined && compared(library, before) === compared(library, record);
    if (!same) await writeAtomically(file, library.train.recordText(record));
    terminal.say(
      `${name}: ${String(specs.length)} experiments, ${same ? "as before" : "written"}, ${String(seconds)} s`,
    );
  }
  return true;
}

/**
 * Compares records with what their chapters ask for, and runs `count` experiments of them anew, chosen at random.
 * @returns whether the records are up to date and the experiments gave the same numbers, to the bit
 * @throws Failure if a name means no chapter, or an experiment fails
 */
export async function verifyRecords(
  course: string,
  names: readonly string[],
  count: number,
  terminal: Terminal,
): Promise<boolean> {
  process.env.DEEPEN_CACHE = "none";
  const library = await loadLibrary();
  const { canonicalJson } = library.math;
  const known: { readonly name: string; readonly result: train.ExperimentResult }[] = [];
  let good = true;
  const bad = (problem: string): void => {
    good = false;
    terminal.say(problem);
  };
  for (const { name, specs } of wantedRecords(course, names)) {
    const file = path.join(course, "data", "records", `${name}.json`);
    const record = await readRecord(library, file).catch((error: unknown) => {
      bad(`${name}: no record can be read (${(error as Error).message}): run npm run records -- ${name.slice(0, 2)}`);
    });
    if (record === undefined) continue;
    const recorded = record.results.map(({ spec }) => spec);
    if (canonicalJson(recorded) !== canonicalJson(specs)) {
      bad(`${name}: the record is not what its chapter asks for: run npm run records -- ${name.slice(0, 2)}`);
    }
    known.push(...record.results.map((result) => ({ name, result })));
  }
  const chosen = sample(known, count);
  const again = await run(
    library,
    "again",
    chosen.map(({ result }) => result.spec),
    terminal,
  );
  chosen.forEach(({ name, result }, place) => {
    const same = canonicalJson(result) === canonicalJson(again[place]);
    const what = `${name}, ${JSON.stringify(result.spec)}`;
    if (!same) bad(`${what}: expected the numbers of the record, got others (test loss ${again[place].loss.test})`);
  });
  terminal.say(`${String(chosen.length)} of ${String(known.length)} recorded experiments were run again.`);
  return good;
}

/** Some of the items, others each day and in each version of the records, but the same for everyone. */
function sample<T>(items: readonly T[], count: number): T[] {
  const day = new Date().toISOString().slice(0, 10);
  const order = items.map((item, place) => {
    const key = createHash("sha256")
      .update(`${day} ${String(place)} ${JSON.stringify(item)}`)
      .digest("hex");
    return { item, key };
  });
  order.sort((left, right) => (left.key < right.key ? -1 : 1));
  return order.slice(0, count).map(({ item }) => item);
}

async function run(
  library: Library,
  name: string,
  specs: readonly train.ExperimentSpec[],
  { progress }: Terminal,
): Promise<train.ExperimentResult[]> {
  const began = performance.now();
  let done = 0;
  progress.begin(name, specs.length);
  try {
    return await library.train.sweep(specs, {
      onResult: ({ spec }) => {
        progress.done(done++, `${spec.model.kind} ${String(spec.model.depth)}`, (performance.now() - began) / 1000);
      },
    });
  } catch (error) {
    throw new Failure(`${name}: ${(error as Error).message}`);
  } finally {
    progress.end();
  }
}

async function readRecord({ train }: Library, file: string): Promise<train.SweepRecord> {
  return train.parseRecord(await readFile(file, "utf8"));
}

/** What of a record is compared: everything but the timing. */
function compared({ math }: Library, { versions, results }: train.SweepRecord): string {
  return math.canonicalJson({ versions, results });
}

function wantedRecords(course: string, names: readonly string[]): Wanted[] {
  const load = createRequire(path.join(course, "package.json"));
  const wanted = chooseChapters(findChapters(course), names).flatMap(({ slug, source }) => {
    if (!existsSync(source.replace(/\.nb\.ts$/, ".records.ts"))) return [];
    const { records } = load(path.join(course, "notebooks", "dist", `${slug}.records.js`)) as {
      readonly records: Readonly<Record<string, readonly train.ExperimentSpec[]>>;
    };
    return Object.entries(records).map(([name, specs]) => ({ name: `${slug.slice(0, 2)}-${name}`, specs }));
  });
  if (names.length === 0) refuseStray(course, wanted);
  return wanted;
}

function refuseStray(course: string, wanted: readonly Wanted[]): void {
  const folder = path.join(course, "data", "records");
  const stray = (existsSync(folder) ? readdirSync(folder) : []).filter(
    (file) => !wanted.some(({ name }) => file === `${name}.json`),
  );
  if (stray.length > 0) {
    throw new Failure(
      `data/records/${stray.join(", ")}: no chapter asks for it; remove it, or name it in a .records.ts`,
    );
  }
}

function versions(): Record<string, string> {
  const load = createRequire(__filename);
  return Object.fromEntries(
    packages.map((name) => [name, (load(`${name}/package.json`) as { readonly version: string }).version]),
  );
}

async function loadLibrary(): Promise<Library> {
  return import("deepen");
}
