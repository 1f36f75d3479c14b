import { mkdir, open, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import {
  setHost,
  type ChapterExercises,
  type DisplayOptions,
  type Host,
  type LedgerEntry,
  type MimeBundle,
} from "./host";
import { resultsIn, threads } from "./workers";

/** The part of the kernel's object that is used here (`globalThis[Symbol.for("deepen.kernel")]`). */
interface Kernel {
  display(data: MimeBundle, options?: DisplayOptions): void;
  stopRequested(): boolean;
}

const require_ = createRequire(__filename);
const course = path.resolve(__dirname, "..", "..");

setHost(nodeHost());

export * from "./index";

/** The host in Node: the course's files, the kernel's display (else stock tslab's, else the console), settings from the environment. */
export function nodeHost(): Host {
  const cache = environment("CACHE") ?? path.join(course, ".cache", "experiments");
  return {
    open: openData,
    exercises: loadExercises,
    ledger: ledgerIn(environment("WORK") ?? path.join(course, "work")),
    display,
    stopRequested: () => kernel()?.stopRequested() ?? false,
    setting: (name) => environment(name.toUpperCase()),
    workers: threads(path.resolve(__dirname, "..", "dist", "worker.js")),
    ...(cache === "none" ? {} : { results: resultsIn(cache, course) }),
  };
}

/**
 * A ledger of JSON lines, `ledger.jsonl` in `folder`; "none" keeps it in memory.
 * Lines that cannot be read (torn by a crash or a full disk) are passed over, and the next entry begins a line of its own.
 */
export function ledgerIn(folder: string): Host["ledger"] {
  if (folder === "none") return ledgerInMemory();
  const file = path.join(folder, "ledger.jsonl");
  let last: Promise<void> = Promise.resolve();
  return {
    load: async () => (await readOrEmpty(file)).split("\n").flatMap(parseLine),
    append(entry) {
      // One after the other, so that lines stay in order; a failed one does not hold up the next.
      const written = last.catch(() => undefined).then(() => appendLine(file, JSON.stringify(entry)));
      last = written;
      return written;
    },
  };
}

function ledgerInMemory(): Host["ledger"] {
  const entries: LedgerEntry[] = [];
  return {
    load: () => Promise.resolve([...entries]),
    append(entry) {
      entries.push(entry);
      return Promise.resolve();
    },
  };
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
}

function parseLine(line: string): LedgerEntry[] {
  try {
    const entry = JSON.parse(line) as Partial<LedgerEntry> | null;
    return typeof entry?.kind === "string" && typeof entry.id === "string" ? [entry as LedgerEntry] : [];
  } catch {
    return [];
  }
}

async function appendLine(file: string, line: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, "a+");
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(1);
    if (size > 0) await handle.read(tail, 0, 1, size - 1);
    const torn = size > 0 && tail.toString() !== "\n";
    await handle.appendFile(`${torn ? "\n" : ""}${line}\n`);
  } finally {
    await handle.close();
  }
}

async function openData(file: string): Promise<Uint8Array> {
  const name = path.join(course, "data", file);
  try {
    return new Uint8Array(await readFile(name));
  } catch (error) {
    throw new Error(
      `data/${file} cannot be read (${messageOf(error)}): get the course's copy back, e.g. by git checkout -- data`,
      {
        cause: error,
      },
    );
  }
}

function loadExercises(chapter: string): Promise<ChapterExercises> {
  const file = path.join(course, "notebooks", "dist", `${chapter}.exercises.js`);
  try {
    const found = require_(file) as Partial<ChapterExercises>;
    return Promise.resolve({ exercises: found.exercises ?? [], recall: found.recall ?? [] });
  } catch (error) {
    const missing = codeOf(error) === "MODULE_NOT_FOUND" && messageOf(error).includes(file);
    const what = missing
      ? "is not there: run npm run build in the course's folder"
      : `does not load: ${messageOf(error)}`;
    return Promise.reject(new Error(`notebooks/dist/${chapter}.exercises.js ${what}`, { cause: error }));
  }
}

function display(bundle: MimeBundle, options: DisplayOptions = {}): void {
  const own = kernel();
  if (own !== undefined) {
    own.display(bundle, options);
    return;
  }
  const write = tslabDisplay();
  if (write !== undefined) {
    const transient = options.displayId === undefined ? {} : { display_id: options.displayId };
    write({ data: bundle, metadata: options.metadata ?? {}, transient }, options.update ?? false);
    return;
  }
  console.log(bundle["text/plain"]);
}

function kernel(): Kernel | undefined {
  return (globalThis as Readonly<Record<symbol, Kernel | undefined>>)[Symbol.for("deepen.kernel")];
}

type TslabDisplay = (content: object, update: boolean) => void;

// Stock tslab shows one MIME type a message; its loaded module can show a bundle. The function changes with every cell.
function tslabDisplay(): TslabDisplay | undefined {
  const loaded = Object.keys(require_.cache).find((name) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(name));
  if (loaded === undefined) return undefined;
  const { lastWriteDisplayData } = require_.cache[loaded]?.exports as { lastWriteDisplayData?: TslabDisplay | null };
  return lastWriteDisplayData ?? undefined;
}

function environment(name: string): string | undefined {
  const value = process.env[`DEEPEN_${name}`];
  return value === "" ? undefined : value;
}

// Errors of the file system may come from another realm (cells run in one): asked for their parts, not for their class.
function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | undefined)?.code;
}

function messageOf(error: unknown): string {
  const message = (error as { readonly message?: unknown } | undefined)?.message;
  return typeof message === "string" ? message : String(error);
}
