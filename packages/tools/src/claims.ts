import type { ICodeCell } from "@jupyterlab/nbformat";

/** MIME type of a lesson's cards. */
export const cardType = "application/vnd.deepen.card+json";

const states = ["holds", "does not hold", "not judged"] as const;

/** What the card of one claim says. */
export interface Claim {
  readonly id: string;
  readonly title: string;
  readonly state: (typeof states)[number];
  /** What was measured and what was asked, in Markdown. */
  readonly body: string;
  /** The bound as a fraction of the mean effect; undefined if the card does not say it. */
  readonly share: number | undefined;
}

/** The claims judged in `cells`, in their order; the last card of an id counts. A chapter's table of its claims is none of them. */
export function claimsIn(cells: readonly ICodeCell[]): Claim[] {
  const claims = new Map<string, Claim>();
  for (const output of cells.flatMap((cell) => cell.outputs)) {
    const card = (output.data as Record<string, Record<string, unknown>> | undefined)?.[cardType];
    const state = states.find((each) => each === card?.state);
    if (card?.kind === "claim" && state !== undefined) {
      const [id, title, body] = [card.id, card.title, card.body].map(String);
      claims.set(id, { id, title, state, body, share: shareOf(output.metadata) });
    }
  }
  return [...claims.values()];
}

/** Whether the measurement contradicted the claim. */
export function isRefuted({ state }: Claim): boolean {
  return state === "does not hold";
}

/** A claim that was contradicted, and what was measured, in a few lines. */
export function refutation({ id, title, body }: Claim): string {
  return [`the claim ${id} does not hold: ${title}`, ...body.split("\n").filter((line) => line !== "")].join("\n    ");
}

/** What an author should know of a claim, in a line; undefined for one that holds with a bound from a quarter to a half of its effect. */
export function claimRemark({ id, title, state, share }: Claim): string | undefined {
  if (state !== "holds") return `claim ${id} ${state}: ${title}`;
  if (share === undefined || (share >= 0.25 && share <= 0.5)) return undefined;
  return `claim ${id} holds, but its bound is ${share.toFixed(2)} of the mean effect: expected 0.25 to 0.5`;
}

function shareOf(metadata: unknown): number | undefined {
  const share = (metadata as { deepen?: { claim?: { share?: unknown } } } | undefined)?.deepen?.claim?.share;
  return typeof share === "number" ? share : undefined;
}
