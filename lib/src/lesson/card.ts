import { host, type DisplayOptions } from "../host";
import { escapeHtml } from "./words";

/** One of the four cards of a lesson: the page draws it, other front ends show its Markdown. */
export interface Card {
  readonly kind: "predict" | "exercise" | "claim" | "recall";
  /** "03.a", "03.2", "03.sigmoid-vanishes", "03". */
  readonly id: string;
  /** One plain line. */
  readonly title: string;
  /** In words: "no guess yet", "passed", "holds", … */
  readonly state: string;
  readonly tone: "neutral" | "good" | "warn" | "bad";
  /** Markdown with `$math$`. */
  readonly body: string;
  /** Folded parts, Markdown. */
  readonly details?: readonly { readonly summary: string; readonly body: string }[];
  /** What the reader can ask for: code that the page runs in the kernel, showing what it displays inside the card. */
  readonly actions?: readonly { readonly label: string; readonly code: string }[];
}

const names: Readonly<Record<Card["kind"], string>> = {
  predict: "Predict",
  exercise: "Exercise",
  claim: "Claim",
  recall: "Recall",
};

/** Shows a card as one bundle: JSON for the page, Markdown with `<details>` for other front ends, plain text. */
export function showCard(card: Card, options: DisplayOptions = {}): void {
  host().display(
    {
      "application/vnd.deepen.card+json": card,
      "text/markdown": cardMarkdown(card),
      "text/plain": cardText(card),
    },
    options,
  );
}

/** The card in Markdown; what is folded stands in `<details>`, what can be asked for is named as code to run. */
export function cardMarkdown(card: Card): string {
  const head = `**${names[card.kind]} · ${card.title}** (${card.state})`;
  const folded = (card.details ?? []).map(
    ({ summary, body }) => `<details><summary>${escapeHtml(summary)}</summary>\n\n${body}\n\n</details>`,
  );
  const asked = (card.actions ?? []).map(({ label, code }) => `${label}: \`${code.replace(door, "lesson")}\``);
  return [head, card.body, ...folded, ...(asked.length > 0 ? [asked.join(" · ")] : [])].join("\n\n");
}

/** The card in plain text, folded parts left out. */
export function cardText(card: Card): string {
  return `${names[card.kind]}: ${card.title} (${card.state})\n${card.body}`;
}

// The text of a cell's code, put together so that it does not read as an import of this file.
const door = ["require", '("deepen").lesson'].join("");

/** Code for an action: a call of a function of `lesson`, whatever names the reader's cells have given it. */
export function lessonCall(name: "hint" | "solution", id: string): string {
  return `${door}.${name}(${JSON.stringify(id)})`;
}
