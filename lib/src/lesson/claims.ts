import { showCard } from "./card";
import type { ClaimResult } from "./session";
import { counted } from "./words";

/** Shows the claims of a chapter in one card: statement, measured here, holds. */
export function claimsTable(claims: ReadonlyMap<string, ClaimResult>): void {
  const results = [...claims.values()];
  const holding = results.filter(({ state }) => state === "holds").length;
  const failing = results.filter(({ state }) => state === "does not hold").length;
  const unjudged = results.length - holding - failing;
  const rows = results.map(({ says, measured, state }) => `| ${cell(says)} | ${cell(measured)} | ${state} |`);
  const parts = [`${String(holding)} of ${counted(results.length, "claim")} hold`];
  if (unjudged > 0) parts.push(`${String(unjudged)} not judged`);
  showCard({
    kind: "claim",
    id: results[0]?.id.split(".")[0] ?? "",
    title: "What this chapter claimed, and what was measured here",
    state: parts.join(", "),
    tone: failing > 0 ? "bad" : unjudged > 0 || results.length === 0 ? "neutral" : "good",
    body: results.length === 0 ? "No claim was measured yet: run the cells above." : [...head, ...rows].join("\n"),
  });
}

const head = ["| Statement | Measured here | |", "| :-- | :-- | :-- |"];

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");
}
