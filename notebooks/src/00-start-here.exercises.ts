import type { lesson } from "deepen";

const weighted = ["dense", "conv1d", "conv2d", "depthwiseConv2d", "simpleRNN", "lstm", "gru"];
const others = [
  ...["inputLayer", "activation", "batchNormalization", "dropout", "flatten", "maxPooling2d", "add"],
  ...["concatenate", "averagePooling1d", "globalAveragePooling2d", "layerNormalization", "reLU", "softmax", "reshape"],
];
const withoutWeights = others.slice(0, 7);
const count = (layers: readonly string[], kinds: readonly string[]) =>
  layers.filter((kind) => kinds.includes(kind)).length;

const depth: lesson.FunctionExercise<[layers: readonly string[]], number> = {
  id: "00.1",
  kind: "implement",
  title: "Count the depth",
  solution: (layers) => count(layers, weighted),
  inputs: [
    [["inputLayer"]],
    [["inputLayer", "dense"]],
    [["dense", "dense", "dense"]],
    [["inputLayer", "flatten", "dense", "activation", "dense", "activation"]],
    [["inputLayer", "conv2d", "batchNormalization", "activation", "flatten", "dense"]],
    [["inputLayer", "conv1d", "depthwiseConv2d", "lstm", "gru", "simpleRNN", "dropout", "dense"]],
    [["inputLayer", "dense", "dense", "add", "dense", "dense", "add", "dense"]],
    [
      [
        "inputLayer",
        "conv2d",
        "layerNormalization",
        "reLU",
        "concatenate",
        "globalAveragePooling2d",
        "dense",
        "softmax",
      ],
    ],
  ],
  random: (uniform) => {
    const kinds = [...weighted, ...others];
    const length = Math.floor(uniform() * 12);
    return [["inputLayer", ...Array.from({ length }, () => kinds[Math.floor(uniform() * kinds.length)])]];
  },
  hints: [
    "Go through the list once. What does each kind have to have in order to count?",
    "Keep the kinds with weights in a list of their own, and count how many entries of `layers` are in it. Batch normalisation has parameters, but no weight matrix: it does not count.",
    "`return layers.filter((kind) => weighted.includes(kind)).length;` with `weighted` as the list of the seven kinds.",
  ],
  solutionText: {
    code: `const weighted = ["dense", "conv1d", "conv2d", "depthwiseConv2d", "simpleRNN", "lstm", "gru"];
return layers.filter((kind) => weighted.includes(kind)).length;`,
    reason:
      "Depth counts the layers that mix their inputs by learned weights; between two of them anything may stand that does not. The output layer has weights, so it counts; the input has none. " +
      "On a list this is a count. In a network with branches it is the longest way from input to output: the convolution on a shortcut of ResNet-20 does not make it deeper.",
  },
  right: [
    (layers) => layers.reduce((sum, kind) => sum + (weighted.includes(kind) ? 1 : 0), 0),
    (layers) => {
      let found = 0;
      for (const kind of layers) if (new Set(weighted).has(kind)) found++;
      return found;
    },
    (layers) => layers.length - layers.filter((kind) => !weighted.includes(kind)).length,
  ],
  wrong: [
    {
      name: "every layer",
      answer: (layers) => layers.length,
      message:
        "You counted every entry, as `model.layers.length` does. Only layers with a weight matrix or filters count.",
    },
    {
      name: "every layer but the input",
      answer: (layers) => layers.filter((kind) => kind !== "inputLayer").length,
      message:
        "You left out the input, and counted all the rest. Activations, pooling, dropout, sums and batch normalisation mix nothing by learned weights: they do not count.",
    },
    {
      name: "hidden layers",
      answer: (layers) => Math.max(0, count(layers, weighted) - 1),
      message:
        "You counted the hidden layers. In this course depth counts the output layer too: one more. A network with one layer of weights has depth 1.",
    },
    {
      name: "batch normalisation counted",
      answer: (layers) => count(layers, [...weighted, "batchNormalization"]),
      message:
        "You counted batch normalisation. It has parameters, one scale and one shift a channel, but it mixes no channels: it has no weight matrix.",
    },
    {
      name: "dense only",
      answer: (layers) => count(layers, ["dense"]),
      message: "You counted dense layers only. Convolutions and recurrent layers have weights as well.",
    },
    {
      name: "activations counted",
      answer: (layers) => count(layers, ["activation"]),
      message:
        "You counted the activations. They often stand one after each hidden layer, so that the number looks right, but an activation has no weights, and the output layer often has none.",
    },
    {
      name: "one short of the end",
      answer: (layers) => count(layers.slice(0, -1), weighted),
      message: "You left out the last entry of the list. The output layer has weights, and counts.",
    },
    {
      name: "recurrent layers left out",
      answer: (layers) =>
        count(
          layers,
          weighted.filter((kind) => !["simpleRNN", "lstm", "gru"].includes(kind)),
        ),
      message: "You left out the recurrent layers: `simpleRNN`, `lstm` and `gru` have weight matrices, and count.",
    },
    {
      name: "dense and plain convolutions only",
      answer: (layers) => count(layers, ["dense", "conv1d", "conv2d"]),
      message:
        "You counted dense layers, `conv1d` and `conv2d` only. `depthwiseConv2d` has filters, and `simpleRNN`, `lstm` and `gru` have weight matrices: compare with all seven kinds, letter by letter.",
    },
    {
      name: "depthwise convolution left out",
      answer: (layers) =>
        count(
          layers,
          weighted.filter((kind) => kind !== "depthwiseConv2d"),
        ),
      message:
        "You left out `depthwiseConv2d`. It has filters, and counts; its name is written with a capital C, so that a search for `conv` does not find it.",
    },
    {
      name: "input counted",
      answer: (layers) => count(layers, [...weighted, "inputLayer"]),
      message:
        "Yours is one too many where the list begins with the input. The input has no weights: it does not count, and nothing is to be added for it.",
    },
    {
      name: "each kind once",
      answer: (layers) => new Set(layers.filter((kind) => weighted.includes(kind))).size,
      message: "You counted each *kind* once. Three dense layers are three layers: count entries, not different words.",
    },
    {
      name: "stopped at the first",
      answer: (layers) => Math.min(1, count(layers, weighted)),
      message:
        "Yours never gives more than 1: it stops at the first layer with weights. Is there a `return` inside the loop? Count on to the end of the list.",
    },
    {
      name: "nothing found",
      answer: () => 0,
      message:
        "Yours finds no layer at all. Compare with the kinds as TensorFlow.js writes them (`dense`, not `Dense`), go through the entries (`for … of`), not through their numbers (`for … in`), and return after the loop.",
    },
    {
      name: "kinds without weights listed",
      answer: (layers) => layers.filter((kind) => !withoutWeights.includes(kind)).length,
      message:
        "You leave out kinds by a list of those without weights. Such a list is never complete: `concatenate`, `reLU` or `layerNormalization` are not in yours. List the seven kinds that count.",
    },
    {
      name: "kinds of the example left out",
      answer: (layers) =>
        layers.filter((kind) => !["inputLayer", "batchNormalization", "activation", "flatten"].includes(kind)).length,
      message:
        "You leave out the kinds without weights that stand in the example. There are others, such as `dropout` or `add`: list the seven kinds that count instead.",
    },
    {
      name: "begun at the second entry",
      answer: (layers) => count(layers.slice(1), weighted),
      message:
        "You leave out the first entry of the list, whatever it is. Lists count from 0, and not every list begins with the input.",
    },
    ...["lstm", "gru", "simpleRNN", "conv1d", "conv2d", "dense"].map((kind) => ({
      name: `${kind} left out`,
      answer: (layers: readonly string[]) =>
        count(
          layers,
          weighted.filter((one) => one !== kind),
        ),
      message: `You left out \`${kind}\`, or wrote it otherwise: compare your list with the seven kinds, letter by letter.`,
    })),
    {
      name: "the layers without weights",
      answer: (layers) => layers.length - count(layers, weighted),
      message: "You counted the layers that have *no* weights: the condition is turned round.",
    },
    {
      name: "activations counted as well",
      answer: (layers) => count(layers, [...weighted, "activation"]),
      message:
        "You counted activations as well. An activation bends each number by itself: it mixes nothing, and has no weights.",
    },
    ...["flatten", "dropout", "maxPooling2d", "add"].map((kind) => ({
      name: `${kind} counted`,
      answer: (layers: readonly string[]) => count(layers, [...weighted, kind]),
      message: `You counted \`${kind}\` as well. It has no weight matrix: nothing in it is learned.`,
    })),
  ],
};

const rate: lesson.ChoiceExercise = {
  id: "00.2",
  kind: "interpret",
  title: "Three curves",
  solution: "d",
  options: {
    a: {
      text: "Its steps are so small that it has not left its start yet.",
      explanation:
        "Then it would begin near 2.30 and stay. C begins with a loss far above that of guessing, on which only large steps in wrong directions can throw a network.",
    },
    b: {
      text: "It has learned as much as a network of depth 3 can.",
      explanation: "B is a network of depth 3 too, from the same start, and its loss is far lower.",
    },
    c: {
      text: "It memorised the batches, and the loss shows the overfitting.",
      explanation:
        "This is the loss of the digits it trains on. A network that memorised them would have a loss near 0; overfitting shows on other digits.",
    },
    d: {
      text: "Its first steps threw the weights far away, to where the gradient is nearly nothing; there it answers the same to every digit.",
      explanation:
        "The loss shoots up at first, and then rests at ln 10, which is what the same answer to every digit costs if the ten outputs are all it can still move. Most of its ReLU units are at 0 for every digit, and no gradient passes those; the table below counts them.",
    },
  },
  hints: [
    "Look at the very first points of C, not at the last.",
    "A loss far above ln 10 means wrong answers given with confidence. What can do that to a network within five steps?",
    "A is 0.003, B is 0.1, C is 1: for the same gradient, C's step is ten times as long as B's.",
  ],
  solutionText: {
    code: `const whatHappened = "d";`,
    reason:
      "A step in the right direction that is too long lands where the slope is another. The outputs become huge, the next step is huge too, and after a few of them most ReLUs are off for every digit. " +
      "What little is left answers much the same to each, and the best such answer gives every digit about a tenth: ln 10.",
  },
  right: ["d"],
};

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const squaresOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + (value - meanOf(values)) * (value - meanOf(values)), 0);

const standardError: lesson.FunctionExercise<[values: readonly number[]], number> = {
  id: "00.3",
  kind: "implement",
  title: "How sure is a mean?",
  solution: (values) => Math.sqrt(squaresOf(values) / (values.length - 1) / values.length),
  tolerance: 1e-4, // also for sums in single precision
  inputs: [[[1, 3]], [[5, 5, 5]], [[0, 2, 4, 6]], [[91.5, 90.2, 92.1, 91.8, 90.9]], [[-3, 0, 1, 7, 2, -1]]],
  random: (uniform) => [Array.from({ length: 2 + Math.floor(uniform() * 10) }, () => 100 * uniform())],
  hints: [
    "Three steps: the mean, the sum of squared distances from it, and one root at the end.",
    "$s^2$ divides the sum of squares by $n - 1$; the standard error divides $s$ by $\\sqrt n$.",
    "`Math.sqrt(squares / (values.length - 1) / values.length)`",
  ],
  solutionText: {
    code: `const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
return Math.sqrt(squares / (values.length - 1) / values.length);`,
    reason:
      "The variance of a mean of $n$ independent runs is the variance of one run divided by $n$. Dividing the sum of squares by $n - 1$ makes up for measuring distances from the runs' own mean, which lies closer to them than the true one. " +
      "Twice the standard error is roughly the 95 % interval's half-width; for few runs Student's distribution makes it wider. Four times the runs halve it.",
  },
  right: [
    (values) => Math.sqrt(squaresOf(values) / (values.length - 1)) / Math.sqrt(values.length),
    (values) => {
      let sum = 0;
      let squares = 0;
      for (const value of values) sum += value;
      for (const value of values) squares += (value - sum / values.length) * (value - sum / values.length);
      return Math.sqrt(squares / (values.length * values.length - values.length));
    },
    (values) => {
      // From all pairs: the mean squared difference of two runs is twice their variance.
      let pairs = 0;
      for (const a of values) for (const b of values) pairs += (a - b) * (a - b);
      const n = values.length;
      return Math.sqrt(pairs / 2 / n / (n - 1) / n);
    },
    (values) => {
      // In one pass, in single precision.
      const runs = Float32Array.from(values);
      let [mean, squares] = [0, 0];
      runs.forEach((run, index) => {
        const distance = run - mean;
        mean += distance / (index + 1);
        squares += distance * (run - mean);
      });
      return Math.sqrt(squares / (runs.length - 1) / runs.length);
    },
  ],
  wrong: [
    {
      name: "standard deviation",
      answer: (values) => Math.sqrt(squaresOf(values) / (values.length - 1)),
      message:
        "That is $s$, the spread of single runs. The mean of $n$ runs is surer than one run: divide by $\\sqrt n$.",
    },
    {
      name: "divided by n instead of its root",
      answer: (values) => Math.sqrt(squaresOf(values) / (values.length - 1)) / values.length,
      message: "You divided $s$ by $n$. It is the variance that falls with $n$; its root falls with $\\sqrt n$ only.",
    },
    {
      name: "population variance",
      answer: (values) => Math.sqrt(squaresOf(values)) / values.length,
      message:
        "You divided the sum of squares by $n$. The runs are a sample, and lie closer to their own mean than to the true one: $s^2$ divides by $n - 1$.",
    },
    {
      name: "n - 2",
      answer: (values) => Math.sqrt(squaresOf(values) / (values.length - 2) / values.length),
      message: "You divided the sum of squares by $n - 2$. One mean was taken from the runs: $n - 1$.",
    },
    {
      name: "first run left out",
      answer: (values) => {
        const mean = meanOf(values);
        const squares = values.slice(1).reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
        return Math.sqrt(squares / (values.length - 1) / values.length);
      },
      message: "Your sum of squares leaves out the first run: lists count from 0.",
    },
    {
      name: "1 taken from the quotient",
      answer: (values) => Math.sqrt(squaresOf(values) / values.length - 1) / Math.sqrt(values.length),
      message:
        "You take 1 from the quotient: `squares / values.length - 1` divides first. Write `squares / (values.length - 1)`.",
    },
    {
      name: "sum in place of the mean",
      answer: (values) => {
        const sum = meanOf(values) * values.length;
        const squares = values.reduce((total, value) => total + (value - sum) * (value - sum), 0);
        return Math.sqrt(squares / (values.length - 1) / values.length);
      },
      message: "You take distances from the *sum* of the runs. Divide it by their number first: that is the mean.",
    },
    {
      name: "no root",
      answer: (values) => squaresOf(values) / (values.length - 1) / values.length,
      message: "That is the *variance* of the mean. The standard error is its square root.",
    },
    {
      name: "variance over root n",
      answer: (values) => squaresOf(values) / (values.length - 1) / Math.sqrt(values.length),
      message: "You divided the variance $s^2$ by $\\sqrt n$; it is its root $s$ that is divided by $\\sqrt n$.",
    },
    {
      name: "absolute differences",
      answer: (values) =>
        values.reduce((sum, value) => sum + Math.abs(value - meanOf(values)), 0) /
        (values.length - 1) /
        Math.sqrt(values.length),
      message: "You added up distances. The variance adds up *squared* distances; the root comes at the end.",
    },
    {
      name: "distance from 0",
      answer: (values) =>
        Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / (values.length - 1) / values.length),
      message: "You squared the values themselves. Take the mean off first: what counts is the distance from it.",
    },
    {
      name: "twice the standard error",
      answer: (values) => 2 * Math.sqrt(squaresOf(values) / (values.length - 1) / values.length),
      message:
        "That is twice the standard error, roughly the half-width of a 95 % interval. Asked is the standard error itself.",
    },
    {
      name: "1.96 standard errors",
      answer: (values) => 1.96 * Math.sqrt(squaresOf(values) / (values.length - 1) / values.length),
      message:
        "That is 1.96 standard errors, the half-width of a 95 % interval for very many runs. Asked is the standard error itself.",
    },
    {
      name: "population standard deviation",
      answer: (values) => Math.sqrt(squaresOf(values) / values.length),
      message:
        "That is the spread of these runs themselves, $\\sqrt{\\sum_i (v_i - \\bar v)^2 / n}$. Two things are missing: a sample divides by $n - 1$, and the mean of $n$ runs is surer by $\\sqrt n$.",
    },
    {
      name: "variance",
      answer: (values) => squaresOf(values) / (values.length - 1),
      message: "That is $s^2$, the variance of single runs. Take its root, and divide by $\\sqrt n$.",
    },
    {
      name: "squares not averaged",
      answer: (values) => Math.sqrt(squaresOf(values)),
      message:
        "That is the root of the *sum* of squares, which grows with every run. Divide the sum by $n - 1$ and by $n$ under the root.",
    },
    {
      name: "n - 1 twice",
      answer: (values) => Math.sqrt(squaresOf(values)) / (values.length - 1),
      message:
        "You divided by $n - 1$ both times. $n - 1$ belongs to $s^2$; the mean is one of $n$ runs: $s / \\sqrt n$.",
    },
    {
      name: "root of the sum alone",
      answer: (values) => Math.sqrt(squaresOf(values)) / (values.length - 1) / values.length,
      message: "Your root ends too early: $n - 1$ and $n$ stand under it, together with the sum of squares.",
    },
    {
      name: "sum begun with the first run",
      answer: (values) =>
        Math.sqrt(
          values.reduce((sum, value) => sum + (value - meanOf(values)) * (value - meanOf(values))) /
            (values.length - 1) /
            values.length,
        ),
      message:
        "Your sum begins with the first run itself instead of its squared distance: without a second argument `reduce` starts from the first entry. Write `reduce((sum, value) => …, 0)`.",
    },
    {
      name: "^ for a power",
      answer: (values) =>
        Math.sqrt(
          values.reduce((sum, value) => sum + ((value - meanOf(values)) ^ 2), 0) / (values.length - 1) / values.length,
        ),
      message:
        "In TypeScript `^` is not a power: it compares bits (exclusive or). Multiply the distance by itself, `(value - mean) * (value - mean)`.",
    },
  ],
};

export const exercises: readonly lesson.Exercise[] = [depth, rate, standardError];

export const recall: readonly lesson.RecallQuestion[] = [
  {
    question: "What does depth count in this course?",
    answer:
      "The layers with a weight matrix or filters on the way from input to output, the output layer included. Depth $L$ has $L - 1$ hidden layers.",
  },
  {
    question: "Why does TensorFlow.js report more layers than that?",
    answer:
      "It counts the input, and every activation, normalisation, pooling or sum that is written as a layer of its own.",
  },
  {
    question: "A classifier of ten classes starts with a loss of about 2.30. What does that tell you?",
    answer:
      "It gives each class about a tenth: $\\ln 10 \\approx 2.30$ nats. It knows nothing yet, which is how it should start.",
  },
  {
    question: "A learning curve falls steadily and is still falling at the end. What is it short of?",
    answer: "Steps, or a larger learning rate. It is no evidence against the network.",
  },
  {
    question: "A loss shoots up in the first steps and then rests at that of guessing. What happened?",
    answer:
      "The rate was too large: the first steps threw the weights to a place where the units are off and the gradient is nearly 0.",
  },
  {
    question: "What is a control of a claim, and what must happen there?",
    answer:
      "The same measurement with the supposed cause removed. The claim must fail there; else the cause was not the cause.",
  },
  {
    question: "Network A beats network B in one run. What else do you want to know?",
    answer:
      "How much single runs of either differ. Repeat both from several starts, take the difference start by start, and look whether its interval leaves out 0.",
  },
  {
    question: "How many more runs do you need to halve the interval of a mean?",
    answer: "Four times as many: the standard error is $s / \\sqrt n$.",
  },
];
