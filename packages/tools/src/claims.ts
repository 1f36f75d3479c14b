import type { ICodeCell } from "@jupyterlab/nbformat";

/** MIME type of a lesson's cards. */
export const cardType = "application/vnd.deepen.card+json";

/** What a claim card says. */
export interface Claim {
  readonly id: string;
  readonly title: string;
  /** "holds", "does not hold", "not judged". */
  readonly state: string;
}

/** The claims judged in `cells`, in their order; the last card of an id counts. */
export function claimsIn(cells: readonly ICodeCell[]): Claim[] {
  const claims = new Map<string, Claim>();
  for (const output of cells.flatMap((cell) => cell.outputs)) {
    const card = (output.data as Record<string, unknown> | undefined)?.[cardType] as
      (Partial<Claim> & { kind?: unknown }) | undefined;
    if (card?.kind === "claim") {
      const { id = "", title = "", state = "" } = card;
      claims.set(id, { id, title, state });
    }
  }
  return [...claims.values()];
}

/** Whether the measurement contradicted the claim. */
export function isRefuted({ state }: Claim): boolean {
  return state === "does not hold";
}
