import { data, math, nn, probe, tf, type lesson } from "deepen";

type Numbers = readonly number[];

const mean = (values: Numbers): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Σ (x − a)(y − b) */
const products = (x: Numbers, y: Numbers, a = mean(x), b = mean(y)): number =>
  x.reduce((sum, value, i) => sum + (value - a) * (y[i] - b), 0);

const numbers = (uniform: () => number, count: number, centre: number): number[] =>
  Array.from({ length: count }, () => centre + 4 * uniform() - 2);

type Fit = [x: Numbers, y: Numbers, penalty: number];

const smallestProbe: lesson.FunctionExercise<Fit, number> = {
  id: "02.1",
  kind: "implement",
  title: "The smallest probe",
  solution: (x, y, penalty) => products(x, y) / (products(x, x) + penalty),
  tolerance: 1e-4, // also for sums in single precision
  inputs: [
    [[4, 5, 6], [1, 3, 5], 2],
    [[0, 1], [0, 1], 0],
    [[1, 2, 3, 6], [2, -1, 0, 7], 0.5],
    [[-3, 5, 11], [1, 0, -4], 20],
  ],
  random: (uniform) => {
    const count = 3 + Math.floor(5 * uniform());
    return [numbers(uniform, count, 3), numbers(uniform, count, -2), 3 * uniform()];
  },
  hints: [
    "Take the means out first. Then the formula above needs two sums: of products and of squares.",
    "$w = \\sum_i (x_i - \\bar x)(y_i - \\bar y) \\, / \\, (\\sum_i (x_i - \\bar x)^2 + \\lambda)$.",
    "In a loop: `products += (x[i] - xMean) * (y[i] - yMean); squares += (x[i] - xMean) * (x[i] - xMean);`, and at the end `products / (squares + penalty)`.",
  ],
  solutionText: {
    code: `const [xMean, yMean] = [math.mean(x), math.mean(y)];
let products = 0;
let squares = 0;
for (let i = 0; i < x.length; i++) {
  products += (x[i] - xMean) * (y[i] - yMean);
  squares += (x[i] - xMean) * (x[i] - xMean);
}
return products / (squares + penalty);`,
    reason:
      "Without a penalty this is the least-squares slope, covariance over variance. The penalty acts as if the feature varied more than it does: a feature that varies much hardly notices it, one that barely varies gets a slope near 0. " +
      "With many features the sums become matrices, $W = (X^\\top X + \\lambda I)^{-1} X^\\top Y$, and nothing else changes.",
  },
  right: [
    (x, y, penalty) => {
      const a = mean(x);
      return x.reduce((sum, value, i) => sum + (value - a) * y[i], 0) / (products(x, x) + penalty);
    },
    (x, y, penalty) => {
      const n = x.length;
      const xy = x.reduce((sum, value, i) => sum + value * y[i], 0) - n * mean(x) * mean(y);
      const xx = x.reduce((sum, value) => sum + value * value, 0) - n * mean(x) * mean(x);
      return xy / (xx + penalty);
    },
  ],
  wrong: [
    {
      name: "penalty left out",
      answer: (x, y) => products(x, y) / products(x, x),
      message: "That is the slope without a penalty. Add `penalty` to the sum of squares below the line.",
    },
    {
      name: "means left in",
      answer: (x, y, penalty) => products(x, y, 0, 0) / (products(x, x, 0, 0) + penalty),
      message:
        "You took `x` and `y` as they come. A feature far from 0 then looks as if it varied a lot: take both means out first.",
    },
    {
      name: "penalty on the wrong side",
      answer: (x, y, penalty) => (products(x, y) + penalty) / products(x, x),
      message:
        "The penalty went into the numerator, where it adds to every slope. It belongs below the line, where it makes slopes smaller.",
    },
    {
      name: "means instead of sums",
      answer: (x, y, penalty) => products(x, y) / (products(x, x) + x.length * penalty),
      message:
        "You divided the sums by the number of examples before you added the penalty. Here it is added to the *sum* of squares: more examples then outweigh it.",
    },
    {
      name: "x and y changed places",
      answer: (x, y, penalty) => products(x, y) / (products(y, y) + penalty),
      message:
        "You divided by the squares of the target. The slope of $y$ against $x$ has the squares of $x$ below the line.",
    },
    {
      name: "penalty outside the fraction",
      answer: (x, y, penalty) => products(x, y) / products(x, x) + penalty,
      message:
        "You add the penalty to the slope: `a / b + penalty` divides first. It belongs below the line, `a / (b + penalty)`.",
    },
    {
      name: "divided by one less than the number",
      answer: (x, y, penalty) => products(x, y) / (products(x, x) + (x.length - 1) * penalty),
      message:
        "You divided the sums by the number of examples less one before you added the penalty. Here it is added to the *sum* of squares.",
    },
    {
      name: "upside down",
      answer: (x, y, penalty) => (products(x, x) + penalty) / products(x, y),
      message: "Your fraction is upside down: the products of both stand above the line, the squares of `x` below.",
    },
    {
      name: "penalty subtracted",
      answer: (x, y, penalty) => products(x, y) / (products(x, x) - penalty),
      message: "A penalty makes slopes smaller, so it is *added* below the line.",
    },
  ],
};

const whatDecides: lesson.ChoiceExercise = {
  id: "02.2",
  kind: "interpret",
  title: "A probe that succeeds",
  solution: "b",
  options: {
    a: {
      text: "the same probe on the layer above",
      explanation:
        "That tells whether the label is kept, not who put it there. In the network above, strokes were read best in the first layer and worse after it, and training had put them nowhere.",
    },
    b: {
      text: "the same probe on the same layer of the network before training",
      explanation:
        "What training has taught is the difference between after and before. An untrained layer already bends and mixes its input, and many labels can be read from that: the strokes could, above, in nearly every picture.",
    },
    c: {
      text: "the accuracy of the network on its own task",
      explanation:
        "A network can be perfect at its task with or without this label: the two networks above both reached their goal, and knew different things.",
    },
    d: {
      text: "a probe with more parameters on the same layer",
      explanation:
        "A larger probe reads more, from an untrained layer as well, and learns more by heart. It moves the number without answering the question.",
    },
  },
  hints: [
    "The conclusion has a cause in it: *training*. What would you have to take away to see what is left without the cause?",
    "Every claim of this chapter has a control. Which of the four is the control of this one?",
    "Look at step 0 of the slider over steps.",
  ],
  solutionText: {
    code: `const further = "b";`,
    reason:
      "A probe measures what can be read, not where it comes from. Random convolutions followed by ReLUs are a decent feature extractor, so the baseline of a probe is not chance but the same network before training.",
  },
  right: ["b"],
};

type Feature = [fitted: Numbers, scored: Numbers];

const spread = (values: Numbers, ddof = 0): number => Math.sqrt(products(values, values) / (values.length - ddof));

const scaled = (scored: Numbers, centre: number, by: number): number[] =>
  scored.map((value) => (by === 0 ? 0 : (value - centre) / by));

const cheatingProbe: lesson.FunctionExercise<Feature, number[]> = {
  id: "02.3",
  kind: "debug",
  title: "The probe that cheats",
  solution: (fitted, scored) => scaled(scored, mean(fitted), spread(fitted)),
  inputs: [
    [[1, 3], [5]],
    [
      [1, 3],
      [3, 5],
    ],
    [
      [2, 2, 2],
      [2, 7],
    ],
    [
      [0, 1, 5, 6],
      [3, 3, -10, 8],
    ],
  ],
  random: (uniform) => [
    numbers(uniform, 2 + Math.floor(6 * uniform()), 3),
    numbers(uniform, 1 + Math.floor(6 * uniform()), 1),
  ],
  hints: [
    "A probe is fitted once, to features in one scale. In which scale must it see new examples?",
    "Mean and standard deviation are part of the fit: they come from `fitted`, as the weights do.",
    "`const centre = math.mean(fitted); const spread = math.std(fitted, 0);`, and give 0 where `spread` is 0.",
  ],
  solutionText: {
    code: `function standardised(fitted: readonly number[], scored: readonly number[]): number[] {
  const centre = math.mean(fitted);
  const spread = math.std(fitted, 0);
  return scored.map((value) => (spread === 0 ? 0 : (value - centre) / spread));
}`,
    reason:
      "Her function measured the scored examples by themselves. A batch of few has a mean and a spread of its own, so the probe saw every batch in another scale; a single example has no spread at all, and 0/0 is NaN. It also looked at all scored examples together before it judged one, which is a leak. " +
      "Whatever is estimated (means, spreads, weights, penalties) is estimated on the examples for fitting, and then kept.",
  },
  right: [
    (fitted, scored) => {
      const centre = mean(fitted);
      const variance = mean(fitted.map((value) => (value - centre) * (value - centre)));
      return scored.map((value) => (variance > 0 ? (value - centre) / Math.sqrt(variance) : 0));
    },
    (fitted, scored) => {
      const by = spread(fitted);
      const factor = by === 0 ? 0 : 1 / by;
      return scored.map((value) => factor * value - factor * mean(fitted));
    },
  ],
  wrong: [
    {
      name: "measured on the scored examples",
      answer: (_fitted, scored) => scored.map((value) => (value - mean(scored)) / spread(scored)),
      message:
        "This still takes mean and standard deviation from the examples that are scored. The probe was fitted in the scale of `fitted`, and knows no other.",
    },
    {
      name: "measured on the scored examples, guarded",
      answer: (_fitted, scored) => scaled(scored, mean(scored), spread(scored)),
      message:
        "The division by 0 is gone, the fault is not: mean and standard deviation still come from `scored`. They belong to the fit.",
    },
    {
      name: "measured on both together",
      answer: (fitted, scored) => scaled(scored, mean([...fitted, ...scored]), spread([...fitted, ...scored])),
      message:
        "You pooled both sets. Then the scale of the fit depends on the examples that are scored, which is a leak: they must not have been looked at.",
    },
    {
      name: "only the mean repaired",
      answer: (fitted, scored) => scaled(scored, mean(fitted), spread(scored)),
      message: "The mean is right now. The standard deviation still comes from `scored`.",
    },
    {
      name: "only the standard deviation repaired",
      answer: (fitted, scored) => scaled(scored, mean(scored), spread(fitted)),
      message: "The standard deviation is right now. The mean still comes from `scored`.",
    },
    {
      name: "constant features not caught",
      answer: (fitted, scored) => scored.map((value) => (value - mean(fitted)) / spread(fitted)),
      message:
        "Right, but for a feature that does not vary among the fitted examples: there you divide by 0. Such a feature tells nothing; make it 0.",
    },
    {
      name: "constant features divided by 1",
      answer: (fitted, scored) => scaled(scored, mean(fitted), spread(fitted) || 1),
      message:
        "A feature that does not vary among the fitted examples must become 0: yours hands on its distance from the mean, in another scale than all others, though the probe has learnt nothing about it.",
    },
    {
      name: "only 0 / 0 caught",
      answer: (fitted, scored) =>
        scored.map((value) => {
          const score = (value - mean(fitted)) / spread(fitted);
          return Number.isNaN(score) ? 0 : score;
        }),
      message:
        "You replace NaN, but a scored value other than the mean, divided by 0, is Infinity. Ask whether the *spread* is 0.",
    },
    {
      name: "standard deviation of a sample",
      answer: (fitted, scored) => scaled(scored, mean(fitted), spread(fitted, 1)),
      message:
        "You divided the squares by one less than their number. The fitted examples are to have standard deviation 1 themselves: use `math.std(fitted, 0)`.",
    },
    {
      name: "divided by the variance",
      answer: (fitted, scored) => scaled(scored, mean(fitted), spread(fitted) * spread(fitted)),
      message: "That divides by the variance. The standard deviation is its root.",
    },
  ],
};

type Pair = [x: Numbers, y: Numbers];

const square = (value: number): number => value * value;

const twoFeatures: lesson.FunctionExercise<Pair, number> = {
  id: "02.4",
  kind: "implement",
  title: "CKA of two features",
  solution: (x, y) => (products(x, y) * products(x, y)) / (products(x, x) * products(y, y)),
  tolerance: 1e-4, // also for sums in single precision
  inputs: [
    [
      [1, 2, 3],
      [3, 2, 1],
    ],
    [
      [1, 2, 3],
      [1, 4, 1],
    ],
    [
      [10, 11, 13],
      [0, 5, 1],
    ],
    [
      [1, -2, 4, 8],
      [100, 103, 99, 90],
    ],
  ],
  random: (uniform) => {
    const count = 3 + Math.floor(5 * uniform());
    return [numbers(uniform, count, 3), numbers(uniform, count, -5)];
  },
  hints: [
    "$X^\\top Y$ is a single number here, a sum of products. So are $X^\\top X$ and $Y^\\top Y$.",
    "The numerator is squared; below the line, the norm of a single positive number is that number itself.",
    "With the sums `xy`, `xx` and `yy` of centred products: `(xy * xy) / (xx * yy)`.",
  ],
  solutionText: {
    code: `const [xMean, yMean] = [math.mean(x), math.mean(y)];
let [xy, xx, yy] = [0, 0, 0];
for (let i = 0; i < x.length; i++) {
  xy += (x[i] - xMean) * (y[i] - yMean);
  xx += (x[i] - xMean) * (x[i] - xMean);
  yy += (y[i] - yMean) * (y[i] - yMean);
}
return (xy * xy) / (xx * yy);`,
    reason:
      "With one feature on each side CKA is the squared correlation. With many it is a sum of squared covariances of all pairs of features, divided by what each side has with itself: so directions in which features vary most count most, and those in which they vary little hardly count at all.",
  },
  right: [
    (x, y) => {
      const correlation = products(x, y) / Math.sqrt(products(x, x) * products(y, y));
      return correlation * correlation;
    },
    (x, y) => (products(x, y) / products(x, x)) * (products(x, y) / products(y, y)),
  ],
  wrong: [
    {
      name: "correlation",
      answer: (x, y) => products(x, y) / Math.sqrt(products(x, x) * products(y, y)),
      message:
        "That is the correlation, and it is negative for a mirrored copy. CKA squares the numerator: a layer whose units are turned round is the same layer.",
    },
    {
      name: "size of the correlation",
      answer: (x, y) => Math.abs(products(x, y)) / Math.sqrt(products(x, x) * products(y, y)),
      message:
        "That is the size of the correlation. The numerator is $\\lVert X^\\top Y \\rVert^2$: squared, and no root below.",
    },
    {
      name: "means left in",
      answer: (x, y) => (products(x, y, 0, 0) * products(x, y, 0, 0)) / (products(x, x, 0, 0) * products(y, y, 0, 0)),
      message:
        "You took the columns as they come. Features far from 0 then look alike whatever they do: take the means out first (that is the *centred* in the name).",
    },
    {
      name: "numerator not squared",
      answer: (x, y) => products(x, y) / (products(x, x) * products(y, y)),
      message: "The numerator lacks its square; as it stands the result depends on the units in which you measure.",
    },
    {
      name: "root below the line",
      answer: (x, y) => (products(x, y) * products(x, y)) / Math.sqrt(products(x, x) * products(y, y)),
      message:
        "There is no root below the line: $\\lVert X^\\top X \\rVert$ of a single column is the sum of squares itself. A copy of twice the size must give 1.",
    },
    {
      name: "each product squared",
      answer: (x, y) =>
        x.reduce((sum, value, i) => sum + square((value - mean(x)) * (y[i] - mean(y))), 0) /
        (products(x, x) * products(y, y)),
      message: "You square each product and add them up. Add up the products first, and square the *sum*.",
    },
    {
      name: "only x centred",
      answer: (x, y) => square(products(x, y)) / (products(x, x) * products(y, y, 0, 0)),
      message: "You took the mean out of `x` alone. Both columns are centred, also below the line.",
    },
    {
      name: "squared slope",
      answer: (x, y) => (products(x, y) * products(x, y)) / (products(x, x) * products(x, x)),
      message: "You divided by the squares of `x` twice. Each side counts once, so that CKA is the same both ways.",
    },
  ],
};

/** What a learner designs: a net that is never trained. */
interface Design {
  readonly kernelSize: number;
  readonly strides: readonly number[];
}

/** Length of what the last layer sees of the picture, in pixels. */
function sees({ kernelSize, strides }: Design): number {
  let [length, step] = [1, 1];
  for (const stride of strides) {
    length += (kernelSize - 1) * step;
    step *= stride;
  }
  return length;
}

/** % of pictures whose arrangement a probe reads from the last layer of four untrained nets. */
async function readUntrained(design: Design): Promise<number[]> {
  const [fitted, scored] = data.split(data.shapes({ count: 1200, seed: 77 }).arrangement, [800, 400]);
  const found: number[] = [];
  for (const seed of [1, 2, 3, 4]) {
    const model = untrained(design, seed);
    const [own, other] = [await probe.features(model, fitted), await probe.features(model, scored)];
    model.dispose();
    const score = probe.linearProbe(
      { features: own.at(-1)!, labels: fitted.labels },
      { features: other.at(-1)!, labels: scored.labels },
    );
    found.push(100 * score);
  }
  return found;
}

function untrained({ kernelSize, strides }: Design, seed: number): tf.LayersModel {
  const input = tf.input({ shape: [24, 24, 1] });
  let hidden = input;
  strides.forEach((stride, index) => {
    const kernelInitializer = nn.initializer("heNormal", math.childSeed(seed, `weights/${index + 1}`));
    const stages = [
      tf.layers.conv2d({ filters: 12, kernelSize, strides: stride, padding: "same", kernelInitializer }),
      tf.layers.activation({ activation: "relu" }),
    ];
    for (const stage of stages) hidden = stage.apply(hidden) as tf.SymbolicTensor;
  });
  return tf.model({ inputs: input, outputs: hidden });
}

function shapeOf(answer: unknown): string | undefined {
  const { kernelSize, strides } = (answer ?? {}) as Partial<Design>;
  if (![1, 3, 5].includes(kernelSize ?? 0)) return "`kernelSize` must be 1, 3 or 5.";
  if (!Array.isArray(strides) || strides.length < 1 || strides.length > 6) {
    return "`strides` must list one to six layers.";
  }
  if ([...(strides as unknown[])].some((stride) => stride !== 1 && stride !== 2))
    return "Each of `strides` must be 1 or 2.";
  return undefined;
}

const withoutLearning: lesson.DesignExercise<Design> = {
  id: "02.5",
  kind: "design",
  title: "Know it without learning it",
  solution: { kernelSize: 5, strides: [2, 2, 2] },
  shape: shapeOf,
  measure: readUntrained,
  atLeast: 45,
  unit: "% of pictures",
  hints: [
    "To tell where one shape lies from the other, something must see both. How much of the picture does a position of your last layer see?",
    "The field grows by (kernel − 1) times the product of the strides before: three layers of kernel 3 and stride 1 see 7 pixels, with stride 2 they see 15. The shapes' middles are 11 pixels apart.",
    "Three layers with stride 2 do, with kernel 3 or 5.",
  ],
  solutionText: {
    code: `const design: Design = { kernelSize: 5, strides: [2, 2, 2] };`,
    reason:
      "The features are averaged over positions, so no position may rely on its neighbours: a single one must see enough of both shapes. Strides make the field grow fast, and with three layers it spans the picture. More layers see more, but each random layer also mixes away: beyond that point nothing is gained. " +
      "None of this was learned. It is the architecture's own knowledge, and the baseline for every claim about what training did.",
  },
  right: [
    { kernelSize: 3, strides: [2, 2, 2] },
    { kernelSize: 3, strides: [2, 2, 2, 2, 2] },
  ],
  wrong: [
    {
      name: "kernel of one position",
      answer: { kernelSize: 1, strides: [2, 2, 2, 2] },
      matches: ({ kernelSize }) => kernelSize === 1,
      message:
        "With a kernel of 1 every position sees a single pixel, however many layers there are. Averaged over positions, that is a histogram of grey values.",
    },
    {
      name: "a single layer",
      answer: { kernelSize: 3, strides: [1] },
      matches: ({ strides }) => strides.length === 1,
      message: "One layer sees strokes, at most. To see both shapes, fields must grow from layer to layer.",
    },
    {
      name: "sees too little",
      answer: { kernelSize: 3, strides: [2, 2] },
      matches: (design) => sees(design) < 15,
      message: ({ input }) =>
        `A position of your last layer sees ${sees(input[0] as Design)} pixels across. The middles of the two shapes are 11 pixels apart, and each is about 7 wide: no position sees enough of both.`,
    },
  ],
};

/** The chapter's exercises. */
export const exercises: readonly lesson.Exercise[] = [
  smallestProbe,
  whatDecides,
  cheatingProbe,
  twoFeatures,
  withoutLearning,
];

/** What should stay. */
export const recall: readonly lesson.RecallQuestion[] = [
  {
    question: "What is a linear probe, and on which examples does its accuracy count?",
    answer:
      "A linear classifier fitted to the activations of one layer of a network that stays as it is. Its accuracy counts on examples that it was not fitted to.",
  },
  {
    question: "A probe reads a label from a layer. Does the network use it? Did training put it there?",
    answer:
      "Neither follows. Untrained layers tell many labels, and a network may hold what it does not use. Compare with the same layer before training.",
  },
  {
    question: "What happened to the strokes in the network that learned the arrangement, and why?",
    answer:
      "They could be read in the first layer, and by the last hidden layer not much better than by guessing. The task has no use for them at the end; but an untrained network loses them just as well. It takes a task that asks for strokes to keep them.",
  },
  {
    question: "Does depth make a network build a hierarchy from strokes to shapes to arrangements?",
    answer:
      "Not by itself. The same layers trained on the strokes knew no more of the shapes than before training. What is built is what the task asks for.",
  },
  {
    question: "How much did the untrained network know, and of what?",
    answer:
      "The strokes, in its first layer, as well as the trained one; and of the arrangement more and more with depth, because fields grow until one position sees both shapes.",
  },
  {
    question: "In networks of depth 5 to 16, where was the arrangement finished, and what did the layers above do?",
    answer:
      "In the layer that halves the picture for the third time, at every depth. The layers above added nothing to the answer, while the other labels faded. With signals, where the first two layers are the same at every depth, the second knew less the more layers followed.",
  },
  {
    question: "What is a control task for a probe, and what does it show?",
    answer:
      "The same probe on labels drawn at random, one for each word (Hewitt and Liang) or, as here, for each picture. Whatever it gets right on the examples it was fitted to, it has learned by heart: many features and few examples are enough for that.",
  },
  {
    question: "Which changes of a layer does linear CKA not notice, and which does it?",
    answer:
      "Rotations of the features (so also another order of units), shifts, and one common factor. It does notice when one direction is stretched against the others.",
  },
  {
    question: "Why is the plain estimate of CKA too high when examples are few?",
    answer:
      "With many features and few examples, chance covariances add up in the numerator, squared, so they never cancel. The debiased estimate takes their expected size out.",
  },
  {
    question: "Why does activation maximisation need penalties, and what does a made picture not show?",
    answer:
      "Without them the climb ends in noise that excites the unit more than any real input. The picture shows one thing that excites the unit, far from the data; not what the unit is used for, nor what else excites it.",
  },
];
