import {
  setHost,
  type ChapterExercises,
  type DisplayOptions,
  type Host,
  type LedgerEntry,
  type MimeBundle,
} from "../../lib/src/host";

/** One call of the fake host's display. */
export interface Shown {
  readonly bundle: MimeBundle;
  readonly options: DisplayOptions;
}

/** A host in memory that keeps what was shown and what was written. */
export interface FakeHost extends Host {
  readonly shown: Shown[];
  readonly written: LedgerEntry[];
  /** The cards shown so far. */
  cards(): readonly Record<string, unknown>[];
}

/** What a test wants to be different. */
export interface FakeOptions extends Partial<ChapterExercises> {
  readonly settings?: Partial<Record<"profile" | "seed" | "graded", string>>;
  /** What the ledger held before. */
  readonly entries?: readonly LedgerEntry[];
  /** Makes every append fail. */
  readonly appendError?: Error;
  readonly stopRequested?: () => boolean;
  readonly workers?: Host["workers"];
  readonly results?: Host["results"];
}

/** Makes a fake host and gives it to the library. */
export function fakeHost(options: FakeOptions = {}): FakeHost {
  const shown: Shown[] = [];
  const written: LedgerEntry[] = [];
  const fake: FakeHost = {
    shown,
    written,
    cards: () =>
      shown.flatMap(({ bundle }) => {
        const card = bundle["application/vnd.deepen.card+json"];
        return card === undefined ? [] : [card as Record<string, unknown>];
      }),
    open: (file) => Promise.reject(new Error(`no file ${file} in this test`)),
    exercises: () => Promise.resolve({ exercises: options.exercises ?? [], recall: options.recall ?? [] }),
    ledger: {
      load: () => Promise.resolve(options.entries ?? []),
      append(entry) {
        if (options.appendError !== undefined) return Promise.reject(options.appendError);
        written.push(entry);
        return Promise.resolve();
      },
    },
    display: (bundle, displayOptions = {}) => {
      shown.push({ bundle, options: displayOptions });
    },
    stopRequested: options.stopRequested ?? (() => false),
    setting: (name) => options.settings?.[name],
    workers: options.workers,
    results: options.results,
  };
  setHost(fake);
  return fake;
}
