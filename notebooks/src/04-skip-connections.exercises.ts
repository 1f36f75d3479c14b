import { train, type lesson } from "deepen";

type Branch = (x: readonly number[]) => number[];
type BlockInput = [x: readonly number[], branch: Branch, scale: number];

const doubled: Branch = (x) => x.map((value) => 2 * value);
const shifted: Branch = (x) => x.map((value) => value + 1);
const reversed: Branch = (x) => [...x].reverse();

const block: lesson.FunctionExercise<BlockInput, number[]> = {
  id: "04.1",
  kind: "implement",
  title: "Build the block",
  solution: (x, branch, scale) => {
    const added = branch(x);
    return x.map((value, unit) => value + scale * added[unit]);
  },
  inputs: [
    [[2], doubled, 1],
    [[1], shifted, 0],
    [[1, -2], doubled, 0.5],
    [[1, 3], reversed, 1],
    [[3, -1, 2], shifted, 2],
    [[0, 4, 5], reversed, -0.5],
  ],
  random: (uniform) => {
    const x = Array.from({ length: 1 + Math.floor(4 * uniform()) }, () => Math.round(20 * uniform() - 10) / 2);
    return [x, [doubled, shifted, reversed][Math.floor(3 * uniform())], Math.round(8 * uniform() - 4) / 2];
  },
  hints: [
    "What goes into the branch, and what is it added to?",
    "Compute `branch(x)` once; then each unit is its own value plus `scale` times what the branch gives for it.",
    "`const added = branch(x); return x.map((value, unit) => value + scale * added[unit]);`",
  ],
  solutionText: {
    code: `const added = branch(x);
return x.map((value, unit) => value + scale * added[unit]);`,
    reason:
      "The derivative of the output by the input is 1 plus that of the scaled branch, for each unit: whatever the branch does, the 1 stays.",
  },
  right: [
    (x, branch, scale) => branch(x).map((added, unit) => x[unit] + added * scale),
    (x, branch, scale) => {
      const sum = [...x];
      branch(x).forEach((added, unit) => (sum[unit] += scale * added));
      return sum;
    },
  ],
  wrong: [
    {
      name: "without the skip",
      answer: (x, branch, scale) => branch(x).map((added) => scale * added),
      message: "That is the branch alone, a plain layer. Add what came in.",
    },
    {
      name: "the skip scaled, too",
      answer: (x, branch, scale) => branch(x).map((added, unit) => scale * (x[unit] + added)),
      message: "You scale the sum. Only the branch is scaled; what came in passes as it is.",
    },
    {
      name: "not scaled",
      answer: (x, branch) => branch(x).map((added, unit) => x[unit] + added),
      message: "The sum is right, but the branch is not multiplied by `scale`.",
    },
    {
      name: "subtracted",
      answer: (x, branch, scale) => branch(x).map((added, unit) => x[unit] - scale * added),
      message: "You take the branch away. Add it.",
    },
    {
      name: "unit by unit",
      answer: (x, branch, scale) => x.map((value) => value + scale * branch([value])[0]),
      message:
        "You give the branch one unit at a time. A branch mixes units: call it once, with the whole list, and take its answer for each unit.",
    },
    {
      name: "weighted mean",
      answer: (x, branch, scale) => branch(x).map((added, unit) => (1 - scale) * x[unit] + scale * added),
      message: "You take a part of the skip away. What came in passes as it is, with a factor of 1.",
    },
    {
      name: "changed on the way",
      answer: (x, branch, scale) => {
        const sum = [...x];
        for (let unit = 0; unit < sum.length; unit++) sum[unit] += scale * branch(sum)[unit];
        return sum;
      },
      message:
        "You call the branch anew for each unit, on a list of which some units have changed already. Call it once, before the loop.",
    },
    {
      name: "scaled before the branch",
      answer: (x, branch, scale) => branch(x.map((value) => scale * value)).map((added, unit) => x[unit] + added),
      message: "You scale what goes into the branch. Scale what comes out of it.",
    },
  ],
};

const repaired: lesson.ChoiceExercise = {
  id: "04.2",
  kind: "interpret",
  title: "What does the skip repair?",
  solution: "b",
  options: {
    a: {
      text: "Skips stop the gradient from vanishing.",
      explanation:
        "The plain net's gradient did not vanish: with normalisation it even grew, and the net did not train.",
    },
    b: {
      text: "Skips keep the gradients of similar inputs similar, so that steps for different examples do not cancel.",
      explanation:
        "The error signal grew alike in both nets; the likeness between neighbours differed. Of what was measured, that is the difference.",
    },
    c: {
      text: "Skips add parameters.",
      explanation: "A sum has no weights: both nets had the same number.",
    },
    d: {
      text: "Skips make the net shallower, since most layers end up unused.",
      explanation:
        "Nothing measured so far says that layers are unused. Later you take layers out: each costs a little accuracy.",
    },
  },
  hints: [
    "Which measurement was different in the two nets?",
    "The norms of δ grew alike in both; look at the lines of slopes.",
    "The slopes of neighbours were alike with skips, and noise without.",
  ],
  solutionText: {
    code: `const repaired = "b";`,
    reason:
      "An explanation must differ where the outcome differs. The way the gradient grew did not; its likeness between inputs did. That it is the whole cause is not proved by this.",
  },
  right: ["b"],
};

interface Recipe {
  readonly branchScale: number;
  readonly learningRate: number;
}

/** Training accuracy (%) of four starts that the chapter does not use. */
async function scores({ branchScale, learningRate }: Recipe): Promise<number[]> {
  const results = await train.sweep(
    [901, 902, 903, 904].map((seed) => ({
      data: { kind: "mnist1d", train: 500, test: 50 },
      model: { kind: "mlp", depth: 30, width: 24, activation: "relu", init: "heNormal", skip: true, branchScale },
      train: { steps: 200, batchSize: 50, optimizer: { kind: "adam", learningRate }, schedule: { kind: "cosine" } },
      seed,
    })),
  );
  return results.map(({ accuracy }) => 100 * accuracy.train);
}

const design: lesson.DesignExercise<Recipe> = {
  id: "04.3",
  kind: "design",
  title: "Thirty layers without normalisation",
  solution: { branchScale: 0.1, learningRate: 0.01 },
  shape(answer) {
    const { branchScale, learningRate } = (answer ?? {}) as Partial<Record<keyof Recipe, unknown>>;
    if (!(typeof branchScale === "number" && branchScale >= 0.05 && branchScale <= 1)) {
      return "`branchScale`: a number from 0.05 to 1";
    }
    if (!(typeof learningRate === "number" && learningRate > 0 && learningRate <= 1)) {
      return "`learningRate`: a number above 0, up to 1";
    }
    return undefined;
  },
  measure: scores,
  atLeast: 40,
  unit: "% of the training examples",
  hints: [
    "What happened to the activations with branches as they were, and what did 1/√30 do?",
    "With 1/√30 the activations of the figure still grew by about a power of ten: take a scale below that. The rate that was good for 32 normalised layers is small for these.",
    "A scale of 0.1 and a rate of 0.01 do.",
  ],
  solutionText: {
    code: `const recipe: { branchScale: number; learningRate: number } = { branchScale: 0.1, learningRate: 0.01 };`,
    reason:
      "With a scale s each branch adds about s² of the variance that came in, and more: after a ReLU nothing is negative, so branches do not cancel. In the four nets of this check, before training, 28 branches multiply the standard deviation by 3 to 5 at a scale of 0.1, by 11 to 22 at 1/√28, and by 300,000 and more at 1.",
  },
  right: [
    { branchScale: 0.15, learningRate: 0.01 },
    { branchScale: 0.1, learningRate: 0.02 },
  ],
  wrong: [
    {
      name: "as it is",
      answer: { branchScale: 1, learningRate: 0.01 },
      matches: ({ branchScale }) => branchScale >= 0.7,
      message: "Thirty such branches multiply the activations by millions, as in the figure: scale them down.",
    },
    {
      name: "not scaled down enough",
      answer: { branchScale: 0.5, learningRate: 0.01 },
      matches: ({ branchScale }) => branchScale >= 0.3,
      message: "Smaller, but 28 branches of that size still make the activations grow fiftyfold and more.",
    },
    {
      name: "steps too small",
      answer: { branchScale: 0.1, learningRate: 0.0001 },
      matches: ({ learningRate }) => learningRate < 0.002,
      message: "The scale is good. In 200 steps of that size the weights hardly move.",
    },
  ],
};

type PathInput = [branches: number, length: number];

const left = (branches: number, length: number): number => {
  let paths = 1;
  for (let taken = 1; taken <= length; taken++) paths = (paths * (branches - taken)) / taken;
  return paths;
};

/** n over k. */
const choose = (n: number, k: number): number => {
  let ways = 1;
  for (let taken = 1; taken <= k; taken++) ways = (ways * (n - taken + 1)) / taken;
  return ways;
};

const paths: lesson.FunctionExercise<PathInput, number> = {
  id: "04.4",
  kind: "implement",
  title: "Count the paths",
  solution: left,
  inputs: [
    [1, 0],
    [1, 1],
    [2, 1],
    [3, 1],
    [3, 2],
    [4, 2],
    [6, 3],
    [9, 0],
    [12, 7],
  ],
  random: (uniform) => {
    const branches = 1 + Math.floor(14 * uniform());
    return [branches, Math.floor((branches + 1) * uniform())];
  },
  hints: [
    "Which branches may a path that is left still go through?",
    "All but the missing one: choose `length` of `branches - 1`.",
    "Start with 1; for `taken` from 1 to `length`, multiply by `branches - taken` and divide by `taken`.",
  ],
  solutionText: {
    code: `let paths = 1;
for (let taken = 1; taken <= length; taken++) {
  paths = (paths * (branches - taken)) / taken;
}
return paths;`,
    reason:
      "Paths that avoid a branch are the paths of a net that does not have it: C(n − 1, k) of them. Over all lengths that is half: 2ⁿ⁻¹ of 2ⁿ. Multiplying before dividing keeps every step a whole number.",
  },
  right: [
    (branches, length) => choose(branches - 1, length),
    (branches, length) => {
      // Pascal's triangle.
      let row = [1];
      for (let n = 1; n < branches; n++) row = [1, ...row.slice(1).map((ways, k) => ways + row[k]), 1];
      return row[length] ?? 0;
    },
  ],
  wrong: [
    {
      name: "all paths",
      answer: (branches, length) => choose(branches, length),
      message: "Those are all paths of that length, also those through the branch that is gone.",
    },
    {
      name: "the paths that are gone",
      answer: (branches, length) => (length === 0 ? 0 : choose(branches - 1, length - 1)),
      message: "Those are the paths *through* the missing branch: the ones that are gone.",
    },
    {
      name: "order counted",
      answer: (branches, length) => {
        let ways = 1;
        for (let taken = 1; taken <= length; taken++) ways *= branches - taken;
        return ways;
      },
      message: "You count the order in which branches are chosen; a path goes through its branches in one order only.",
    },
    {
      name: "no end to the choices",
      answer: (branches, length) => (length > branches - 1 ? 1 : left(branches, length)),
      message:
        "A path through all branches is gone as well: with as many branches to take as there were, the number of paths left is 0.",
    },
    {
      name: "all lengths",
      answer: (branches) =>
        Array.from({ length: branches }, (_, length) => left(branches, length)).reduce((a, b) => a + b),
      message: "That is the number of paths of *all* lengths that are left. Asked are those of one length.",
    },
    {
      name: "half of them",
      answer: (branches, length) => choose(branches, length) / 2,
      message: "Half of *all* paths avoid a branch, but not half of each length: long ones are hit more often.",
    },
  ],
};

type Step = (h: number) => number;
type ForwardInput = [x: number, branches: readonly Step[]];

const twice: Step = (h) => 2 * h;
const squared: Step = (h) => h * h;
const lessOne: Step = (h) => h - 1;
const steps: readonly Step[] = [twice, squared, lessOne];

const forward: lesson.FunctionExercise<ForwardInput, number> = {
  id: "04.5",
  kind: "debug",
  title: "A residual net that does not train",
  solution: (x, branches) => {
    let h = x;
    for (const branch of branches) h = h + branch(h);
    return h;
  },
  inputs: [
    [3, []],
    [1, [twice]],
    [1, [twice, twice]],
    [2, [lessOne, squared]],
    [-1, [squared, twice, lessOne]],
    [0.5, [twice, lessOne, twice, lessOne]],
  ],
  random: (uniform) => {
    const branches = Array.from({ length: Math.floor(4 * uniform()) }, () => steps[Math.floor(3 * uniform())]);
    return [Math.round(8 * uniform() - 4) / 2, branches];
  },
  hints: [
    "Follow one path: what goes around every branch, from layer 1 to the end. By what does each of his layers multiply it?",
    "By one half: the mean of skip and branch has a half of each. After 30 layers a thousand-millionth is left. What should the layer give instead?",
    "`let h = x; for (const branch of branches) h = h + branch(h); return h;`",
  ],
  solutionText: {
    code: `let h = x;
for (const branch of branches) {
  h = h + branch(h);
}
return h;`,
    reason:
      "In a mean, each layer passes on one half of what came in, so the path around 30 branches brings 2⁻³⁰, and what early layers made is crowded out by what later ones make: the net behaves like a plain one. A skip must pass what came in unchanged; He and others tried it in 2016 on a net of 110 layers: with skips of one half and whole branches it failed, with both halved, as here, its test error was 12.35 % instead of 6.61 %. Against the growth, scale the *branch*.",
  },
  right: [
    (x, branches) => branches.reduce((h, branch) => h + branch(h), x),
    (x, branches) => {
      const before = [x];
      branches.forEach((branch, layer) => before.push(before[layer] + branch(before[layer])));
      return before[branches.length];
    },
  ],
  wrong: [
    {
      name: "the colleague's mean",
      answer: (x, branches) => branches.reduce((h, branch) => (h + branch(h)) / 2, x),
      message: "That is the colleague's net: every layer passes on only half of what came in.",
    },
    {
      name: "the skip from the input",
      answer: (x, branches) => branches.reduce((h, branch) => x + branch(h), x),
      message: "Every skip of yours starts from the net's input; it should start from what came into the layer.",
    },
    {
      name: "only the branch halved",
      answer: (x, branches) => branches.reduce((h, branch) => h + branch(h) / 2, x),
      message: "The skip is whole now. But the branch is to be added as it is, not its half.",
    },
    {
      name: "plain layers",
      answer: (x, branches) => branches.reduce((h, branch) => branch(h), x),
      message: "Here nothing is added: a plain net.",
    },
    {
      name: "every branch from the input",
      answer: (x, branches) => branches.reduce((h, branch) => h + branch(x), x),
      message: "Each branch is computed from the net's input; the second layer must see what the first one made.",
    },
    {
      name: "from the last branch to the first",
      answer: (x, branches) => branches.reduceRight((h, branch) => h + branch(h), x),
      message: "You go through the branches from the last to the first. Layers stand in the order of the list.",
    },
    {
      name: "begun from 0",
      answer: (_x, branches) => branches.reduce((h, branch) => h + branch(h), 0),
      message: "Your sum begins from 0. It begins with what goes in, `x`.",
    },
    {
      name: "multiplied",
      answer: (x, branches) => branches.reduce((h, branch) => h * branch(h), x),
      message: "You multiply by what the branch gives. A skip adds.",
    },
    {
      name: "stopped at the first",
      answer: (x, branches) => (branches.length === 0 ? x : x + branches[0](x)),
      message: "Yours stops after the first branch: is there a `return` inside the loop?",
    },
    {
      name: "a single skip around all",
      answer: (x, branches) => x + branches.reduce((h, branch) => branch(h), x),
      message: "That is one skip around the whole net. Each layer needs its own.",
    },
  ],
};

/** The chapter's exercises. */
export const exercises: readonly lesson.Exercise[] = [block, repaired, design, paths, forward];

/** What should stay. */
export const recall: readonly lesson.RecallQuestion[] = [
  {
    question: "What is degradation, and how do you tell it from overfitting?",
    answer: "A deeper net fits its *training* examples worse. Overfitting shows in the test alone.",
  },
  {
    question: "Why could the deep plain net be at least as good as the shallow one?",
    answer: "Its further layers could pass their input on. The weights exist; the optimiser does not find them.",
  },
  {
    question: "What does a residual layer compute?",
    answer: "What came in, plus a branch computed from it.",
  },
  {
    question: "Does the gradient of a deep plain net with batch normalisation vanish? Does the net train?",
    answer: "It does not vanish: it grows towards the first layers. And the net does not train.",
  },
  {
    question: "What is a shattered gradient?",
    answer:
      "One that says nothing about the gradient at a neighbouring input: along a line of inputs it looks like noise.",
  },
  {
    question: "When did gradients hardly shatter, although the net was plain and deep?",
    answer: "Without batch normalisation.",
  },
  {
    question: "What do unscaled branches do without normalisation, and what cures it?",
    answer:
      "The sum grows by a factor from layer to layer and explodes. Dividing branches by the root of their number.",
  },
  {
    question: "How many paths has a residual net of n branches, and which of them does the gradient take?",
    answer:
      "2ⁿ, most of them through about n/2 branches. Where branches are scaled or normalised, the gradient comes mostly through few branches: 3 of 30 in the trained net here.",
  },
  {
    question: "Why does a residual net survive without one of its layers, or with two of them swapped?",
    answer: "Half of all its paths avoid any given branch, and of the short ones most do. A plain net has one path.",
  },
  {
    question: "At which depth did skips bring nothing here?",
    answer: "With four layers. (With two there is no branch: both nets are the same.)",
  },
];
