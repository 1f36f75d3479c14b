import { host } from "../host";
import { lessonCall, showCard, type Card } from "./card";
import type { Exercise } from "./exercise";
import { judge, type Judgement } from "./judge";
import { record, session } from "./session";
import { errorText } from "./trial";
import { counted, inlineCode } from "./words";

/**
 * Judges an answer and shows the exercise's card: what was expected, what came, the smallest input that fails, the next
 * hint.
 *
 * @param id - the exercise, e.g. "03.2"
 * @param answer - a function, a value, a letter or a design, as the exercise asks
 * @throws Error in graded runs alone (DEEPEN_GRADED=1), if the answer is not right
 */
export async function check(id: string, answer: unknown): Promise<void> {
  const exercise = session("check").exercises.get(id);
  const judgement = exercise === undefined ? unknownExercise(id) : await judgeSafely(exercise, answer);
  if (exercise === undefined) {
    showCard({ kind: "exercise", id, title: id, state: "unknown exercise", tone: "bad", body: judgement.message });
  } else {
    if (judgement.state !== "not done") {
      await record({ kind: "check", id, state: judgement.state, message: judgement.message });
    }
    showCard(exerciseCard(exercise, judgement));
  }
  if (host().setting("graded") === "1" && judgement.state !== "passed") {
    throw new Error(`exercise ${id} ${judgement.state}: ${judgement.message}`);
  }
}

/**
 * Shows the next hint of an exercise: one more after each attempt (a check that was not right), three in all.
 * Without a new attempt it shows again those that were given.
 */
export function hint(id: string): void {
  const exercise = known("hint", id);
  const given = hintsGiven(id);
  const next = Math.min(given + 1, exercise.hints.length, attempts(id));
  if (next > given) void record({ kind: "hint", id, value: next });
  const locked =
    next === 0 ? "The first hint opens after your first attempt: give any answer to its check." : undefined;
  const more = next < exercise.hints.length ? "The next one opens after another attempt." : "That was the last one.";
  showCard({
    kind: "exercise",
    id,
    title: next === 0 ? exercise.title : `${exercise.title}: hint ${String(next)} of ${String(exercise.hints.length)}`,
    state: next === 0 ? "no attempt yet" : "hint",
    tone: "neutral",
    body: locked ?? `${exercise.hints[next - 1]}\n\n*${more}*`,
    details: hintDetails(exercise, next - 1),
  });
}

/**
 * Shows the solution of an exercise and why it is right; asks for one attempt first.
 * @param options - `force: true` shows it without an attempt
 */
export function solution(id: string, options: { readonly force?: boolean } = {}): void {
  const exercise = known("solution", id);
  const { code, reason } = exercise.solutionText;
  const open = options.force === true || attempts(id) > 0;
  if (open) void record({ kind: "solution", id });
  showCard({
    kind: "exercise",
    id,
    title: `${exercise.title}: solution`,
    state: open ? "solution" : "no attempt yet",
    tone: "neutral",
    body: open
      ? `\`\`\`typescript\n${code.trim()}\n\`\`\`\n\n${reason}`
      : `Give its check one answer of your own first. To see the solution all the same, run \`lesson.solution("${id}", { force: true })\`.`,
  });
}

function exerciseCard(exercise: Exercise, { state, message }: Judgement): Card {
  const { id, title } = exercise;
  const tries = attempts(id);
  const counter = tries > 0 ? [`*${counted(tries, "attempt")}.*`] : [];
  const given = hintsGiven(id);
  const nextHint = {
    label: `Hint ${String(Math.min(given + 1, exercise.hints.length))}`,
    code: lessonCall("hint", id),
  };
  const toSolution = { label: "Solution", code: lessonCall("solution", id) };
  return {
    kind: "exercise",
    id,
    title,
    state,
    tone: state === "passed" ? "good" : state === "not done" ? "neutral" : "warn",
    body: [message, ...counter].join("\n\n"),
    details: hintDetails(exercise, given),
    actions: state === "passed" ? [{ ...toSolution, label: "Compare with the solution" }] : [nextHint, toSolution],
  };
}

function hintDetails(exercise: Exercise, count: number): { summary: string; body: string }[] {
  return exercise.hints
    .slice(0, Math.max(0, count))
    .map((body, index) => ({ summary: `Hint ${String(index + 1)}`, body }));
}

/** Checks that were not right, or right after that: each different answer counts once in a row. */
function attempts(id: string): number {
  return session("check").ledger.filter((entry) => entry.kind === "check" && entry.id === id).length;
}

function hintsGiven(id: string): number {
  const values = session("hint").ledger.map((entry) => (entry.kind === "hint" && entry.id === id ? entry.value : 0));
  return Math.max(0, ...values.map((value) => value ?? 0));
}

function known(caller: string, id: string): Exercise {
  const exercise = session(caller).exercises.get(id);
  if (exercise === undefined) throw new Error(`${caller}: ${unknownExercise(id).message}`);
  return exercise;
}

function unknownExercise(id: string): Judgement {
  const ids = [...session("check").exercises.keys()].join(", ");
  return {
    state: "not yet right",
    message: `This chapter has no exercise ${inlineCode(id)}: it has ${ids || "none"}.`,
  };
}

async function judgeSafely(exercise: Exercise, answer: unknown): Promise<Judgement> {
  try {
    return await judge(exercise, answer);
  } catch (error) {
    const message = `The check itself failed, which is our fault and not yours: ${inlineCode(errorText(error))}`;
    return { state: "not yet right", message };
  }
}
