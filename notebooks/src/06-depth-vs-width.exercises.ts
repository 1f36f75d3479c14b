import { data, nn, theory, train, type lesson } from "deepen";

const count = (sizes: readonly number[]): number => {
  let total = 0;
  for (let layer = 1; layer < sizes.length; layer++) total += (sizes[layer - 1] + 1) * sizes[layer];
  return total;
};

const parameters: lesson.FunctionExercise<[sizes: readonly number[]], number> = {
  id: "06.1",
  kind: "implement",
  title: "Count the parameters",
  solution: count,
  inputs: [[[1, 1]], [[2, 3]], [[3, 2]], [[1, 2, 1]], [[4, 3, 2]], [[2, 5, 3, 4]], [[40, 25, 25, 10]], [[40, 39, 10]]],
  random: (uniform) => [Array.from({ length: 2 + Math.floor(4 * uniform()) }, () => 1 + Math.floor(30 * uniform()))],
  hints: [
    "Go from layer to layer: what does one layer of weights own?",
    "From $a$ units to $b$ units there are $a \\cdot b$ weights and $b$ biases: $(a + 1) b$.",
    "`for (let layer = 1; layer < sizes.length; layer++) total += (sizes[layer - 1] + 1) * sizes[layer];`",
  ],
  solutionText: {
    code: `let total = 0;
for (let layer = 1; layer < sizes.length; layer++) {
  total += (sizes[layer - 1] + 1) * sizes[layer];
}
return total;`,
    reason:
      "Every unit has a weight for each unit below and one bias. Between two hidden layers of width H that is about H², so at a fixed budget the width falls only with the square root of the number of such layers.",
  },
  right: [
    (sizes) => sizes.slice(1).reduce((total, size, layer) => total + size * sizes[layer] + size, 0),
    (sizes) => sizes.map((size, layer) => (layer === 0 ? 0 : size * (1 + sizes[layer - 1]))).reduce((a, b) => a + b),
  ],
  wrong: [
    {
      name: "no biases",
      answer: (sizes) => sizes.slice(1).reduce((total, size, layer) => total + size * sizes[layer], 0),
      message:
        "These are the weights alone. Every unit has a bias, too: one more number for each unit that is not an input.",
    },
    {
      name: "biases on the wrong side",
      answer: (sizes) => sizes.slice(1).reduce((total, size, layer) => total + (size + 1) * sizes[layer], 0),
      message:
        "You give a bias to the units below each layer of weights, inputs included. It is the units above that have one.",
    },
    {
      name: "output layer left out",
      answer: (sizes) => count(sizes.slice(0, -1)),
      message: "The output layer is missing: its weights and biases are parameters like the others.",
    },
    {
      name: "first layer left out",
      answer: (sizes) => count(sizes.slice(1)),
      message: "The weights of the first hidden layer are missing: the inputs have weights to it, too.",
    },
    {
      name: "one bias a layer",
      answer: (sizes) => sizes.slice(1).reduce((total, size, layer) => total + size * sizes[layer] + 1, 0),
      message: "You give each layer a single bias. Every *unit* of a layer has one.",
    },
    {
      name: "biases for the inputs, too",
      answer: (sizes) => count(sizes) + sizes[0],
      message: "You give a bias to the inputs as well. They are given, not computed: they have none.",
    },
    {
      name: "output without biases",
      answer: (sizes) => count(sizes) - sizes[sizes.length - 1],
      message: "The outputs have biases, too: every unit that is not an input.",
    },
    {
      name: "1 added on both sides",
      answer: (sizes) => sizes.slice(1).reduce((total, size, layer) => total + (size + 1) * (sizes[layer] + 1), 0),
      message: "You add 1 on both sides. The bias is one more *input* of each unit above: $(a + 1) b$.",
    },
    {
      name: "units counted",
      answer: (sizes) => sizes.reduce((total, size) => total + size, 0),
      message: "That is the number of units. Between two layers there is a weight for every *pair* of units.",
    },
  ],
};

type Stack = [kernels: readonly number[], strides: readonly number[]];
const seen = (kernels: readonly number[], strides: readonly number[]): number => {
  let field = 1;
  let step = 1;
  for (let layer = 0; layer < kernels.length; layer++) {
    field += (kernels[layer] - 1) * step;
    step *= strides[layer];
  }
  return field;
};

const field: lesson.FunctionExercise<Stack, number> = {
  id: "06.2",
  kind: "implement",
  title: "How far does it see?",
  solution: seen,
  inputs: [
    [[3], [1]],
    [[3], [2]],
    [[5], [3]],
    [
      [3, 3],
      [1, 1],
    ],
    [
      [3, 3],
      [2, 1],
    ],
    [
      [3, 5],
      [2, 3],
    ],
    [
      [3, 3, 3],
      [2, 2, 1],
    ],
    [
      [1, 7, 3, 5],
      [2, 1, 3, 1],
    ],
  ],
  random: (uniform) => {
    const layers = 1 + Math.floor(5 * uniform());
    const list = (most: number): number[] => Array.from({ length: layers }, () => 1 + Math.floor(most * uniform()));
    return [list(7), list(3)];
  },
  hints: [
    "One position of the first layer sees `kernels[0]` inputs. Two neighbours in that layer see parts that are shifted against each other: by how much?",
    "Each layer adds (kernel − 1) times the distance, in inputs, of two neighbours in the layer below. That distance is the product of all strides below.",
    "`field += (kernels[layer] - 1) * step; step *= strides[layer];`, starting with `field = 1` and `step = 1`.",
  ],
  solutionText: {
    code: `let field = 1;
let step = 1;
for (let layer = 0; layer < kernels.length; layer++) {
  field += (kernels[layer] - 1) * step;
  step *= strides[layer];
}
return field;`,
    reason:
      "A layer's own stride decides how far apart its outputs stand, so it matters to the layers above and not to itself. Early strides therefore make every later kernel reach further.",
  },
  right: [
    (kernels, strides) =>
      1 +
      kernels.reduce(
        (sum, kernel, layer) =>
          sum + (kernel - 1) * strides.slice(0, layer).reduce((product, stride) => product * stride, 1),
        0,
      ),
    // From the last layer down: n outputs need (n − 1) stride + kernel inputs.
    (kernels, strides) => kernels.reduceRight((needed, kernel, layer) => (needed - 1) * strides[layer] + kernel, 1),
  ],
  wrong: [
    {
      name: "strides ignored",
      answer: (kernels) => 1 + kernels.reduce((sum, kernel) => sum + kernel - 1, 0),
      message:
        "You add kernel − 1 for each layer, whatever the strides. After a stride of 2, neighbours stand two inputs apart.",
    },
    {
      name: "own stride counted",
      answer: (kernels, strides) => {
        let [result, step] = [1, 1];
        kernels.forEach((kernel, layer) => {
          step *= strides[layer];
          result += (kernel - 1) * step;
        });
        return result;
      },
      message:
        "You multiply by a layer's own stride before the layer is added. Its stride moves its outputs apart, not its inputs.",
    },
    {
      name: "kernels multiplied",
      answer: (kernels) => kernels.reduce((product, kernel) => product * kernel, 1),
      message: "Two kernels of 3 see 5 positions, not 9: the parts that neighbours see overlap.",
    },
    {
      name: "only the stride below",
      answer: (kernels, strides) =>
        1 + kernels.reduce((sum, kernel, layer) => sum + (kernel - 1) * (layer === 0 ? 1 : strides[layer - 1]), 0),
      message:
        "You multiply by the stride of the layer just below alone. Neighbours stand as far apart as the *product* of all strides below says.",
    },
    {
      name: "strides added",
      answer: (kernels, strides) => {
        let [result, step] = [1, 1];
        kernels.forEach((kernel, layer) => {
          result += (kernel - 1) * step;
          step += strides[layer] - 1;
        });
        return result;
      },
      message: "You add up the strides. Two strides of 2 put neighbours four inputs apart: strides multiply.",
    },
    {
      name: "kernel instead of kernel less 1",
      answer: (kernels, strides) => {
        let [result, step] = [1, 1];
        kernels.forEach((kernel, layer) => {
          result += kernel * step;
          step *= strides[layer];
        });
        return result;
      },
      message: "Each layer adds kernel − 1 steps: the position itself was counted already.",
    },
    {
      name: "layers in reverse",
      answer: (kernels, strides) => seen([...kernels].reverse(), [...strides].reverse()),
      message:
        "You go from the last layer to the first with the rule for the other direction. Strides *below* a layer count.",
    },
    {
      name: "first layer left out",
      answer: (kernels, strides) => seen([1, ...kernels.slice(1)], [1, ...strides.slice(1)]),
      message: "The first layer is missing: lists count from 0.",
    },
    {
      name: "begins at 0",
      answer: (kernels, strides) => seen(kernels, strides) - 1,
      message: "One too few: with no layer at all, a position sees itself. Begin at 1.",
    },
  ],
};

const arm: lesson.ChoiceExercise = {
  id: "06.3",
  kind: "interpret",
  title: "The right arm",
  solution: "c",
  options: {
    a: {
      text: "It overfits: deep networks learn their examples by heart.",
      explanation: "Then its training accuracy would be high. It is as low as its test accuracy: the table has both.",
    },
    b: {
      text: "It has too few parameters.",
      explanation: "It has as many as the others, within the rounding of the width. That is what was held fixed.",
    },
    c: {
      text: "It has not been trained well: with so many narrow layers, these steps do not even bring it to fit its training signals.",
      explanation:
        "Its training accuracy is low as well. Whatever it could represent, this training does not find it in this time.",
    },
    d: {
      text: "Deep networks cannot represent this task.",
      explanation: "Nothing here tells what it can represent, only what 500 steps of training found.",
    },
  },
  hints: [
    "Two numbers are measured for each network: on which examples?",
    "Overfitting is good in training and bad in testing. Which of the two is missing here?",
    "Its training accuracy is low, too. Which of the options is about training?",
  ],
  solutionText: {
    code: `const answer = "c";`,
    reason:
      "A curve of test accuracy alone cannot tell a network that learnt by heart from one that did not learn. The training accuracy can, and here it falls together with the test accuracy, so the right arm is about training.",
  },
  right: ["c"],
};

interface Plan {
  readonly depth: number;
  readonly channels: number;
  readonly kernelSize: number;
  readonly skip: boolean;
}
const budget = 4000;
const shapeOf = ({ depth, channels, kernelSize }: Plan) => ({
  inputShape: [40, 1],
  depth,
  channels,
  kernelSize,
  strides: [2, 2].slice(0, depth - 1),
  norm: "batch" as const,
});

/** Test accuracy of five starts that the chapter does not use. */
async function scores(plan: Plan): Promise<number[]> {
  const signals = data.mnist1d();
  const found: number[] = [];
  for (const seed of [901, 902, 903, 904, 905]) {
    const model = nn.convNet({ ...shapeOf(plan), skip: plan.skip, seed });
    await train.fit(model, signals.train, {
      steps: 250,
      batchSize: 100,
      optimizer: { kind: "adam", learningRate: 0.01 },
      schedule: { kind: "cosine" },
      seed,
    });
    found.push(100 * (await train.evaluate(model, signals.test)).accuracy);
    model.dispose();
  }
  return found;
}

const design: lesson.DesignExercise<Plan> = {
  id: "06.4",
  kind: "design",
  title: "A budget of your own",
  solution: { depth: 4, channels: 24, kernelSize: 3, skip: false },
  shape(answer) {
    const plan = (answer ?? {}) as Partial<Record<keyof Plan, unknown>>;
    for (const name of ["depth", "channels", "kernelSize"] as const) {
      const size = plan[name];
      if (!Number.isInteger(size) || (size as number) < 1) return `\`${name}\`: a whole number from 1`;
    }
    if (typeof plan.skip !== "boolean") return "`skip`: true or false";
    if ((plan.depth as number) > 40) return "`depth`: at most 40, for the sake of your time";
    const { parameters: asked } = theory.convNetCost(shapeOf(plan as Plan));
    if (asked > budget) return `at most ${String(budget)} parameters; this network has ${String(asked)}`;
    return undefined;
  },
  measure: scores,
  atLeast: 84,
  unit: "% of test signals",
  hints: [
    "Between 2,000 and 8,000 parameters: where did the best depth stand for these two?",
    "A depth of 4 or 5 is good at both budgets. Then make it as wide as the budget allows; `theory.widest` tells how wide.",
    "Depth 4 with 24 channels and kernels of 3 does.",
  ],
  solutionText: {
    code: `const bet: { depth: number; channels: number; kernelSize: number; skip: boolean } = {
  depth: 4,
  channels: 24,
  kernelSize: 3,
  skip: false,
};`,
    reason:
      "Three convolutions see far enough, and 4,000 parameters make them wide enough. One layer fewer sees too little, many more are too narrow to train in 250 steps. The top of the inverted U is flat, so a depth of 5 passes as well.",
  },
  right: [
    { depth: 5, channels: 19, kernelSize: 3, skip: false },
    { depth: 4, channels: 18, kernelSize: 5, skip: false },
  ],
  wrong: [
    {
      name: "too shallow",
      answer: { depth: 3, channels: 33, kernelSize: 3, skip: false },
      matches: ({ depth }) => depth <= 3,
      message: "Two convolutions or fewer put too little together. You stand on the left arm.",
    },
    {
      name: "too deep",
      answer: { depth: 13, channels: 10, kernelSize: 3, skip: false },
      matches: ({ depth }) => depth >= 9,
      message: "So many layers are narrow at this budget, and 250 steps do not train them. You stand on the right arm.",
    },
    {
      name: "budget left over",
      answer: { depth: 4, channels: 12, kernelSize: 3, skip: false },
      matches: (plan) => theory.convNetCost(shapeOf(plan)).parameters < 0.7 * budget,
      message: "The depth may be right, but a good part of the budget is not spent. Make the network wider.",
    },
    {
      name: "no neighbours",
      answer: { depth: 5, channels: 33, kernelSize: 1, skip: false },
      matches: ({ kernelSize }) => kernelSize === 1,
      message: "Kernels of 1 see single points: no depth makes up for that.",
    },
  ],
};

type Halvings = [convolutions: number, length: number, least: number];
const halvings = (convolutions: number, length: number, least: number): number[] => {
  const strides: number[] = [];
  let positions = length;
  for (let layer = 0; layer < convolutions; layer++) {
    const halved = Math.ceil(positions / 2);
    strides.push(halved >= least ? 2 : 1);
    if (halved >= least) positions = halved;
  }
  return strides;
};
/** Strides by a rule that may be wrong: `rule` says from the positions whether to halve. */
const byRule =
  (rule: (positions: number, least: number) => boolean, half = (positions: number) => Math.ceil(positions / 2)) =>
  (...[convolutions, length, least]: Halvings): number[] => {
    let positions = length;
    return Array.from({ length: convolutions }, () => {
      const halve = rule(positions, least);
      if (halve) positions = half(positions);
      return halve ? 2 : 1;
    });
  };

const positions: lesson.FunctionExercise<Halvings, number[]> = {
  id: "06.5",
  kind: "debug",
  title: "Running out of positions",
  solution: halvings,
  inputs: [
    [1, 4, 2],
    [1, 4, 3],
    [2, 4, 1],
    [2, 5, 3],
    [3, 8, 2],
    [5, 40, 10],
    [3, 39, 10],
    [4, 37, 5],
    [4, 21, 6],
    [6, 7, 1],
    [7, 40, 2],
  ],
  random: (uniform) => [1 + Math.floor(8 * uniform()), 2 + Math.floor(60 * uniform()), 2 + Math.floor(12 * uniform())],
  hints: [
    "Walk through the layers and keep the number of positions that is left. When may you halve it?",
    "A stride of 2 turns $p$ positions into $p/2$, rounded up. It is allowed if that is still `least` or more.",
    "`const halved = Math.ceil(positions / 2); strides.push(halved >= least ? 2 : 1); if (halved >= least) positions = halved;`",
  ],
  solutionText: {
    code: `const strides: number[] = [];
let positions = length;
for (let layer = 0; layer < convolutions; layer++) {
  const halved = Math.ceil(positions / 2);
  strides.push(halved >= least ? 2 : 1);
  if (halved >= least) positions = halved;
}
return strides;`,
    reason:
      "While the positions fall from ten to two, the probe gains nothing from layer to layer. Once a single position is left, a kernel of 3 meets two positions of padding, a third of its weights work, and the layer can only mix channels: that brings a little, and no field. The positions after the stride are what must stay above the bound.",
  },
  right: [
    byRule((left, least) => Math.ceil(left / 2) >= least),
    (convolutions, length, least) => {
      let times = 0;
      for (let left = length; times < convolutions && (left + (left % 2)) / 2 >= least; left = (left + (left % 2)) / 2)
        times += 1;
      return [...Array<number>(times).fill(2), ...Array<number>(convolutions - times).fill(1)];
    },
  ],
  wrong: [
    {
      name: "halved at every layer",
      answer: byRule(() => true),
      message: "That is the colleague's network: the positions run out, and its last layers see padding.",
    },
    {
      name: "looked before the stride",
      answer: byRule((left, least) => left >= least),
      message: "You ask whether enough positions are there *before* the stride. They have to be there after it.",
    },
    {
      name: "rounded down",
      answer: byRule(
        (left, least) => Math.floor(left / 2) >= least,
        (left) => Math.floor(left / 2),
      ),
      message: "With padding, 5 positions become 3 and not 2: round up.",
    },
    {
      name: "positions not counted on",
      answer: (convolutions, length, least) =>
        Array.from({ length: convolutions }, () => (Math.ceil(length / 2) >= least ? 2 : 1)),
      message:
        "You ask about the first layer's positions for every layer. After a stride of 2 only half of them are left.",
    },
    {
      name: "ends with the halving",
      answer: (convolutions, length, least) => halvings(convolutions, length, least).filter((stride) => stride === 2),
      message: "Your list ends where halving does. It has a stride for every layer: 1 for those that do not halve.",
    },
    {
      name: "ones first",
      answer: (convolutions, length, least) => halvings(convolutions, length, least).reverse(),
      message: "The right strides in the wrong order: halve in the first layers, as long as enough positions remain.",
    },
    {
      name: "twice the least",
      answer: byRule((left, least) => left >= 2 * least),
      message:
        "You ask for twice `least` positions before the stride. An odd number is rounded up: 5 positions become 3.",
    },
    {
      name: "stops one early",
      answer: byRule((left, least) => Math.ceil(left / 2) > least),
      message: "Exactly `least` positions are enough: allow that, too.",
    },
  ],
};

/** The chapter's exercises. */
export const exercises: readonly lesson.Exercise[] = [parameters, field, arm, design, positions];

/** What should stay. */
export const recall: readonly lesson.RecallQuestion[] = [
  {
    question: "How does the width change if you add layers at a fixed number of parameters?",
    answer:
      "It falls: between hidden layers of width H there are about H² weights a layer, so H goes about as one over the square root of the number of such layers.",
  },
  {
    question: "What is the inverted U, and what is each arm about?",
    answer:
      "Accuracy against depth at a fixed budget rises and falls. Left, too few layers put too little together; right, many narrow layers are not trained in the time they get.",
  },
  {
    question: "How do you tell that the right arm is not overfitting?",
    answer: "By the training accuracy: it falls as well, and the gap to the test accuracy does not grow.",
  },
  {
    question: "What is a receptive field?",
    answer: "The part of the input that one position of a layer depends on.",
  },
  {
    question: "Is the receptive field all that depth buys?",
    answer:
      "No. With the same field and the same number of parameters, two convolutions with kernels of 3 were far ahead of one with a kernel of 7. And depth without any field (kernels of 1) brought nothing.",
  },
  {
    question: "What do skip connections do to the inverted U?",
    answer: "They lift its right arm, where training was the trouble, and change little where it was not.",
  },
  {
    question: "What is a multiply-accumulate, and why does fixing their number differ from fixing parameters?",
    answer:
      "One multiplication and one addition. A convolution uses each weight at every position, so networks with more positions do more of them with the same parameters.",
  },
  {
    question: "Why are seconds yet another budget?",
    answer:
      "Time also goes into layers, activations and memory. Two networks with the same parameters or the same operations can take different times, and the slower one gets fewer steps.",
  },
  {
    question: "Two networks have the same accuracy. Do they make the same errors?",
    answer: "Not if their depths differ: they disagree on more signals than two networks of one depth do on average.",
  },
];
