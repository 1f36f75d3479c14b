import { childSeed, rng } from "../math/rng";
import { difference, plain, comparisonFor } from "./compare";
import { caseWords, changedWords, patternWords, type Tried } from "./diagnose";
import { boundWords, evidence, type Bound } from "./evidence";
import type {
  ChoiceExercise,
  DesignExercise,
  Exercise,
  FunctionExercise,
  ValueExercise,
  WrongAnswer,
} from "./exercise";
import { attempt, errorText, type Outcome, type Trial } from "./trial";
import { isTodo } from "./todo";
import { codeWords, counted, inlineCode } from "./words";

/** What a check found. */
export interface Judgement {
  /** "not done": the answer is still what the exercise began with, or nothing. */
  readonly state: "passed" | "not yet right" | "not done";
  /** For the learner, Markdown. */
  readonly message: string;
  /** Name of the wrong answer that was recognised. */
  readonly named?: string;
}

/**
 * Judges an answer to an exercise. Never throws for what the answer is or does, and changes nothing outside.
 * @param answer - what the learner gave: a function, a value, a letter, a design
 */
export async function judge(exercise: Exercise, answer: unknown): Promise<Judgement> {
  const settled = await settle(answer);
  if (isTodo(settled)) return notDone;
  switch (exercise.kind) {
    case "implement":
    case "debug":
      return judgeFunction(exercise, settled);
    case "value":
      return judgeValue(exercise, settled);
    case "interpret":
      return judgeChoice(exercise, settled);
    case "design":
      return judgeDesign(exercise, settled);
  }
}

const notDone: Judgement = {
  state: "not done",
  message: "Not done yet: put your own code in place of `lesson.todo(…)` and run the cell again.",
};

const usual = { tolerance: 1e-6, randomCount: 20, seconds: 20 };

async function judgeFunction(exercise: FunctionExercise, answer: unknown): Promise<Judgement> {
  if (typeof answer !== "function") {
    return notYet(
      `Expected is a function, yours is ${inlineCode(codeWords(answer))}. Give the function itself, not its result.`,
    );
  }
  const learner = answer as Trial;
  const seconds = exercise.seconds ?? usual.seconds;
  const tried: Tried[] = [];
  for (const input of inputsOf(exercise)) {
    const expected = await attempt((...values) => exercise.solution(...values), input, seconds);
    const received = await attempt(learner, input, seconds);
    if (received.kind === "todo") return notDone;
    tried.push({ input, expected, received, right: same(exercise, expected, received) });
    if (received.kind === "endless") break;
  }
  const failing = tried.find(({ right }) => !right);
  if (failing === undefined) {
    const careless = tried.find(({ received }) => received.kind === "value" && received.changed.length > 0);
    if (careless !== undefined) return notYet(changedWords(learner.name, careless));
    return { state: "passed", message: `Right on all ${counted(tried.length, "input")} that were tried.` };
  }
  const words = (shown: Tried): string => caseWords(learner.name, shown, clauseOf(exercise, shown));
  const known = await recognise(exercise, tried, seconds);
  if (known === undefined) return notYet([words(failing), ...patternWords(tried)].join("\n\n"));
  const [first] = known.explained;
  return notYet(`${messageOf(known.wrong, first)}\n\n${words(first)}`, known.wrong.name);
}

function inputsOf(exercise: FunctionExercise): (readonly unknown[])[] {
  const generator = rng(childSeed(0, `exercise/${exercise.id}`));
  const count = exercise.random === undefined ? 0 : (exercise.randomCount ?? usual.randomCount);
  const further = Array.from({ length: count }, (_, index) => exercise.random!(() => generator.uniform(), index));
  return [...exercise.inputs, ...further];
}

/**
 * The named wrong answer whose outputs the learner's equal wherever they differ from the solution's, and the inputs that
 * it explains: the most of all names, and more than half of those on which the learner's fails.
 */
async function recognise(
  exercise: FunctionExercise,
  tried: readonly Tried[],
  seconds: number,
): Promise<{ readonly wrong: WrongAnswer; readonly explained: readonly Tried[] } | undefined> {
  if (tried.some(({ received }) => received.kind === "endless")) return undefined;
  let most = tried.filter(({ right }) => !right).length / 2;
  let best: { wrong: WrongAnswer; explained: readonly Tried[] } | undefined;
  for (const wrong of exercise.wrong) {
    const explained = await explainedBy(wrong, exercise, tried, seconds);
    if (explained.length <= most) continue;
    most = explained.length;
    best = { wrong, explained };
  }
  return best;
}

/** The inputs on which a wrong answer differs from the solution, if the learner's equals it on all of them; else none. */
async function explainedBy(
  wrong: FunctionExercise["wrong"][number],
  exercise: FunctionExercise,
  tried: readonly Tried[],
  seconds: number,
): Promise<readonly Tried[]> {
  const explained: Tried[] = [];
  for (const one of tried) {
    const theirs = await attempt(wrong.answer, one.input, seconds);
    if (same(exercise, one.expected, theirs)) continue;
    if (!same(exercise, theirs, one.received)) return [];
    if (theirs.kind === "error" && !sameError(theirs, one.received)) return [];
    explained.push(one);
  }
  return explained;
}

function same(exercise: FunctionExercise, expected: Outcome, received: Outcome): boolean {
  if (expected.kind !== "value" || received.kind !== "value") return expected.kind === received.kind;
  return clause(exercise, expected.value, received.value) === undefined;
}

function sameError(a: Outcome, b: Outcome): boolean {
  return a.kind === "error" && b.kind === "error" && a.text === b.text;
}

function clauseOf(exercise: FunctionExercise, { expected, received }: Tried): string {
  if (expected.kind !== "value" || received.kind !== "value") return "";
  if (received.value === undefined) return "is a `return` missing?";
  return clause(exercise, expected.value, received.value) ?? "";
}

function clause(
  exercise: { readonly kind: Exercise["kind"]; readonly tolerance?: number },
  expected: unknown,
  received: unknown,
): string | undefined {
  const how = comparisonFor(expected, exercise.tolerance ?? usual.tolerance, exercise.kind !== "value");
  return difference(expected, received, how);
}

function judgeValue(exercise: ValueExercise, answer: unknown): Judgement {
  if (typeof answer === "function") {
    return notYet("Expected is a value, yours is a function. Call it, and give what it returns.");
  }
  const [expected, received] = [plain(exercise.solution), plain(answer)];
  const why = clause(exercise, expected, received);
  if (why === undefined) return { state: "passed", message: `Right: ${inlineCode(codeWords(expected))}.` };
  const failing = { input: [], expected, received };
  const known = exercise.wrong.find((wrong) => clause(exercise, plain(wrong.answer), received) === undefined);
  const given = `Yours is ${inlineCode(codeWords(received))}${why === "" ? "" : `: ${why}`}.`;
  if (known === undefined) return notYet(`That is not it. ${given}`);
  const text = typeof known.message === "string" ? known.message : known.message(failing);
  return notYet(`${text}\n\n${given}`, known.name);
}

function judgeChoice({ options, solution }: ChoiceExercise, answer: unknown): Judgement {
  const letters = Object.keys(options);
  const letter = typeof answer === "string" ? answer.trim().toLowerCase() : "";
  const option = Object.hasOwn(options, letter) ? options[letter] : undefined;
  if (option === undefined) {
    return notYet(
      `Answer with one of the letters ${letters.join(", ")} in quotes; yours is ${inlineCode(codeWords(answer))}.`,
    );
  }
  const message = `**${letter}: ${option.text}** ${option.explanation}`;
  return letter === solution ? { state: "passed", message } : notYet(message, letter);
}

async function judgeDesign(exercise: DesignExercise, answer: unknown): Promise<Judgement> {
  try {
    const misshapen = exercise.shape(answer);
    if (misshapen !== undefined) return notYet(misshapen);
    const run = await attempt(async (given) => exercise.measure(given), [answer], Infinity);
    if (run.kind === "todo") return notDone;
    if (run.kind !== "value")
      return notYet(`Your experiment stopped: ${run.kind === "error" ? inlineCode(run.text) : ""}`);
    const values = run.value as readonly number[];
    const bound = { atLeast: exercise.atLeast, atMost: exercise.atMost } as Bound;
    const found = evidence(`exercise ${exercise.id}`, values, exercise.unit, bound);
    const words = `Your experiment gives ${found.words}; asked: ${boundWords(bound)}.`;
    if (found.beyond) return { state: "passed", message: words };
    const known = exercise.wrong.find((wrong) => wrong.matches(answer, values));
    if (known === undefined) return notYet(`${words}${nearWords(found.mean, bound)}`);
    const failing = { input: [answer], expected: boundWords(bound), received: values };
    return notYet(
      `${typeof known.message === "string" ? known.message : known.message(failing)}\n\n${words}`,
      known.name,
    );
  } catch (error) {
    return notYet(`Your experiment could not be judged: ${inlineCode(errorText(error))}`);
  }
}

/** What to say where the mean reaches the bound and its interval does not. */
function nearWords(mean: number, bound: Bound): string {
  const reached = bound.atLeast === undefined ? mean <= bound.atMost : mean >= bound.atLeast;
  return reached ? " The mean would do, but its 95 % interval reaches past the bound: other starts might miss it." : "";
}

function messageOf(wrong: WrongAnswer, { input, expected, received }: Tried): string {
  if (typeof wrong.message === "string") return wrong.message;
  return wrong.message({ input, expected: resultOf(expected), received: resultOf(received) });
}

function resultOf(outcome: Outcome): unknown {
  return outcome.kind === "value" ? sixDigits(outcome.value) : undefined;
}

/** Numbers as they read well in a sentence. */
function sixDigits(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(6));
  return Array.isArray(value) ? value.map(sixDigits) : value;
}

function notYet(message: string, named?: string): Judgement {
  return { state: "not yet right", message, ...(named === undefined ? {} : { named }) };
}

async function settle(answer: unknown): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    return errorText(error);
  }
}
