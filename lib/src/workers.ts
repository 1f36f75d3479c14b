import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Piscina } from "piscina";
import type { Host, WorkerOutcome, Workers } from "./host";

/** A thread that has had nothing to do for this long ends; milliseconds. */
const idleTimeout = 120_000;

/** Most threads at once: each has a TensorFlow.js of its own, some 200 MB. */
const most = 4;

/**
 * Experiments in threads of this process, one for each core. Threads start when they are needed and do not keep the
 * process alive.
 *
 * @param program - file of the program that a thread runs
 */
export function threads(program: string): Workers {
  const count = Math.min(most, os.availableParallelism());
  let pool: Piscina | undefined;
  return {
    count,
    async run(spec, signal) {
      pool ??= new Piscina({ filename: program, minThreads: 0, maxThreads: count, idleTimeout, atomics: "disabled" });
      try {
        return (await pool.run(spec, { signal })) as WorkerOutcome;
      } catch (error) {
        if (signal.aborted) throw error;
        return { died: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/**
 * Results in files of a folder, apart for each state of the library, the engine and the packages; those of other states
 * are removed when the first one is written.
 *
 * @param folder - made when it is needed
 * @param course - the course's folder
 */
export function resultsIn(folder: string, course: string): NonNullable<Host["results"]> {
  let state: Promise<string> | undefined;
  let own: Promise<string> | undefined;
  const stateOf = (): Promise<string> => (state ??= fingerprint(course));
  const makeOwn = async (): Promise<string> => {
    const name = await stateOf();
    const made = path.join(folder, name);
    await mkdir(made, { recursive: true });
    for (const other of await readdir(folder)) {
      if (other !== name) await rm(path.join(folder, other), { recursive: true, force: true });
    }
    return made;
  };
  return {
    async load(key) {
      try {
        return await readFile(path.join(folder, await stateOf(), `${key}.json`), "utf8");
      } catch {
        return undefined;
      }
    },
    async save(key, text) {
      const file = path.join(await (own ??= makeOwn()), `${key}.json`);
      const part = `${file}.${process.pid}`;
      await writeFile(part, text);
      await rename(part, file);
    },
  };
}

/** A hash of all compiled code that results depend on, and of the lockfile. */
async function fingerprint(course: string): Promise<string> {
  const hash = createHash("sha256");
  for (const part of ["lib/dist", "packages/engine/dist"]) {
    const folder = path.join(course, part);
    const names = await readdir(folder, { recursive: true });
    for (const name of names.filter((one) => one.endsWith(".js")).sort()) {
      hash.update(name.replaceAll(path.sep, "/")).update(await readFile(path.join(folder, name)));
    }
  }
  return hash
    .update(await readFile(path.join(course, "package-lock.json")))
    .digest("hex")
    .slice(0, 16);
}
