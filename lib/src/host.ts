/** What a notebook output holds: one entry a MIME type, JSON types as objects, all others as strings. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Where and how a bundle is shown. */
export interface DisplayOptions {
  /** Output metadata, e.g. `{ "image/png": { alt } }`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Name under which the output can be replaced later. */
  readonly displayId?: string;
  /** True replaces the output shown under `displayId` instead of adding one. */
  readonly update?: boolean;
}

/** One line of the ledger: what a reader did, as plain JSON. */
export interface LedgerEntry {
  /** What was done. */
  readonly kind: "predict" | "check" | "hint" | "solution" | "claim";
  /** Of which prediction, exercise or claim, e.g. "03.a". */
  readonly id: string;
  /** The guess, or the mean that was measured. */
  readonly value?: number | null;
  /** How it ended, in the words of the card. */
  readonly state?: string;
  /** What tells two attempts apart: the message that was shown. */
  readonly message?: string;
}

/** What the library asks of the world outside it: the same questions in Node and in a browser. */
export interface Host {
  /** Bytes of a file of the course's data folder; rejects with a message that names the file and the cure. */
  open(file: string): Promise<Uint8Array>;
  /** Exercises and recall questions of a chapter, by its slug. */
  exercises(chapter: string): Promise<ChapterExercises>;
  /** The reader's ledger: read once when a chapter begins, then only appended to. */
  readonly ledger: {
    /** All that was appended so far, oldest first. */
    load(): Promise<readonly LedgerEntry[]>;
    /** Resolves when the entry is kept. */
    append(entry: LedgerEntry): Promise<void>;
  };
  /** Shows a bundle as output of the running cell. */
  display(bundle: MimeBundle, options?: DisplayOptions): void;
  /** True once the reader asked to stop the running cell. */
  stopRequested(): boolean;
  /** A setting of this session, or undefined where nobody set it. */
  setting(name: "profile" | "seed" | "graded"): string | undefined;
  /** Where experiments run beside this thread; without them, a sweep runs its experiments here, one after the other. */
  readonly workers?: Workers;
  /** Results of experiments, as text by a key; only those of the library, engine and packages that run now. */
  readonly results?: {
    /** What was saved, if anything was. */
    load(key: string): Promise<string | undefined>;
    /** Keeps a text; rejects if it cannot. */
    save(key: string, text: string): Promise<void>;
  };
}

/** Threads (in a browser: workers) that each have an engine of their own, and are kept for the next experiment. */
export interface Workers {
  /** How many run at once. */
  readonly count: number;
  /** Runs one experiment by its specification; when the signal is aborted, its worker is ended and this rejects. */
  run(spec: unknown, signal: AbortSignal): Promise<WorkerOutcome>;
}

/** How an experiment in a worker ended: with a result, with an error's message, or with the worker's death. */
export type WorkerOutcome =
  | {
      /** As experiments give it. */
      readonly result: unknown;
    }
  | {
      /** The error's message. */
      readonly failed: string;
    }
  | {
      /** What is known of the death. */
      readonly died: string;
    };

/** What the `.exercises.ts` file of a chapter exports; the lesson room knows the form of its parts. */
export interface ChapterExercises {
  /** The exercises, in the order of the chapter. */
  readonly exercises: readonly unknown[];
  /** Questions to recall the chapter by, with their answers. */
  readonly recall: readonly unknown[];
}

let current: Host | undefined;

/** Gives the library its host; called by the door (`node.ts`, a browser's page) before anything else. */
export function setHost(host: Host): void {
  current = host;
}

/**
 * The host that was given.
 * @throws Error if no door has given one
 */
export function host(): Host {
  if (current === undefined) {
    throw new Error('deepen has no host: in Node import "deepen"; elsewhere call setHost(host) before anything else');
  }
  return current;
}
