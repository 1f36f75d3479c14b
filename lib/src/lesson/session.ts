import { host, type LedgerEntry } from "../host";
import type { Exercise, RecallQuestion } from "./exercise";
import { errorText } from "./trial";

/** What a claim was found to be. */
export interface ClaimResult {
  readonly id: string;
  readonly says: string;
  /** Mean over seeds. */
  readonly mean: number;
  /** The measurement in words, with unit. */
  readonly measured: string;
  readonly state: "holds" | "does not hold" | "not judged";
}

/** What the running chapter knows: begun by `begin`, used by everything that talks to the reader. */
export interface Session {
  /** "03-vanishing-gradients". */
  readonly slug: string;
  readonly profile: "normal" | "smoke";
  readonly exercises: ReadonlyMap<string, Exercise>;
  readonly recall: readonly RecallQuestion[];
  /** The ledger as it was read, and what was done since. */
  readonly ledger: LedgerEntry[];
  /** In order of measurement. */
  readonly claims: Map<string, ClaimResult>;
  /** By claim. */
  readonly predictions: Map<string, { readonly id: string; readonly guess: number }>;
}

let current: Session | undefined;
let ledgerFailed = false;

/** Makes `session` the running chapter's. */
export function startSession(session: Session): void {
  current = session;
  ledgerFailed = false;
}

/**
 * The running chapter's session.
 * @throws Error if no chapter has begun
 */
export function session(caller: string): Session {
  if (current === undefined) {
    throw new Error(
      `${caller}: no chapter has begun: run the cell with await lesson.begin("03-…", { seed }) first, then this one again`,
    );
  }
  return current;
}

/**
 * Writes a line into the ledger: at once in memory, then on the reader's disk.
 * A disk that does not take it is told once and changes nothing else.
 */
export async function record(entry: LedgerEntry): Promise<void> {
  const { ledger } = session(entry.kind);
  const before = [...ledger].reverse().find((old) => old.kind === entry.kind && old.id === entry.id);
  if (before !== undefined && sameDeed(before, entry)) return;
  ledger.push(entry);
  try {
    await host().ledger.append(entry);
  } catch (error) {
    if (!ledgerFailed) showNote(ledgerWarning(error));
    ledgerFailed = true;
  }
}

/** Shows a sentence to the reader. */
export function showNote(text: string): void {
  host().display({ "text/markdown": text, "text/plain": text });
}

function sameDeed(a: LedgerEntry, b: LedgerEntry): boolean {
  return a.value === b.value && a.state === b.state && a.message === b.message;
}

function ledgerWarning(error: unknown): string {
  const why = errorText(error);
  return (
    `Your guesses and attempts cannot be kept on this disk (${why}). They count until the kernel stops; ` +
    "free some space where the course's work folder lies, and what you do then is kept again."
  );
}
