// %% [markdown] {"id": "title"}
// # 05 · Overfitting
// *A network can learn its examples by heart. When does it, does depth make it worse, and which of the usual remedies help?*
//
// **You will**
// - give a network random labels, and see what becomes of it, layer by layer;
// - measure how the gap between training and test depends on depth and on the number of examples, and find a network that depth helps all the same;
// - compare weight decay, dropout, augmentation and early stopping at the same effort, also where they do nothing;
// - meet the peak at which a model has just enough parameters, and the second descent behind it.
//
// **Needs** chapter 00, what a validation set is. **Time** 60 minutes with its exercises, about two of them computing.

// %% {"id": "imports"}
import { tf, data, math, nn, plot, train, lesson } from "deepen";
const { show, table, predict, claim, check } = lesson;
const chapter = await lesson.begin("05-overfitting", { seed: 5 });

// %% [markdown] {"id": "predict-a-text"}
// ## Nothing to learn
// *11 minutes.*
//
// Take 500 handwritten digits and throw their labels away. Give each a new one by dice. No rule connects picture and label any more, so there is nothing to understand.
// Train a network with five hidden layers on them, 400 steps of 50 digits. Of every 100 training digits, how many more will it "read" correctly than of 100 new ones (**test** digits, with their true labels)?
// This difference is the **gap**. Put your guess in place of `null`.

// %% {"id": "predict-a", "tags": ["predict"]}
predict("05.a", null, { claim: "05.memorises", unit: "points" });

// %% {"id": "setting"}
const digits = await data.mnist();
const test = digits.test.take(chapter.pick({ normal: 1000, smoke: 100 }));
const full = chapter.pick({ normal: 400, smoke: 10 });
const starts = Array.from({ length: chapter.pick({ normal: 5, smoke: 2 }) }, (_, run) =>
  chapter.child(`run ${run}`),
);

/** `count` digits of one seed's own, a fraction of them with a label by dice. */
const some = (count: number, seed: number, noise = 0) =>
  data.withLabelNoise(data.subset(digits.train, { count, seed }), { fraction: noise, seed });
const accuracy = async (model: tf.LayersModel, on: data.Examples) =>
  100 * (await train.evaluate(model, on)).accuracy;
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
  examples: data.Examples,
  seed: number,
  draw: (curve: readonly number[]) => void,
): Promise<Memory> {
  const model = nn.mlp({ depth: 6, width: 128, activation: "relu", init: "heNormal", seed: seed });
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
/** True labels under exchanged names, such as 7 for every 3: as arbitrary as dice, but still a rule. */
function exchanged(few: data.Examples, seed: number): data.Examples {
  const names = math.rng(seed).shuffle([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  return data.examples({ ...few, labels: few.labels.map((label) => names[label]) });
}
const right: Memory[] = [];
const dice: Memory[] = [];
const renamed: Memory[] = [];
let growing: readonly number[] = [];
const drawing = lesson.live(() => {
  const lines = [
    { name: "true labels", role: "residual" as const, runs: right.map(({ curve }) => curve) },
    { name: "random labels", role: "plain" as const, runs: dice.map(({ curve }) => curve) },
    { name: "names exchanged", role: "batchNorm" as const, runs: renamed.map(({ curve }) => curve) },
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
  right.push(await memorise(some(500, seed), seed, draw));
  dice.push(await memorise(some(500, seed, 1), seed, draw));
  renamed.push(await memorise(exchanged(some(500, seed), seed), seed, draw));
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
// So a training accuracy says what a network can tell apart, not what it has understood. The random labels took it longer: the lines part long before they meet. A third network learnt the true labels under exchanged names, such as 7 for every 3. That is as arbitrary as dice, but still a rule, and it is learnt as quickly as the true names.

// %% [markdown] {"id": "teacher-opening", "tags": ["teacher"]}
// **Teacher · opening, 8 minutes.** Collect guesses for 05.a before the run. Many say 0: "it cannot learn noise". Afterwards ask what *training accuracy 100 %* tells about a network: nothing, by itself. Keep the sentence on the board.
// **Usual error:** "random labels, so it must be at 10 % in training, too".

// %% [markdown] {"id": "microscope-text"}
// ### Where is it remembered?
// All three networks started from the same weights. How far did each layer's weights travel, measured in lengths of where they began?

// %% {"id": "microscope"}
show(
  plot.depthProfile(
    [
      { name: "true labels", role: "residual", runs: right.map(({ moved }) => moved) },
      { name: "random labels", role: "plain", runs: dice.map(({ moved }) => moved) },
      { name: "names exchanged", role: "batchNorm", runs: renamed.map(({ moved }) => moved) },
    ],
    {
      y: "distance moved / length at the start",
      title: "How far does each layer travel to learn labels, and to learn noise? (3 seeds)",
    },
  ),
);
const travel = (runs: readonly Memory[]) => runs.map(({ moved }) => math.mean(moved));
const further = (runs: readonly Memory[]) =>
  travel(runs).map((far, seed) => 100 * (far / travel(right)[seed] - 1));
await claim("05.memory-costs", {
  says: "Learning by heart moves the weights much further than learning digits.",
  values: further(dice),
  unit: "% further",
  atLeast: 20,
  control: () => further(renamed), // a rule under other names
});

// %% [markdown] {"id": "microscope-finding"}
// On average over the layers, learning by heart takes the weights much further from where they began. The rule that true labels follow is close to the random start; a list of exceptions is not.
// This says nothing about *which* layer holds which digit. It does say that two networks with the same training accuracy can have come by very different ways.

// %% [markdown] {"id": "ex-1-text", "tags": ["exercise"], "exercise": {"id": "05.1", "kind": "interpret", "difficulty": 2, "minutes": 3}}
// ### Exercise 05.1 · What was shown
// *Difficulty 2 of 5, 3 minutes.* The same network, the same optimiser and the same pictures gave a small gap with true labels and a huge one with random labels. What follows?
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
// *10 minutes.*
//
// "Deep networks overfit, above all with little data." To see whether that is so, vary both: depth 2, 4, 8 and 12, at a width of 128; from 50 to 2000 digits; five starts, each with digits of its own; 300 steps each, enough to learn nearly every example by heart.
// These 120 runs take minutes. They were run beforehand and kept: a **record**. You run 20 of them here and lay them over it, as rings.
//
// With 50 digits, by how many points of test accuracy is depth 2 ahead of depth 12?

// %% {"id": "predict-b", "tags": ["predict"]}
predict("05.b", null, { claim: "05.depth-costs-when-few", unit: "points" });

// %% {"id": "depth-specs"}
type Result = train.ExperimentResult;
const record = await train.readRecord("05-gap");
const spec = (depth: number, count: number, seed: number): train.ExperimentSpec => ({
  data: { kind: "mnist", train: count, test: chapter.pick({ normal: 1000, smoke: 100 }) },
  model: { kind: "mlp", depth, width: 128, activation: "relu", init: "heNormal" },
  train: { steps: chapter.pick({ normal: 300, smoke: 5 }), batchSize: 50, optimizer: adam },
  seed,
});
const depthSpecs = starts.flatMap((seed) =>
  [50, 500].flatMap((count) => [2, 12].map((depth) => spec(depth, count, seed))),
);

// %% {"id": "depth-figure"}
const depthOf = ({ spec: { model } }: Result) => ("depth" in model ? model.depth : NaN);
const countOf = ({ spec: { data } }: Result) => data.train!;
const gapOf = ({ accuracy: { train, test } }: Result) => 100 * (train - test);
const testOf = ({ accuracy: { test } }: Result) => 100 * test;
const ofDepth = (results: readonly Result[], depth: number) =>
  results.filter((result) => depthOf(result) === depth);
function depthPanel(here: readonly Result[], y: string, value: (result: Result) => number) {
  const lines = [2, 4, 8, 12].map((depth) => ({
    ...{ name: `depth ${depth}`, depth },
    ...train.across(ofDepth(record.results, depth), countOf, value),
  }));
  const rings = [2, 12].map((depth) => ({
    ...{ name: `depth ${depth}, run here`, depth, points: true },
    ...train.across(ofDepth(here, depth), countOf, value),
  }));
  return plot.curves([...lines, ...rings.filter(({ runs }) => runs.length > 0)], {
    ...{ title: y, x: "training digits", y, logX: true },
  });
}
const depthFigure = (here: readonly Result[]) =>
  plot.linked(
    depthPanel(here, "training minus test (points)", gapOf),
    depthPanel(here, "test accuracy (%)", testOf),
    { title: "How wide is the gap, and what is missing? (lines: record, 5 seeds; rings: run here)" },
  );

// %% {"id": "depths"}
const here = await lesson.watch(depthSpecs, depthFigure);

// %% {"id": "claim-depth"}
const scored = (results: readonly Result[], depth: number, count: number, part: "train" | "test") =>
  ofDepth(results, depth)
    .filter((result) => countOf(result) === count)
    .map(({ accuracy }) => 100 * accuracy[part]);
const ahead = (results: readonly Result[], count: number) =>
  scored(results, 2, count, "test").map(
    (score, seed) => score - scored(results, 12, count, "test")[seed],
  );
const comparison = (results: readonly Result[], counts: readonly number[]) =>
  counts.map((count) => ({
    digits: count,
    "training, depth 2": scored(results, 2, count, "train"),
    "training, depth 12": scored(results, 12, count, "train"),
    "test, depth 2": scored(results, 2, count, "test"),
    "test, depth 12": scored(results, 12, count, "test"),
    "depth 2 ahead by": ahead(results, count),
  }));
table(comparison(here, [50, 500]), { caption: "Run here, %" });
await claim("05.depth-costs-when-few", {
  says: "With 50 digits, depth 12 tests worse than depth 2.",
  values: ahead(here, 50),
  unit: "points",
  atLeast: 4,
  control: () => ahead(here, 500), // the same depths with ten times the digits
});

// %% [markdown] {"id": "record-text"}
// Do the runs here give what the record says? The same specification gives the same numbers on every machine, so it must be *equal*, not similar. The second table has the record's numbers for all counts of digits.

// %% {"id": "record-check"}
const known = ({ spec, loss }: Result) =>
  record.results.some(
    (one) =>
      one.loss.test === loss.test &&
      one.spec.seed === spec.seed &&
      depthOf(one) === depthOf({ ...one, spec }) &&
      countOf(one) === countOf({ ...one, spec }),
  );
table([
  { "in the record": record.results.length, "run here": here.length, equal: here.filter(known).length },
]);
table(comparison(record.results, [50, 100, 200, 500, 1000, 2000]), { caption: "From the record, %" });

// %% [markdown] {"id": "depth-finding"}
// With 50 digits the gap is clearly wider for the deep networks, and the wider the deeper. With more digits the lines of the gap come together. But there are two ways to a small gap: with 2000 digits depth 12 knows no more than 97 % of its *training* digits.
// So look at the test. Depth 12 costs 12 points with 50 and with 100 digits, 7 with 200, and two to three from 500 on; with 2000 digits these are still beyond doubt. Depth costs most when examples are few. The sentence "deep networks overfit" leaves out that half, and it leaves out more, as you will see now.

// %% [markdown] {"id": "predict-d-text"}
// ### Another kind of depth
// A convolutional network slides small filters over its input (chapter 02). Here 1000 signals of 40 numbers each (MNIST-1D: ten shapes, shifted, stretched and noisy) are read by fully connected and by convolutional networks of depth 3, 5 and 9, all with batch normalisation and skip connections, for 400 steps.
//
// By how many points of test accuracy does the convolutional network gain when it grows from depth 3 to depth 9? A negative number says that it loses.

// %% {"id": "predict-d", "tags": ["predict"]}
predict("05.d", null, { claim: "05.depth-can-pay", unit: "points" });

// %% {"id": "kinds"}
const kinds = {
  "fully connected": {
    kind: "mlp",
    width: 128,
    activation: "relu",
    init: "heNormal",
    norm: "batch",
    skip: true,
  },
  convolutional: {
    kind: "convNet",
    channels: 24,
    kernelSize: 5,
    strides: [2, 2],
    norm: "batch",
    skip: true,
  },
} as const;
const layers = [3, 5, 9];
const signals = chapter.pick({ normal: 1000, smoke: 50 });
const kindSpecs = starts.flatMap((seed) =>
  layers.flatMap((depth) =>
    Object.values(kinds).map((net): train.ExperimentSpec => ({
      data: { kind: "mnist1d", train: signals, test: signals },
      model: { ...net, depth },
      train: {
        steps: chapter.pick({ normal: 400, smoke: 4 }),
        batchSize: 50,
        optimizer: adam,
      },
      seed,
    })),
  ),
);

// %% {"id": "kinds-run"}
const isConvolutional = ({ spec: { model } }: Result) => model.kind === "convNet";
const ofKind = (results: readonly Result[], name: string) =>
  results.filter((result) => isConvolutional(result) === (name === "convolutional"));
const panel = (results: readonly Result[], y: string, value: (result: Result) => number) =>
  plot.curves(
    Object.keys(kinds)
      .map((name) => ({
        ...{ name, role: name === "convolutional" ? ("residual" as const) : ("plain" as const) },
        ...train.across(ofKind(results, name), depthOf, value),
      }))
      .filter(({ runs }) => runs.length > 0),
    { title: y, x: "depth (weight layers)", y },
  );
const trained = await lesson.watch(kindSpecs, (results) =>
  plot.linked(panel(results, "gap (points)", gapOf), panel(results, "test accuracy (%)", testOf), {
    title: "Does a wider gap mean a worse network? (MNIST-1D, 1000 signals, 5 seeds)",
  }),
);

// %% {"id": "claim-kinds"}
const byDepth = (name: string, value: (result: Result) => number) =>
  layers.map((depth) => ofDepth(ofKind(trained, name), depth).map(value));
const gain = (name: string) => {
  const [shallow, , deep] = byDepth(name, testOf);
  return deep.map((score, seed) => score - shallow[seed]);
};
table(
  Object.keys(kinds).map((name) => ({
    network: name,
    "gap, depth 3": byDepth(name, gapOf)[0],
    "gap, depth 9": byDepth(name, gapOf)[2],
    "test, depth 3": byDepth(name, testOf)[0],
    "test, depth 9": byDepth(name, testOf)[2],
  })),
);
await claim("05.depth-can-pay", {
  says: "A convolutional network of depth 9 tests better than one of depth 3, on the same 1000 signals.",
  values: gain("convolutional"),
  unit: "points",
  atLeast: 6,
  control: () => gain("fully connected"),
});

// %% [markdown] {"id": "kinds-finding"}
// The convolutional network's gap grows with depth, and its test accuracy grows, too: training accuracy rises more than test accuracy, but both rise (the test accuracy all the way from depth 3 to 5, and no further to 9). A wider gap alone is no harm; judge a network by its test accuracy.
// In the fully connected network depth widens the gap and brings nothing. What the layers *are* decides whether more of them help: a deeper convolution sees a wider stretch of the signal, and uses the same filter everywhere.

// %% [markdown] {"id": "ex-2-text", "tags": ["exercise"], "exercise": {"id": "05.2", "kind": "implement", "difficulty": 2, "minutes": 4}}
// ## Four remedies
// *23 minutes.*
//
// **Dropout** sets each unit's output to 0 with probability `rate` in a training step. **Weight decay** takes a small part of each weight away at every step. **Augmentation** trains on changed copies: here, digits shifted by a few pixels. **Early stopping** keeps the weights that were best on validation examples.
//
// ### Exercise 05.2 · Dropout
// *Difficulty 2 of 5, 4 minutes.* Write `dropped(outputs, chances, rate)`: unit $i$ is dropped if `chances[i]` is below `rate`; those that stay are divided by $1 - \text{rate}$, so that the expected sum stays the same.
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
// Now a fair comparison. Each remedy may try three strengths, and so may the network without a remedy (three learning rates). The one that is best on 500 validation digits, whose labels are true, is judged on the test digits. 300 training digits, a network of depth 3 (two hidden layers of 64 units), 300 steps, five starts; once with true training labels, once with 40 % of them drawn by dice.
//
// With true labels: how many points of test accuracy does dropout bring over the network without it, and how many does shifting bring? Guess the second.

// %% {"id": "predict-c", "tags": ["predict"]}
predict("05.c", null, { claim: "05.shifting-helps", unit: "points" });

// %% {"id": "remedies"}
interface Remedy {
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly dropout?: number;
  readonly by?: number; // pixels
  readonly patience?: number; // looks, one every 10 steps
}
const remedies: Record<string, readonly Remedy[]> = {
  none: [{ learningRate: 0.001 }, { learningRate: 0.002 }, { learningRate: 0.004 }],
  "weight decay": [{ weightDecay: 0.3 }, { weightDecay: 1 }, { weightDecay: 3 }],
  dropout: [{ dropout: 0.2 }, { dropout: 0.4 }, { dropout: 0.6 }],
  "early stopping": [{ patience: 1 }, { patience: 3 }, { patience: 9 }],
  shifting: [{ by: 1 }, { by: 2 }, { by: 3 }],
};
const size = chapter.pick({
  normal: { train: 300, validation: 500, test: 2000 },
  smoke: { train: 50, validation: 50, test: 50 },
});
function treated(remedy: Remedy, labelNoise: number, seed: number): train.ExperimentSpec {
  const { learningRate = 0.002, weightDecay = 0, dropout = 0, by = 0, patience } = remedy;
  const stopping = patience === undefined ? {} : { earlyStopping: { patience }, every: 10 };
  return {
    data: { kind: "mnist", ...size, labelNoise },
    model: { kind: "mlp", depth: 3, width: 64, activation: "relu", init: "heNormal", dropout },
    train: {
      steps: chapter.pick({ normal: 300, smoke: 10 }),
      batchSize: 50,
      optimizer: { kind: "adamw", learningRate, weightDecay },
      augment: { kind: "shift", by },
      ...stopping,
    },
    seed,
  };
}

// %% {"id": "compare"}
const most = chapter.pick({ normal: 3, smoke: 1 });
const tries = starts.flatMap((seed) =>
  [0, 0.4].flatMap((noise) =>
    Object.values(remedies).flatMap((strengths) =>
      strengths.slice(0, most).map((strength) => treated(strength, noise, seed)),
    ),
  ),
);
function remedyOf({ spec: { model, train } }: Result): string {
  if (train.augment!.by > 0) return "shifting";
  if (train.earlyStopping !== undefined) return "early stopping";
  if ("dropout" in model && model.dropout! > 0) return "dropout";
  return "weightDecay" in train.optimizer && train.optimizer.weightDecay! > 0 ? "weight decay" : "none";
}
/** Test accuracies of a remedy, by seed: of the strength that is best on validation digits, once all were tried. */
const scores = (results: readonly Result[], remedy: string, noise: number) =>
  starts.map((seed) => {
    const own = results.filter(
      (result) =>
        result.spec.seed === seed &&
        result.spec.data.labelNoise === noise &&
        remedyOf(result) === remedy,
    );
    if (own.length < most) return NaN;
    return testOf(own.reduce((a, b) => (b.accuracy.validation! > a.accuracy.validation! ? b : a)));
  });
const gained = (results: readonly Result[], remedy: string, noise: number) => {
  const none = scores(results, "none", noise);
  return scores(results, remedy, noise).map((score, seed) => score - none[seed]);
};

// %% {"id": "compare-figure"}
const names = Object.keys(remedies).slice(1);
function gains(results: readonly Result[]) {
  const of = (noise: number) =>
    names.map((name) => gained(results, name, noise).filter((points) => !Number.isNaN(points)));
  const bars = [
    { name: "true labels", role: "residual" as const, values: of(0) },
    { name: "40 % by dice", role: "plain" as const, values: of(0.4) },
  ].filter(({ values }) => values.every((seeds) => seeds.length > 0));
  if (bars.length === 0) return undefined;
  return plot.bars(bars, {
    title: "What does each remedy bring, when all may try three strengths? (300 digits, 5 seeds)",
    x: "remedy",
    y: "test accuracy gained over none (points)",
    groups: names,
  });
}
const judged = await lesson.watch(tries, gains);
table(
  Object.keys(remedies).map((remedy) => ({
    remedy: remedy,
    "true labels": scores(judged, remedy, 0),
    gained: gained(judged, remedy, 0),
    "40 % by dice": scores(judged, remedy, 0.4),
    "gained there": gained(judged, remedy, 0.4),
  })),
);

// %% {"id": "claim-shifting"}
await claim("05.shifting-helps", {
  says: "With true labels, training on shifted digits brings points of test accuracy.",
  values: gained(judged, "shifting", 0),
  unit: "points",
  atLeast: 1.3,
  control: () => gained(judged, "dropout", 0),
});

// %% [markdown] {"id": "compare-finding"}
// With true labels, shifted digits bring points: they tell the network something about digits that it could not see in so few. Weight decay and dropout had as many tries and bring about one point, if any: see how far their intervals reach. Early stopping even costs a little.
// With noise in the labels the picture changes. Everything that keeps the network from learning by heart helps, early stopping, too. So no remedy is "crucial"; which one helps depends on what is wrong.

// %% [markdown] {"id": "ex-3-text", "tags": ["exercise"], "exercise": {"id": "05.3", "kind": "implement", "difficulty": 3, "minutes": 7}}
// ### Exercise 05.3 · Early stopping
// *Difficulty 3 of 5, 7 minutes.* Write `keep(losses, patience)`. `losses` are validation losses, one after each look. Training ends when `patience` looks in a row were no better than the best so far. Return the number of the look, counted from 0, whose weights are kept: the best of those that were seen.
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
// The network finds the rule first and the noise later. 500 digits, with true labels and with 40 % of them by dice; look every ten steps. Point at a step to read both panels there:

// %% {"id": "stop"}
const watching = (labelNoise: number, seed: number): train.ExperimentSpec => ({
  data: { kind: "mnist", train: 500, test: chapter.pick({ normal: 1000, smoke: 50 }), labelNoise },
  model: { kind: "mlp", depth: 3, width: 128, activation: "relu", init: "heNormal" },
  train: {
    steps: chapter.pick({ normal: 200, smoke: 20 }),
    batchSize: 50,
    optimizer: adam,
    every: chapter.pick({ normal: 10, smoke: 1 }),
  },
  seed: seed,
});
const withNoise = (results: readonly Result[], noise: number) =>
  results.filter(({ spec }) => spec.data.labelNoise === noise);
const accuracies = ({ scores }: Result) => scores.map(({ accuracy }) => 100 * accuracy);
const lossCurve = ({ curve }: Result) => curve.map(({ loss }) => loss);

// %% {"id": "stop-figure"}
const look = (results: readonly Result[], y: string, pick: (result: Result) => number[]) => {
  const x = results[0].curve.map(({ step }) => step);
  const lines = [
    { name: "true labels", role: "residual" as const, x, runs: withNoise(results, 0).map(pick) },
    { name: "40 % by dice", role: "plain" as const, x, runs: withNoise(results, 0.4).map(pick) },
  ];
  return plot.curves(
    lines.filter(({ runs }) => runs.length > 0),
    { title: y, x: "step", y },
  );
};
const watched = await lesson.watch(
  starts.flatMap((seed) => [watching(0, seed), watching(0.4, seed)]),
  (results) =>
    plot.linked(
      look(results, "training loss (nats)", lossCurve),
      look(results, "test accuracy (%)", accuracies),
      { title: "What does the test do while the training loss falls? (500 digits, 5 seeds)" },
    ),
);
const [calm, wild] = [0, 0.4].map((noise) => withNoise(watched, noise));

// %% {"id": "claim-stop"}
const given = (runs: readonly Result[]) =>
  runs.map(accuracies).map((curve) => Math.max(...curve) - curve.at(-1)!);
const ends = (labels: string, runs: readonly Result[]) => ({
  labels,
  best: runs.map((run) => Math.max(...accuracies(run))),
  "at the end": runs.map((run) => accuracies(run).at(-1)!),
});
table([ends("true", calm), ends("40 % by dice", wild)], {
  units: { best: "%", "at the end": "%" },
});
await claim("05.noise-comes-last", {
  says: "With noise in the labels, the network is better early than at the end.",
  values: given(wild),
  unit: "points",
  atLeast: 1.5,
  control: () => given(calm),
});

// %% [markdown] {"id": "stop-finding"}
// While the training loss goes on falling, the test accuracy with noisy labels passes a maximum and drops: what the examples share is learnt first, the dice last. With true labels there is nothing to wait for, and nothing to lose.
// The best step was picked with the test digits in view, which flatters it; the control is flattered in the same way and gains next to nothing.

// %% [markdown] {"id": "ex-4-text", "tags": ["exercise"], "exercise": {"id": "05.4", "kind": "design", "difficulty": 3, "minutes": 5}}
// ### Exercise 05.4 · Your own remedy
// *Difficulty 3 of 5, 5 minutes.* 300 digits, 40 % of the labels by dice, a network of depth 3 (two hidden layers of 128 units, Adam at 0.001), and at most 300 steps. Choose the steps, the dropout rate and the shift (in pixels) so that the test accuracy rises by at least 4 points over the network that trains 300 steps without a remedy, beyond doubt over five starts that you have not seen.

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
// ## Just enough parameters
// *13 minutes.*
//
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
const testError = (width: number, noise: number, penalty: number, seed: number) =>
  tf.tidy(() => {
    const known = some(200, seed, noise);
    const random = math.rng(seed).child("features");
    const first = tf.tensor2d(
      Float32Array.from({ length: 784 * width }, () => random.normal(0, 1 / 28)),
      [784, width],
    );
    const features = ({ x, count }: data.Examples) => tf.tensor2d(x, [count, 784]).matMul(first).relu();
    const targets = new Float64Array(2000);
    known.labels.forEach((label, index) => (targets[10 * index + label] = 1));
    const options = { features: width, targets: 10, penalty };
    const fit = math.ridge(features(known).dataSync(), targets, options);
    const weights = tf.tensor2d(Float32Array.from(fit.weights), [width, 10]);
    const intercept = tf.tensor1d(Float32Array.from(fit.intercept));
    const answers = features(testFew).matMul(weights).add(intercept).argMax(1).dataSync();
    const wrong = answers.filter((answer, index) => answer !== testFew.labels[index]);
    return (100 * wrong.length) / testFew.count;
  });

// %% {"id": "descent-figure"}
const peaked: number[][] = [];
const quiet: number[][] = [];
const flat: number[][] = [];
const descending = lesson.live(() =>
  plot.curves(
    [
      { name: "15 % by dice", role: "plain" as const, x: widths, runs: peaked },
      { name: "true labels", role: "residual" as const, x: widths, runs: quiet },
      { name: "15 % by dice, ridge", role: "batchNorm" as const, x: widths, runs: flat },
    ].filter(({ runs }) => runs.length > 0),
    {
      title: "Which width is the worst for 200 digits? (random ReLU features, 3 seeds)",
      x: "features P",
      y: "test error (%)",
      logX: true,
    },
  ),
);
await chapter.seeds(
  3,
  async (seed) => {
    peaked.push(widths.map((width) => testError(width, 0.15, 1e-6, seed)));
    quiet.push(widths.map((width) => testError(width, 0, 1e-6, seed)));
    flat.push(widths.map((width) => testError(width, 0.15, 1, seed)));
    descending.update();
  },
  "widths",
);
descending.end();

// %% {"id": "claim-peak"}
const at = (runs: readonly number[][], width: number) => runs.map((run) => run[widths.indexOf(width)]);
const last = widths[widths.length - 1];
table([
  { fit: "15 % by dice", "P = 200": at(peaked, 200), widest: at(peaked, last) },
  { fit: "true labels", "P = 200": at(quiet, 200), widest: at(quiet, last) },
  { fit: "15 % by dice, ridge", "P = 200": at(flat, 200), widest: at(flat, last) },
]);
await claim("05.peak", {
  says: "With as many features as examples the test error peaks; with more it falls again.",
  values: at(peaked, 200).map((error, seed) => error - at(peaked, last)[seed]),
  unit: "points",
  atLeast: 20,
  control: () => at(flat, 200).map((error, seed) => error - at(flat, last)[seed]), // weights kept small
});

// %% [markdown] {"id": "descent-finding"}
// The worst width is the one with exactly as many features as digits, with noise and without. Beyond it the error falls again, below that of most smaller widths: the second descent. A little ridge penalty takes the peak away.
// Too many parameters were never the trouble. *Just enough* was.

// %% [markdown] {"id": "widths-text"}
// ### And networks that are trained whole?
// The second record: one hidden layer of 4 to 400 units, all weights trained, on 2000 signals of MNIST-1D with 20 % of the labels by dice, for 6000 steps. Move the slider through the training. The rings are ten runs that you make here, with 16 and with 64 units.

// %% {"id": "widths"}
const wide = await train.readRecord("05-widths");
const widthOf = ({ spec: { model } }: Result) => ("width" in model ? model.width : NaN);
const widthSpecs = starts.flatMap((seed) =>
  [16, 64].map((width): train.ExperimentSpec => ({
    data: { kind: "mnist1d", train: 2000, labelNoise: 0.2 },
    model: { kind: "mlp", depth: 2, width, activation: "relu", init: "heNormal" },
    train: {
      steps: chapter.pick({ normal: 6000, smoke: 10 }),
      batchSize: 100,
      optimizer: { kind: "adam", learningRate: 0.003 },
      every: chapter.pick({ normal: 600, smoke: 5 }),
    },
    seed,
  })),
);
const errorAt = (place: number) => (result: Result) => 100 * (1 - result.scores[place].accuracy);
const hidden = { x: "hidden units", y: "test error (%)", logX: true };
/** The record after its look number `place`, and rings: what was run here, if it has looked then, too. */
const lookAt = (own: readonly Result[], place: number) => {
  const { step } = wide.results[0].scores[place];
  const rings = own.filter(({ scores }) => scores[place]?.step === step);
  const lines = [
    { name: "record", role: "plain" as const, ...train.across(wide.results, widthOf, errorAt(place)) },
    {
      ...{ name: "run here", role: "residual" as const, points: true },
      ...train.across(rings, widthOf, errorAt(place)),
    },
  ].filter(({ runs }) => runs.length > 0);
  return plot.curves(lines, { ...hidden, title: `Which width is the worst after ${step} steps?` });
};
const long = await lesson.watch(widthSpecs, (results) => lookAt(results, 9));

// %% {"id": "widths-figure"}
show(
  plot.frames(
    wide.results[0].scores.map(({ step }, place) => ({
      label: `${step}`,
      figure: lookAt(long, place),
    })),
    {
      title: "Which width is the worst, after how many steps? (MNIST-1D, 20 % by dice, 5 seeds)",
      slider: "step",
      start: "6000",
    },
  ),
);

// %% {"id": "claim-widths"}
const ofWidth = (results: readonly Result[], width: number) =>
  results.filter((result) => widthOf(result) === width);
table(
  [16, 32, 64, 112, 400].map((width) => ({
    units: width,
    "training accuracy": ofWidth(wide.results, width).map(({ accuracy }) => 100 * accuracy.train),
    "error, step 600": ofWidth(wide.results, width).map(errorAt(0)),
    "error, step 1800": ofWidth(wide.results, width).map(errorAt(2)),
    "error, step 6000": ofWidth(wide.results, width).map(errorAt(9)),
  })),
  { caption: "From the record, %" },
);
const worse = (place: number) =>
  ofWidth(long, 64).map(
    (result, seed) => errorAt(place)(result) - errorAt(place)(ofWidth(long, 16)[seed]),
  );
await claim("05.noise-makes-a-peak", {
  says: "Trained for long on noisy labels, 64 units test worse than 16.",
  values: worse(long[0].scores.length - 1),
  unit: "points",
  atLeast: 3,
  control: () => worse(0), // the same networks early in training
});

// %% [markdown] {"id": "widths-finding"}
// Early on, wider is better, up to a point. As training goes on, a hill grows. Its top stands at 64 units, a little below the width that learns all signals by heart, noise included (112); networks much wider climb down from it again: the second descent, in networks that are trained whole, and much flatter than with random features.
// Over the steps, the error falls with 16 units, falls and then rises with 32, and rises from the first look on with 64 and more. Nowhere did it clearly come down again within these 6000 steps. So double descent over width is here, double descent over steps is not.

// %% [markdown] {"id": "ex-5-text", "tags": ["exercise"], "exercise": {"id": "05.5", "kind": "debug", "difficulty": 3, "minutes": 5}}
// ### Exercise 05.5 · Too good
// *Difficulty 3 of 5, 5 minutes.* A colleague makes three copies of each of 100 digits, shifted by a pixel at most, then cuts the 300 pictures into 200 to train and 100 to validate. To see what that does, give him labels by dice: nothing can be learnt from those, and an honest validation has to say so.

// %% {"id": "leak"}
/** The digits, shifted, and after them all of them again, shifted otherwise. */
function copied(few: data.Examples, times: number, seed: number): data.Examples {
  const x = new Float32Array(times * few.x.length);
  const labels = new Int32Array(times * few.count);
  for (let copy = 0; copy < times; copy++) {
    const random = math.rng(seed).child(`copy ${copy}`);
    x.set(data.shift(few.x, { shape: few.shape, by: 1, random }), copy * few.x.length);
    labels.set(few.labels, copy * few.count);
  }
  return data.examples({ x, labels, shape: few.shape, classes: few.classes });
}
async function flattery(cutFirst: boolean, seed: number) {
  const few = some(100, seed, 1); // all labels by dice
  const [own, held] = data.split(few, [67, 33]);
  const copies = data.split(copied(few, 3, seed), [200, 100]);
  const [training, validation] = cutFirst ? [copied(own, 3, seed), held] : copies;
  const model = nn.mlp({ depth: 3, width: 128, activation: "relu", init: "heNormal", seed });
  const steps = chapter.pick({ normal: 200, smoke: 10 });
  const history = await train.fit(model, training, { steps, batchSize: 50, optimizer: adam, seed });
  return {
    curve: byTen(history.accuracy),
    validation: await accuracy(model, validation),
    fresh: await accuracy(model, test),
  };
}

// %% {"id": "leak-run"}
type Flattery = Awaited<ReturnType<typeof flattery>>;
const [flattered, honest]: Flattery[][] = [[], []];
const lineOf = (name: string, role: plot.Role, runs: readonly Flattery[]) => ({
  ...{ name, role, runs: runs.map(({ curve }) => curve) },
  x: Array.from(runs[0]?.curve ?? [], (_, block) => 10 * (block + 1)),
});
const leaking = lesson.live(() =>
  plot.curves(
    [
      lineOf("copied, then cut", "plain", flattered),
      lineOf("cut, then copied", "residual", honest),
    ].filter(({ runs }) => runs.length > 0),
    {
      title: "Are both learnt by heart? (200 copies of digits with labels by dice, 5 seeds)",
      ...{ x: "step", y: "training accuracy, mean of 10 steps (%)" },
    },
  ),
);
await chapter.seeds(5, async (seed) => {
  flattered.push(await flattery(false, seed));
  honest.push(await flattery(true, seed));
  leaking.update();
});
leaking.end();

// %% {"id": "claim-leak"}
const rowOf = (order: string, runs: readonly Flattery[]) => ({
  order: order,
  "validation (%)": runs.map(({ validation }) => validation),
  "new digits (%)": runs.map(({ fresh }) => fresh),
});
table([rowOf("copied, then cut", flattered), rowOf("cut, then copied", honest)]);
await claim("05.copies-leak", {
  says: "With copies of one digit on both sides, validation promises what new digits do not keep.",
  values: flattered.map(({ validation, fresh }) => validation - fresh),
  unit: "points",
  atLeast: 17,
  control: () => honest.map(({ validation, fresh }) => validation - fresh), // cut before copying
});

// %% [markdown] {"id": "ex-5-more"}
// Copies of one digit stand on both sides, and a network that knows one by heart knows its sisters. (With shifts of up to two pixels instead of one and true labels, we could not measure any flattery at all: a leak need not show.)
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
// **Teacher · last ten minutes.** Ask who would have bought dropout without a measurement, and why everybody does. **Board:** two axes, training accuracy and test accuracy; let the class place each network of the chapter, and draw the gap as the distance from the diagonal. **If time is short** skip *Just enough parameters*, or show its slider alone. **Usual errors:** tuning on the test set; comparing a tuned remedy with an untuned baseline; reading 100 % training accuracy as harm.

// %% [markdown] {"id": "claims-text"}
// ## What was claimed, and what you measured

// %% {"id": "claims"}
chapter.claims();

// %% [markdown] {"id": "recall-text"}
// ## What stays
// *3 minutes.* Answer in your own words before you open an answer.

// %% {"id": "recall"}
lesson.recall("05");

// %% [markdown] {"id": "references"}
// ## Simplified here, and where to read on
// - Small data sets, small networks, three or five starts. What dropout brings depends on the data and on the size of the network: here it was judged where data are few.
// - Validation sets are larger here than the training sets, so that the choice of a strength is not itself a matter of luck. With few examples you would not have them.
// - The sharp peak is shown with a first layer that is never trained; networks trained whole have it with noise in the labels, and after long training. Without noise it was not looked for.
//
// Srivastava and others 2014, *Dropout*, JMLR 15 · Zhang and others 2017, arXiv:1611.03530 (random labels) · Arpit and others 2017, arXiv:1706.05394 (rules first, noise later) · Loshchilov and Hutter 2019, arXiv:1711.05101 (decoupled weight decay) · Belkin and others 2019, arXiv:1812.11118 · Nakkiran and others 2020, arXiv:1912.02292 (double descent)
