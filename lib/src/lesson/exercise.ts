/** What one run of an exercise's function showed; numbers to six digits, for sentences. */
export interface Case {
  /** The arguments. */
  readonly input: readonly unknown[];
  /** What the solution gives. */
  readonly expected: unknown;
  /** What the learner's function gave. */
  readonly received: unknown;
}

/** A known wrong answer: recognised, named and explained. */
export interface WrongAnswer<Answer = unknown> {
  /** Short name of the error, e.g. "variance instead of its root". */
  readonly name: string;
  /** The wrong answer itself. */
  readonly answer: Answer;
  /** What to say to whoever gave it; the numbers of the smallest failing case are shown beside it anyway. */
  readonly message: string | ((failing: Case) => string);
}

/** What every exercise has. */
interface Common<Answer> {
  /** "03.1": chapter and number. */
  readonly id: string;
  /** One plain line. */
  readonly title: string;
  /** Three hints: the idea, the formula, the line. */
  readonly hints: readonly [string, string, string];
  /** The solution as a reader sees it, with a paragraph on why. */
  readonly solutionText: {
    /** TypeScript, as it would stand in the cell. */
    readonly code: string;
    /** Why it is right, Markdown. */
    readonly reason: string;
  };
  /** Further right answers in other forms; only tests use them. */
  readonly right: readonly Answer[];
}

/**
 * A function of an exercise. Declared as a method, so that a list of exercises may hold functions of different
 * arguments.
 */
export type ExerciseFunction<Input extends readonly unknown[]> = {
  /** Takes the arguments of one input. */
  call(...input: Input): unknown;
}["call"];

/** A function to write or to mend: judged against the solution, input by input. */
export interface FunctionExercise<
  Input extends readonly unknown[] = readonly unknown[],
  Output = unknown,
> extends Common<ExerciseFunction<Input>> {
  /** Whether it is to be written or to be mended. */
  readonly kind: "implement" | "debug";
  /** What every answer is compared with. */
  solution(...input: Input): Output | Promise<Output>;
  /** Given inputs, smallest first: the first that fails is the one that is shown. */
  readonly inputs: readonly Input[];
  /** Further inputs, tried after the given ones; `uniform` is seeded and gives numbers from 0 to 1. */
  random?(uniform: () => number, index: number): Input;
  /** How many random inputs; 20 unless given. */
  readonly randomCount?: number;
  /** Greatest relative error of a number; 1e-6 unless given. */
  readonly tolerance?: number;
  /** Seconds after which a promise that has not settled counts as a failure; 20 unless given. */
  readonly seconds?: number;
  /** Wrong answers that are recognised. */
  readonly wrong: readonly WrongAnswer<ExerciseFunction<Input>>[];
}

/** A number, list or record to find: judged against the solution. */
export interface ValueExercise extends Common<unknown> {
  /** What tells it from other exercises. */
  readonly kind: "value";
  /** What every answer is compared with. */
  readonly solution: unknown;
  /** Greatest relative error of a number; 1e-6 unless given. */
  readonly tolerance?: number;
  /** Wrong answers that are recognised. */
  readonly wrong: readonly WrongAnswer[];
}

/** A question with lettered answers, each of them explained. */
export interface ChoiceExercise extends Common<string> {
  /** What tells it from other exercises. */
  readonly kind: "interpret";
  /** The letter of the right answer. */
  readonly solution: string;
  /** By letter: the answer's text, and why it is right or wrong. */
  readonly options: Readonly<
    Record<
      string,
      {
        /** The answer itself, Markdown. */
        readonly text: string;
        /** Why it is right or wrong, Markdown. */
        readonly explanation: string;
      }
    >
  >;
}

/** An experiment of the learner's own: judged by what it achieves over seeds. */
export interface DesignExercise<Answer = unknown> extends Common<Answer> {
  /** What tells it from other exercises. */
  readonly kind: "design";
  /** A design that achieves what is asked. */
  readonly solution: Answer;
  /** Says what is wrong with the form of the answer, or nothing. */
  shape(answer: unknown): string | undefined;
  /** The experiment: one number per seed. */
  measure(answer: Answer): Promise<readonly number[]> | readonly number[];
  /** The 95 % interval over seeds must lie above this; give this or `atMost`. */
  readonly atLeast?: number;
  /** The 95 % interval over seeds must lie below this. */
  readonly atMost?: number;
  /** What is measured, in its unit, e.g. "powers of ten". */
  readonly unit: string;
  /** Designs that fail for a known reason. */
  readonly wrong: readonly (WrongAnswer<Answer> & {
    /** Whether a design, with what it measured, fails for this reason. */
    matches(answer: Answer, values: readonly number[]): boolean;
  })[];
}

/** An exercise of a chapter, as its `.exercises.ts` file exports it. */
export type Exercise = FunctionExercise | ValueExercise | ChoiceExercise | DesignExercise;

/** A question to recall the chapter by, and its answer. */
export interface RecallQuestion {
  /** Markdown. */
  readonly question: string;
  /** Markdown; hidden until it is asked for. */
  readonly answer: string;
}
