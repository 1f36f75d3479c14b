import type { Exercise, RecallQuestion } from "./exercise";

const kinds: readonly string[] = ["implement", "debug", "value", "interpret", "design"];

/**
 * The exercises of a chapter by id, after a look at their form.
 * @throws TypeError that names the exercise and the part that is wrong
 */
export function exercisesOf(slug: string, found: readonly unknown[]): ReadonlyMap<string, Exercise> {
  const exercises = new Map<string, Exercise>();
  for (const [index, candidate] of found.entries()) {
    const exercise = candidate as Partial<Exercise>;
    const fault = faultOf(exercise) ?? (exercises.has(exercise.id!) ? "an id of its own" : undefined);
    if (fault !== undefined) {
      throw new TypeError(`${slug}.exercises, ${exercise.id ?? `number ${String(index + 1)}`}: expected ${fault}`);
    }
    exercises.set(exercise.id!, exercise as Exercise);
  }
  return exercises;
}

/**
 * The recall questions of a chapter.
 * @throws TypeError if one has no question or no answer
 */
export function recallOf(slug: string, found: readonly unknown[]): readonly RecallQuestion[] {
  return found.map((candidate, index) => {
    const { question, answer } = candidate as Partial<RecallQuestion>;
    if (typeof question !== "string" || typeof answer !== "string") {
      throw new TypeError(`${slug}.exercises, recall ${String(index + 1)}: expected a question and an answer in words`);
    }
    return { question, answer };
  });
}

function faultOf(exercise: Partial<Exercise>): string | undefined {
  if (typeof exercise.id !== "string") return "an id such as 03.1";
  if (typeof exercise.title !== "string") return "a title";
  if (!kinds.includes(exercise.kind ?? "")) return `kind to be one of ${kinds.join(", ")}`;
  if (exercise.hints?.length !== 3) return "three hints";
  if (typeof exercise.solutionText?.code !== "string") return "solutionText with code and reason";
  return exercise.solution === undefined ? "a solution" : undefined;
}
