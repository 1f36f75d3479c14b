import { showCard } from "./card";
import { boundWords, evidence, shareOf, type Bound } from "./evidence";
import { comparedWithGuess } from "./predict";
import { record, session } from "./session";

/** A statement of the text, what was measured for it, and what would refute it. */
export type ClaimOptions = Bound & {
  /** The statement, one plain sentence. */
  readonly says: string;
  /** The effect, one number per seed. */
  readonly values: readonly number[];
  /** Unit of the effect, e.g. "powers of ten". */
  readonly unit: string;
  /** The same measurement with the cause taken away: must not reach the bound. */
  readonly control: () => readonly number[] | Promise<readonly number[]>;
};

const fewestSeeds = 3;

/**
 * Judges a claim and shows its card.
 *
 * It holds if the 95 % interval of the mean over seeds lies beyond the bound and that of the control does not. With fewer
 * than three seeds, or in the smoke profile, it is reported and not judged.
 *
 * @param id - chapter and name, e.g. "03.sigmoid-vanishes"
 * @throws RangeError if values, control or bound have not the form that is asked for
 */
export async function claim(id: string, options: ClaimOptions): Promise<void> {
  const { profile, claims } = session("claim");
  const { says, values, unit } = options;
  const effect = evidence(`claim ${id}: values`, values, unit, options);
  const controlValues = await options.control();
  const control = evidence(`claim ${id}: control`, controlValues, unit, options);

  const judged = profile === "normal" && Math.min(values.length, controlValues.length) >= fewestSeeds;
  const holds = effect.beyond && !control.beyond;
  const state = !judged ? "not judged" : holds ? "holds" : "does not hold";
  claims.set(id, { id, says, mean: effect.mean, measured: effect.words, state });
  void record({ kind: "claim", id, value: Number.isFinite(effect.mean) ? effect.mean : null, state });

  const asked = boundWords(options);
  const body = [
    `Measured here: **${effect.words}**, asked: ${asked}${effect.beyond ? "" : ", which it does not reach"}.`,
    control.beyond
      ? `Without the cause: ${control.words}. That reaches the bound too, so this is no evidence for the cause.`
      : `Without the cause: ${control.words}. That does not reach the bound, as it should not.`,
    ...(judged ? [] : [notJudged(profile)]),
    ...comparedWithGuess(id, effect.mean, unit),
  ].join("\n\n");
  showCard(
    {
      kind: "claim",
      id,
      title: says,
      state,
      tone: !judged ? "neutral" : holds ? "good" : "bad",
      body,
    },
    {
      metadata: {
        deepen: {
          claim: {
            id,
            state,
            mean: rounded(effect.mean),
            control: rounded(control.mean),
            bound: options.atLeast ?? options.atMost,
            share: rounded(shareOf(options, effect.mean)),
          },
        },
      },
    },
  );
}

function notJudged(profile: "normal" | "smoke"): string {
  const why = profile === "smoke" ? "this is the short (smoke) run" : `it needs ${String(fewestSeeds)} seeds or more`;
  return `Not judged: ${why}.`;
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
}
