import { givenWords, numberWords } from "../math/words";
import { showCard } from "./card";
import { record, session } from "./session";

/** What a prediction is about. */
export interface PredictOptions {
  /** The claim whose measurement it is compared with. */
  readonly claim: string;
  /** The question in one plain line, if the text above does not ask it. */
  readonly question?: string;
  /** Unit of the guess; that of the claim. */
  readonly unit?: string;
}

/**
 * Keeps a guess and shows it beside the claim's measurement once that is made.
 * @param id - chapter and letter, e.g. "03.a"
 * @param guess - a number, or null for none yet
 * @throws TypeError if the guess is neither
 */
export function predict(id: string, guess: number | null, options: PredictOptions): void {
  const { ledger, claims, predictions } = session("predict");
  if (guess !== null && !(typeof guess === "number" && Number.isFinite(guess))) {
    throw new TypeError(`predict ${id}: expected a number (your guess) or null (none yet), got ${String(guess)}`);
  }
  if (guess !== null) void record({ kind: "predict", id, value: guess });
  const earlier = [...ledger].reverse().find((entry) => entry.kind === "predict" && entry.id === id)?.value ?? null;
  const kept = guess ?? earlier;
  if (kept !== null) predictions.set(options.claim, { id, guess: kept });

  const measured = claims.get(options.claim);
  const unit = options.unit ?? "";
  const comparison = measured === undefined ? [] : comparedWithGuess(options.claim, measured.mean, unit);
  showCard({
    kind: "predict",
    id,
    title: options.question ?? "Your guess before you measure",
    state: kept === null ? "no guess yet" : measured === undefined ? "guessed" : "measured",
    tone: "neutral",
    body: comparison[0] ?? (kept === null ? invitation : keptWords(kept, unit, guess === null)),
  });
}

/** The guess for `claim` beside what was measured, in a sentence; none if there is no guess. */
export function comparedWithGuess(claim: string, mean: number, unit: string): string[] {
  const prediction = session("predict").predictions.get(claim);
  if (prediction === undefined) return [];
  const { id, guess } = prediction;
  const off = Math.abs(guess - mean);
  const distance = Number.isFinite(off) ? ` You were off by ${withUnit(numberWords(off), unit)}.` : "";
  return [
    `Your guess (${id}): ${withUnit(givenWords(guess), unit)}; measured: ${withUnit(numberWords(mean), unit)}.${distance}`,
  ];
}

const invitation = "Put your guess in place of `null` and run the cell. It is kept and shown beside the measurement.";

function keptWords(guess: number, unit: string, earlier: boolean): string {
  const words = `Your guess${earlier ? " from before" : ""}: **${withUnit(givenWords(guess), unit)}**.`;
  return `${words} It is shown beside the measurement.`;
}

function withUnit(number: string, unit: string): string {
  return unit === "" ? number : `${number} ${unit}`;
}
