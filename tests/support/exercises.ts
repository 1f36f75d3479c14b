import type { ChoiceExercise, DesignExercise, FunctionExercise, ValueExercise } from "../../lib/src/lesson/exercise";

const hints = ["The idea.", "The formula.", "The line."] as const;
const solutionText = { code: "return Math.sqrt(2 / fanIn);", reason: "ReLU throws half of the square away." };

/** Exercises of each kind for tests of judge and check. */
export const keepVariance: FunctionExercise<[fanIn: number], number> = {
  id: "03.1",
  title: "Keep the variance",
  kind: "implement",
  hints,
  solutionText,
  solution: (fanIn) => Math.sqrt(2 / fanIn),
  inputs: [[2], [8], [50]],
  random: (uniform) => [1 + Math.floor(1000 * uniform())],
  right: [(fanIn: number) => Math.SQRT2 / Math.sqrt(fanIn)],
  wrong: [
    {
      name: "variance",
      answer: (fanIn) => 2 / fanIn,
      message: "That is the variance. You need its square root.",
    },
    {
      name: "linear layers",
      answer: (fanIn) => Math.sqrt(1 / fanIn),
      message: ({ expected, received }) =>
        `That keeps the variance of linear layers: ${String(received)} where ReLU needs ${String(expected)}.`,
    },
  ],
};

export const layerStds: FunctionExercise<[values: number[][]], number[]> = {
  id: "03.2",
  title: "One number a layer",
  kind: "debug",
  hints,
  solutionText,
  solution: (values) => values.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length),
  inputs: [
    [[[1, 3]]],
    [
      [
        [1, 2, 3],
        [4, 5, 6],
        [0, 0, 0],
      ],
    ],
  ],
  right: [],
  wrong: [],
};

export const edgeOfChaos: ValueExercise = {
  id: "03.3",
  title: "Find the edge",
  kind: "value",
  hints,
  solutionText,
  solution: 1.76,
  tolerance: 0.01,
  right: [1.7605],
  wrong: [{ name: "root", answer: 1.3266, message: "That is the standard deviation; asked is its square." }],
};

export const whichCurve: ChoiceExercise = {
  id: "03.4",
  title: "Which curve is it",
  kind: "interpret",
  hints,
  solutionText,
  solution: "b",
  options: {
    a: { text: "The activations.", explanation: "They grow towards the output." },
    b: { text: "The deltas.", explanation: "They shrink backwards." },
  },
  right: ["B", " b "],
};

export const keepAlive: DesignExercise<number> = {
  id: "03.5",
  title: "Keep it alive",
  kind: "design",
  hints,
  solutionText,
  solution: 10,
  shape: (answer) => (typeof answer === "number" ? undefined : "Give a number."),
  measure: (answer) => [1, 2, 3, 4].map((seed) => answer + seed / 10),
  atLeast: 5,
  unit: "points",
  right: [9],
  wrong: [{ name: "none", answer: 0, message: "Nothing was changed.", matches: (answer) => answer === 0 }],
};

export const allExercises = [keepVariance, layerStds, edgeOfChaos, whichCurve, keepAlive] as const;
