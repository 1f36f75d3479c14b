// %% [markdown] {"id": "title"}
// # 05 · Overfitting
// *A network can learn its examples by heart. When does it, does depth make it worse, and which of the usual remedies help?*
//
// **You will**
// - watch a network learn random labels perfectly, and see what that costs it, layer by layer;
// - measure how the gap between training and test depends on depth and on the number of examples;
// - compare weight decay, dropout and augmentation at the same effort, also where they do nothing;
// - meet the peak at which a model has exactly as many parameters as it needs, and the second descent behind it.
//
// **Needs** chapter 00, what a validation set is. **Time** 50 minutes, about one of them computing.

// %% {"id": "imports"}
import { tf, data, math, nn, plot, train, lesson } from "deepen";
const { show, table, predict, claim, check } = lesson;
const chapter = await lesson.begin("05-overfitting", { seed: 5 });

// %% [markdown] {"id": "predict-a-text"}
// ## Nothing to learn
// Take 500 handwritten digits and throw their labels away. Give each a new one by dice. No rule connects picture and label any more, so there is nothing to understand.
// Train a network with five hidden layers on them, 400 steps of 50 digits. Of every 100 training digits, how many more will it "read" correctly than of 100 new ones (**test** digits, with their true labels)?
// This difference is the **gap**. Put your guess in place of `null`.

// %% {"id": "predict-a", "tags": ["predict"]}
predict("05.a", null, { claim: "05.memorises", unit: "points" });

// %% {"id": "setting"}
const digits = await data.mnist();
const test = digits.test.take(chapter.pick({ normal: 1000, smoke: 100 }));
const full = chapter.pick({ normal: 400, smoke: 10 });
const fewer = chapter.pick({ normal: 200, smoke: 10 });

/** `count` digits of one seed's own, a fraction of them with a label by dice. */
const some = (count: number, seed: number, noise = 0) =>
  data.withLabelNoise(data.subset(digits.train, { count, seed }), { fraction: noise, seed });
const accuracy = async (model: tf.LayersModel, on: data.Examples) =>
  100 * (await train.evaluate(model, on)).accuracy;
const net = (depth: number, seed: number, dropout = 0) =>
  nn.mlp({ depth, width: 128, activation: "relu", init: "heNormal", seed, dropout });
const adam = { kind: "adam", learningRate: 0.001 } as const;

// %% {"id": "memorise"}
interface Memory {
  readonly curve: readonly number[]; // training accuracy, a mean of ten steps
  readonly train: number;
  readonly test: number;
  readonly moved: readonly number[]; // by layer, relative to where it started
}
const byTen = (values: readonly number[]) =>
  Array.from(
    { length: values.length / 10 },
    (_, block) => 100 * math.mean(values.slice(10 * block, 10 * block + 10)),
  );
const kernels = (model: tf.LayersModel) =>
  model.layers
    .filter((layer) => layer.name.startsWith("layer"))
    .map((layer) => Float64Array.from(layer.getWeights()[0].dataSync()));
async function memorise(
  noise: number,
  seed: number,
  draw: (curve: readonly number[]) => void,
): Promise<Memory> {
  const examples = some(500, seed, noise);
  const model = net(6, seed);
  const before = kernels(model);
  const onStep = ({ history }: train.FitProgress) => draw(byTen(history.accuracy));
  const schedule = { kind: "cosine" } as const; // the learning rate ends at 0: no last step shakes what is known
  const options = { steps: full, batchSize: 50, optimizer: adam, schedule, seed, onStep };
  const { accuracy: curve } = await train.fit(model, examples, options);
  const moved = kernels(model).map(
    (after, layer) =>
      math.norm(after.map((weight, index) => weight - before[layer][index])) / math.norm(before[layer]),
  );
  const scores = { train: await accuracy(model, examples), test: await accuracy(model, test) };
  return { curve: byTen(curve), moved, ...scores };
}

// %% {"id": "race"}
const right: Memory[] = [];
const dice: Memory[] = [];
let growing: readonly number[] = [];
const drawing = lesson.live(() => {
  const lines = [
    { name: "true labels", role: "residual" as const, runs: right.map(({ curve }) => curve) },
    { name: "random labels", role: "plain" as const, runs: dice.map(({ curve }) => curve) },
    { name: "running", role: "random" as const, runs: [growing] },
  ].filter(({ runs }) => runs.length > 0 && runs[0].length > 0);
  return plot.curves(
    lines.map((line) => ({ ...line, x: Array.from(line.runs[0], (_, block) => 10 * (block + 1)) })),
    {
      title: "Can a network learn labels that mean nothing? (500 digits, depth 6)",
      x: "step",
      y: "training accuracy, mean of 10 steps (%)",
      references: [{ name: "guessing", y: 10 }],
    },
  );
});
const draw = (curve: readonly number[]) => {
  growing = curve;
  drawing.update();
};
await chapter.seeds(3, async (seed) => {
  right.push(await memorise(0, seed, draw));
  dice.push(await memorise(1, seed, draw));
});
growing = [];
drawing.end();

// %% {"id": "claim-memorises"}
const gap = (runs: readonly { train: number; test: number }[]) =>
  runs.map((run) => run.train - run.test);
const row = (labels: string, runs: readonly Memory[]) => ({
  labels,
  "training accuracy": runs.map((run) => run.train),
  "test accuracy": runs.map((run) => run.test),
});
table([row("true", right), row("random", dice)], {
  units: { "training accuracy": "%", "test accuracy": "%" },
});
await claim("05.memorises", {
  says: "A network learns random labels by heart, and knows nothing about new digits.",
  values: gap(dice),
  unit: "points",
  atLeast: 40,
  control: () => gap(right), // the same digits with their true labels
});

// %% [markdown] {"id": "memorise-finding"}
// Both networks end with every one of their training digits right. One of them reads most new digits too, the other does no better than guessing: there was nothing to understand, so it learnt every picture by heart.
// So a training accuracy says what a network can tell apart, not what it has understood. The random labels took it longer: the lines part long before they meet.

// %% [markdown] {"id": "teacher-opening", "tags": ["teacher"]}
// **Teacher · opening, 8 minutes.** Collect guesses for 05.a before the run. Many say 0: "it cannot learn noise". Afterwards ask what *training accuracy 100 %* tells about a network: nothing, by itself. Keep the sentence on the board.
// **Usual error:** "random labels, so it must be at 10 % in training, too".

// %% [markdown] {"id": "microscope-text"}
// ### Where is it remembered?
// Both networks started from the same weights. How far did each layer's weights travel, measured in lengths of where they began?

// %% {"id": "microscope"}
show(
  plot.depthProfile(
    [
      { name: "true labels", role: "residual", runs: right.map(({ moved }) => moved) },
      { name: "random labels", role: "plain", runs: dice.map(({ moved }) => moved) },
    ],
    {
      y: "distance moved / length at the start",
      title: "How far does each layer travel to learn labels, and to learn noise? (3 seeds)",
    },
  ),
);
const travel = (runs: readonly Memory[]) => runs.map(({ moved }) => math.mean(moved));
await claim("05.memory-costs", {
  says: "Learning by heart moves the weights much further than learning digits.",
  values: travel(dice).map((far, seed) => 100 * (far / travel(right)[seed] - 1)),
  unit: "% further",
  atLeast: 20,
  control: () =>
    travel(right).map((far, seed) => 100 * (far / travel(right)[(seed + 1) % right.length] - 1)),
});

// %% [markdown] {"id": "microscope-finding"}
// On average over the layers, learning by heart takes the weights much further from where they began. The rule that true labels follow is close to the random start; a list of exceptions is not.
// This says nothing about *which* layer holds which digit. It does say that two networks with the same training accuracy can have come by very different ways.

// %% [markdown] {"id": "ex-1-text", "tags": ["exercise"], "exercise": {"id": "05.1", "kind": "interpret", "difficulty": 2, "minutes": 4}}
// ### Exercise 05.1 · What was shown
// *Difficulty 2 of 5, 4 minutes.* The same network, the same optimiser and the same pictures gave a small gap with true labels and a huge one with random labels. What follows?
//
// - **a** The network has too many parameters to generalise.
// - **b** Counting parameters cannot explain why it generalises: it could have learnt anything by heart, and with true labels did not end there.
// - **c** More training steps would have closed the gap.
// - **d** Training accuracy measures how well the network understands its examples.

// %% {"id": "ex-1", "tags": ["exercise"]}
// SOLUTION
const shown = "b";
// EXERCISE
// const shown: "a" | "b" | "c" | "d" = lesson.todo("05.1");
// END
await check("05.1", shown);

// %% [markdown] {"id": "predict-b-text"}
// ## Is it the depth?
// "Deep networks overfit, above all with little data." Width 128, depth 2, 4 and 8; from 50 to 1000 digits; five starts, each with digits of its own; 200 steps each, enough to learn almost every example by heart.
//
// With 50 digits, by how many points of test accuracy is depth 2 ahead of depth 8?

// %% {"id": "predict-b", "tags": ["predict"]}
predict("05.b", null, { claim: "05.depth-costs-when-few", unit: "points" });

// %% {"id": "depths"}
const counts = chapter.pick({ normal: [50, 200, 1000], smoke: [50, 100] });
const depths = [2, 4, 8];
interface Score {
  readonly train: number;
  readonly test: number;
}
const grid: Record<number, Score[][]> = {}; // by depth: seeds, in each the counts
const progress = lesson.progress("training", depths.length, "depth");
for (const depth of depths) {
  grid[depth] = await chapter.seeds(5, async (seed) => {
    const scores: Score[] = [];
    for (const count of counts) {
      const model = net(depth, seed);
      const examples = some(count, seed);
      await train.fit(model, examples, { steps: fewer, batchSize: 50, optimizer: adam, seed: seed });
      scores.push({ train: await accuracy(model, examples), test: await accuracy(model, test) });
    }
    return scores;
  });
  progress.advance();
}

// %% {"id": "depths-figure"}
show(
  plot.curves(
    depths.map((depth) => ({
      name: `depth ${depth}`,
      depth: depth,
      x: counts,
      runs: grid[depth].map((scores) => gap(scores)),
    })),
    {
      title: "How wide is the gap, by depth and number of digits? (width 128, 5 seeds)",
      x: "training digits",
      y: "training minus test accuracy (points)",
      logX: true,
    },
  ),
);
const scored = (depth: number, index: number, of: keyof Score) =>
  grid[depth].map((scores) => scores[index][of]);
const ahead = (index: number) =>
  scored(2, index, "test").map((score, seed) => score - scored(8, index, "test")[seed]);
table(
  counts.map((count, index) => ({
    digits: count,
    "training, depth 2": scored(2, index, "train"),
    "training, depth 8": scored(8, index, "train"),
    "test, depth 2": scored(2, index, "test"),
    "test, depth 8": scored(8, index, "test"),
    "depth 2 ahead by": ahead(index),
  })),
);

// %% {"id": "claim-depth"}
await claim("05.depth-costs-when-few", {
  says: "With 50 digits, depth 8 tests worse than depth 2.",
  values: ahead(0),
  unit: "points",
  atLeast: 3,
  control: () => ahead(counts.length - 1), // the same depths with enough digits
});

// %% [markdown] {"id": "depth-finding"}
// Nearly every training digit is known, at every depth (second and third column), so the gap is what is missing in the test. With the fewest digits it is clearly wider for the deep network. With the most digits the lines come together.
// So depth costs when examples are few, and the cost fades with more of them. The sentence "deep networks overfit" leaves out the half that matters: how many examples there are.

// %% [markdown] {"id": "ex-2-text", "tags": ["exercise"], "exercise": {"id": "05.2", "kind": "implement", "difficulty": 2, "minutes": 6}}
// ## Four remedies
// **Dropout** sets each unit's output to 0 with probability `rate` in a training step. **Weight decay** takes a small part of each weight away at every step. **Augmentation** trains on changed copies: here, digits shifted by a few pixels. **Early stopping** keeps the weights that were best on validation examples.
//
// ### Exercise 05.2 · Dropout
// *Difficulty 2 of 5, 6 minutes.* Write `dropped(outputs, chances, rate)`: unit $i$ is dropped if `chances[i]` is below `rate`; those that stay are divided by $1 - \text{rate}$, so that the expected sum stays the same.
// Example: `dropped([2, 4], [0.1, 0.9], 0.5)` is `[0, 8]`.

// %% {"id": "ex-2", "tags": ["exercise"]}
function dropped(outputs: readonly number[], chances: readonly number[], rate: number): number[] {
  // SOLUTION
  return outputs.map((output, unit) => (chances[unit] < rate ? 0 : output / (1 - rate)));
  // EXERCISE
  // return lesson.todo("05.2");
  // END
}
await check("05.2", dropped);

// %% [markdown] {"id": "predict-c-text"}
// Now a fair comparison. Each remedy may try three strengths, and so may the network without a remedy (three learning rates). The one that is best on 200 validation digits is judged on the test digits. 150 training digits, a network of three layers of 64 units, five starts; once with their true labels, once with 40 % of the labels drawn by dice.
//
// With true labels: how many points of test accuracy does dropout bring over the network without it, and how many does shifting bring? Guess the second.

// %% {"id": "predict-c", "tags": ["predict"]}
predict("05.c", null, { claim: "05.shifting-helps", unit: "points" });

// %% {"id": "remedies"}
interface Remedy {
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly dropout?: number;
  readonly by?: number;
}
const small = { depth: 3, width: 64, activation: "relu", init: "heNormal" } as const;
async function treat(remedy: Remedy, noise: number, seed: number) {
  const { learningRate = 0.001, weightDecay = 0, dropout = 0, by = 0 } = remedy;
  const [examples, validation] = data.split(some(350, seed), [150, 200]);
  const model = nn.mlp({ ...small, seed: seed, dropout: dropout });
  await train.fit(model, data.withLabelNoise(examples, { fraction: noise, seed }), {
    steps: chapter.pick({ normal: 300, smoke: 10 }),
    batchSize: 50,
    optimizer: { kind: "adamw", learningRate: learningRate, weightDecay: weightDecay },
    augment: { kind: "shift", by: by },
    seed: seed,
  });
  return { validation: await accuracy(model, validation), test: await accuracy(model, test) };
}
/** Test accuracy of the strength that is best on validation digits. */
async function tuned(strengths: readonly Remedy[], noise: number, seed: number): Promise<number> {
  let best = { validation: -1, test: 0 };
  for (const strength of strengths) {
    const found = await treat(strength, noise, seed);
    if (found.validation > best.validation) best = found;
  }
  return best.test;
}

// %% {"id": "compare"}
const remedies: Record<string, readonly Remedy[]> = {
  none: [{ learningRate: 0.0003 }, { learningRate: 0.001 }, { learningRate: 0.003 }],
  "weight decay": [{ weightDecay: 0.3 }, { weightDecay: 1 }, { weightDecay: 3 }],
  dropout: [{ dropout: 0.2 }, { dropout: 0.4 }, { dropout: 0.6 }],
  shifting: [{ by: 1 }, { by: 2 }, { by: 3 }],
};
const clean: Record<string, number[]> = {};
const noisy: Record<string, number[]> = {};
for (const [name, strengths] of Object.entries(remedies)) {
  clean[name] = await chapter.seeds(5, (seed) => tuned(strengths, 0, seed), name);
  noisy[name] = await chapter.seeds(5, (seed) => tuned(strengths, 0.4, seed), `${name}, noise`);
}

// %% {"id": "compare-figure"}
const gained = (scores: Record<string, number[]>, name: string) =>
  scores[name].map((score, seed) => score - scores.none[seed]);
const names = Object.keys(remedies).slice(1);
show(
  plot.bars(
    [
      { name: "true labels", role: "residual", values: names.map((name) => gained(clean, name)) },
      { name: "40 % by dice", role: "plain", values: names.map((name) => gained(noisy, name)) },
    ],
    {
      title: "What does each remedy bring, when all may try three strengths? (150 digits, 5 seeds)",
      x: "remedy",
      y: "test accuracy gained over none (points)",
      groups: names,
    },
  ),
);
table(
  Object.keys(remedies).map((remedy) => ({
    remedy: remedy,
    "true labels": clean[remedy],
    "40 % by dice": noisy[remedy],
  })),
  { units: { "true labels": "%", "40 % by dice": "%" } },
);

// %% {"id": "claim-shifting"}
await claim("05.shifting-helps", {
  says: "With true labels, training on shifted digits brings points of test accuracy.",
  values: gained(clean, "shifting"),
  unit: "points",
  atLeast: 1.2,
  control: () => gained(clean, "dropout"),
});

// %% [markdown] {"id": "compare-finding"}
// With true labels, shifted digits bring points: they tell the network something about digits that it could not see in so few. Dropout, which had as many tries, stays below the bound there; for clean and few digits it does next to nothing.
// With noise in the labels the bars change: read the intervals before you believe a single one of them. None of the remedies is "crucial"; which one helps depends on what is wrong.

// %% [markdown] {"id": "ex-3-text", "tags": ["exercise"], "exercise": {"id": "05.3", "kind": "implement", "difficulty": 3, "minutes": 8}}
// ### Exercise 05.3 · Early stopping
// *Difficulty 3 of 5, 8 minutes.* Write `keep(losses, patience)`. `losses` are validation losses, one after each look. Training ends when `patience` looks in a row were no better than the best so far. Return the number of the look, counted from 0, whose weights are kept: the best of those that were seen.
// Example: `keep([5, 4, 4, 6, 1], 2)` is `1`: after looks 2 and 3 training ended, and nobody saw the 1.

// %% {"id": "ex-3", "tags": ["exercise"]}
function keep(losses: readonly number[], patience: number): number {
  // SOLUTION
  let best = 0;
  for (let look = 1; look < losses.length; look++) {
    if (losses[look] < losses[best]) best = look;
    if (look - best === patience) break;
  }
  return best;
  // EXERCISE
  // return lesson.todo("05.3");
  // END
}
await check("05.3", keep);

// %% [markdown] {"id": "stop-text"}
// The network finds the rule first and the noise later. 500 digits, with true labels and with 40 % of them by dice; look every five steps:

// %% {"id": "stop"}
const watched = chapter.pick({ normal: 300, smoke: 10 });
const looks = Array.from({ length: watched / 5 }, (_, look) => 5 * (look + 1));
async function watch(noise: number, seed: number) {
  const curve: number[] = [];
  const model = net(3, seed);
  const onStep = async () => {
    curve.push(await accuracy(model, test));
  };
  const options = { steps: watched, batchSize: 50, optimizer: adam, seed, every: 5, onStep };
  const { loss } = await train.fit(model, some(500, seed, noise), options);
  return { curve, loss: looks.map((step) => loss[step - 1]) };
}
const calm = await chapter.seeds(5, (seed) => watch(0, seed), "true labels");
const wild = await chapter.seeds(5, (seed) => watch(0.4, seed), "40 % by dice");
const look = (y: string, pick: (run: (typeof calm)[number]) => number[]) =>
  plot.curves(
    [
      { name: "true labels", role: "residual", x: looks, runs: calm.map(pick) },
      { name: "40 % by dice", role: "plain", x: looks, runs: wild.map(pick) },
    ],
    { title: y, x: "step", y },
  );
show(
  plot.smallMultiples(
    [
      look("training loss of the batch (nats)", (run) => run.loss),
      look("test accuracy (%)", (run) => run.curve),
    ],
    { title: "What does the test accuracy do while the training loss falls? (500 digits, 5 seeds)" },
  ),
);

// %% {"id": "claim-stop"}
const given = (runs: readonly { curve: number[] }[]) =>
  runs.map(({ curve }) => Math.max(...curve) - curve.at(-1)!);
table([
  {
    labels: "true",
    best: calm.map(({ curve }) => Math.max(...curve)),
    "at the end": calm.map(({ curve }) => curve.at(-1)!),
  },
  {
    labels: "40 % by dice",
    best: wild.map(({ curve }) => Math.max(...curve)),
    "at the end": wild.map(({ curve }) => curve.at(-1)!),
  },
]);
await claim("05.noise-comes-last", {
  says: "With noise in the labels, the network is better early than at the end.",
  values: given(wild),
  unit: "points",
  atLeast: 1.5,
  control: () => given(calm),
});

// %% [markdown] {"id": "stop-finding"}
// While the training loss goes on falling, the test accuracy with noisy labels passes a maximum and drops: what the examples share is learnt first, the dice last. With true labels there is nothing to wait for, and nothing to lose.
// A second rise, the double descent over steps that is reported for larger networks, did not appear here.

// %% [markdown] {"id": "ex-4-text", "tags": ["exercise"], "exercise": {"id": "05.4", "kind": "design", "difficulty": 3, "minutes": 8}}
// ### Exercise 05.4 · Your own remedy
// *Difficulty 3 of 5, 8 minutes.* 300 digits, 40 % of the labels by dice, the network of depth 3 and at most 300 steps. Choose the steps, the dropout rate and the shift (in pixels) so that the test accuracy rises by at least 4 points over the network that trains 300 steps without a remedy, beyond doubt over five starts that you have not seen.

// %% {"id": "ex-4", "tags": ["exercise"]}
// SOLUTION
const remedy: { steps: number; dropout: number; shift: number } = {
  steps: 150,
  dropout: 0.3,
  shift: 1,
};
// EXERCISE
// const remedy: { steps: number; dropout: number; shift: number } = lesson.todo("05.4");
// END
await check("05.4", remedy);

// %% [markdown] {"id": "by-hand"}
// ## Exactly enough parameters
// The smallest case: one example and one weight. The example has the feature $x$ and the target $1$; least squares finds $w = 1/x$, and ridge regression, which also pays $\lambda w^2$, finds $w = x/(x^2 + \lambda)$. What do they say for a new example with feature 1?

// %% {"id": "chain"}
table(
  [1, 0.1, 0.01].map((x) => ({
    "feature x": x,
    "least squares": 1 / x,
    "ridge, λ = 0.1": x / (x * x + 0.1),
  })),
);

// %% [markdown] {"id": "hand-finding"}
// A single weight that *must* fit a single example takes any value, here 1, 10 and 100, if the feature happens to be small. With many more weights than examples, some feature is always large enough, and no weight has to be. With exactly as many, none can be spared. So the worst number of parameters should be the number of examples.
//
// Measure it: $P$ random ReLU features of 200 digits (a network of two layers whose first is never trained), the last layer by least squares in closed form; 15 % of the labels by dice.

// %% {"id": "descent"}
const testFew = test.take(chapter.pick({ normal: 500, smoke: 50 }));
const widths = chapter.pick({ normal: [20, 60, 120, 160, 200, 260, 400, 700], smoke: [20, 200] });
function testError(width: number, noise: number, penalty: number, seed: number): number {
  const known = some(200, seed, noise);
  const random = math.rng(seed).child("features");
  const first = Float32Array.from({ length: 784 * width }, () => random.normal(0, 1 / 28));
  const features = ({ x, count }: data.Examples) =>
    tf.tidy(() =>
      tf
        .tensor2d(x, [count, 784])
        .matMul(tf.tensor2d(first, [784, width]))
        .relu()
        .dataSync(),
    );
  const targets = new Float64Array(2000);
  known.labels.forEach((label, index) => (targets[10 * index + label] = 1));
  const fit = math.ridge(features(known), targets, { features: width, targets: 10, penalty });
  const weights = tf.tensor2d(Float32Array.from(fit.weights), [width, 10]);
  const inputs = tf.tensor2d(features(testFew), [testFew.count, width]);
  const answers = inputs.matMul(weights).add(tf.tensor1d(Float32Array.from(fit.intercept)));
  const wrong = Array.from(answers.argMax(1).dataSync()).filter(
    (answer, index) => answer !== testFew.labels[index],
  );
  return (100 * wrong.length) / testFew.count;
}
const errors = (noise: number, penalty: number) =>
  chapter.seeds(3, (seed) => widths.map((width) => testError(width, noise, penalty, seed)), "widths");
const peaked = await errors(0.15, 1e-6);
const flat = await errors(0.15, 1);
const quiet = await errors(0, 1e-6);

// %% {"id": "descent-figure"}
show(
  plot.curves(
    [
      { name: "15 % by dice", role: "plain", x: widths, runs: peaked },
      { name: "true labels", role: "residual", x: widths, runs: quiet },
      { name: "15 % by dice, ridge", role: "batchNorm", x: widths, runs: flat },
    ],
    {
      title: "Which width is the worst for 200 digits? (random ReLU features, 3 seeds)",
      x: "features P",
      y: "test error (%)",
      logX: true,
    },
  ),
);
const at = (runs: readonly number[][], width: number) => runs.map((run) => run[widths.indexOf(width)]);
const last = widths[widths.length - 1];
table([
  { fit: "15 % by dice", "P = 200": at(peaked, 200), widest: at(peaked, last) },
  { fit: "true labels", "P = 200": at(quiet, 200), widest: at(quiet, last) },
  { fit: "15 % by dice, ridge", "P = 200": at(flat, 200), widest: at(flat, last) },
]);

// %% {"id": "claim-peak"}
await claim("05.peak", {
  says: "With as many features as examples the test error peaks; with more it falls again.",
  values: at(peaked, 200).map((error, seed) => error - at(peaked, last)[seed]),
  unit: "points",
  atLeast: 20,
  control: () => at(flat, 200).map((error, seed) => error - at(flat, last)[seed]), // weights kept small
});

// %% [markdown] {"id": "descent-finding"}
// The worst width is the one with exactly as many features as digits, with noise and without. Beyond it the error falls again, below that of most smaller widths: the second descent. A little ridge penalty takes the peak away.
// Too many parameters were never the trouble. *Exactly enough* was.

// %% [markdown] {"id": "ex-5-text", "tags": ["exercise"], "exercise": {"id": "05.5", "kind": "debug", "difficulty": 3, "minutes": 7}}
// ### Exercise 05.5 · Too good
// *Difficulty 3 of 5, 7 minutes.* A colleague makes three shifted copies of each of 100 digits, then cuts the 300 pictures into 200 to train and 100 to validate. His validation accuracy is far above the accuracy on new digits. Copies of one digit stand on both sides.
// Write `parts(count, copies, trained)` that cuts first: the originals numbered below `trained` are for training, each `copies` times in a row; the others are for validation, each once. Return `[training, validation]`, lists of the originals' numbers. Example: `parts(3, 2, 2)` is `[[0, 0, 1, 1], [2]]`.

// %% {"id": "ex-5", "tags": ["exercise"]}
function parts(count: number, copies: number, trained: number): number[][] {
  // SOLUTION
  const training: number[] = [];
  const validation: number[] = [];
  for (let original = 0; original < count; original++) {
    if (original >= trained) validation.push(original);
    else training.push(...Array<number>(copies).fill(original));
  }
  return [training, validation];
  // EXERCISE
  // return lesson.todo("05.5");
  // END
}
await check("05.5", parts);

// %% [markdown] {"id": "teacher-end", "tags": ["teacher"]}
// **Teacher · last ten minutes.** Ask who would have bought dropout without a measurement, and why everybody does. **If time is short** skip *Exactly enough parameters*. **Usual errors:** tuning on the test set; comparing a tuned remedy with an untuned baseline; reading 100 % training accuracy as harm.

// %% [markdown] {"id": "claims-text"}
// ## What was claimed, and what you measured

// %% {"id": "claims"}
chapter.claims();

// %% [markdown] {"id": "recall-text"}
// ## What stays
// Answer in your own words before you open an answer.

// %% {"id": "recall"}
lesson.recall("05");

// %% [markdown] {"id": "references"}
// ## Simplified here, and where to read on
// - One data set, small networks, three or five starts. What dropout brings depends on the data and on the size of the network: here it was judged where data are few.
// - The peak is shown with a first layer that is never trained. Networks trained whole show it too, with more noise and far more steps than fit here; over steps it did not appear in the runs above.
//
// Srivastava and others 2014, *Dropout*, JMLR 15 · Zhang and others 2017, arXiv:1611.03530 (random labels) · Arpit and others 2017, arXiv:1706.05394 (rules first, noise later) · Loshchilov and Hutter 2019, arXiv:1711.05101 (decoupled weight decay) · Belkin and others 2019, arXiv:1812.11118 · Nakkiran and others 2020, arXiv:1912.02292 (double descent)
