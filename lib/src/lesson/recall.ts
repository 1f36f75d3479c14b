import { showCard } from "./card";
import { session } from "./session";
import { counted } from "./words";

/**
 * Asks the chapter's recall questions; each answer is folded.
 * @param chapter - its number, e.g. "03"
 * @throws RangeError if that is not the chapter that has begun
 */
export function recall(chapter: string): void {
  const { slug, recall: questions } = session("recall");
  if (!slug.startsWith(chapter)) {
    throw new RangeError(`recall: expected the chapter that has begun (${slug.split("-")[0]}), got ${chapter}`);
  }
  showCard({
    kind: "recall",
    id: chapter,
    title: "What stays",
    state: counted(questions.length, "question"),
    tone: "neutral",
    body: "Answer each in your own words before you open it.",
    details: questions.map(({ question, answer }) => ({ summary: question, body: answer })),
  });
}
