// %% [markdown] {"id": "title"}
// # 05 · Overfitting
// *A network can learn its examples by heart. When does it, does depth make it worse, and which of the usual remedies help?*
//
// **You will**
// - watch a network learn random labels perfectly, and see what that costs it, layer by layer;
// - measure how the gap between training and test depends on depth and on the number of examples, and find a network that depth helps all the same;
// - compare weight decay, dropout, augmentation and early stopping at the same effort, also where they do nothing;
// - meet the peak at which a model has just enough parameters, and the second descent behind it.
//
// **Needs** chapter 00, what a validation set is. **Time** 60 minutes: by heart 12, depth 14, remedies 20, the peak 10, the rest 4; about two of them computing.

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
  noise: number,
  seed: number,
  draw: (curve: readonly number[]) => void,
): Promise<Memory> {
  const examples = some(500, seed, noise);
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
// "Deep networks overfit, above all with little data." Width 128, depth 2 to 12; from 50 to 2000 digits; five starts, each with digits of its own; 300 steps each, enough to learn nearly every example by heart.
// These 120 runs take minutes. They were run beforehand and kept: a **record**. You run 20 of them here and lay them over it.
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
const depthSpecs = [2, 12].flatMap((depth) =>
  [50, 500].flatMap((count) => starts.map((seed) => spec(depth, count, seed))),
);

// %% {"id": "depth-figure"}
const depthOf = ({ spec: { model } }: Result) => ("depth" in model ? model.depth : NaN);
const countOf = ({ spec: { data } }: Result) => data.train!;
const gapOf = ({ accuracy: { train, test } }: Result) => 100 * (train - test);
const bySeed = <T>(results: readonly Result[], value: (result: Result) => T) =>
  [...new Set(results.map(({ spec }) => spec.seed))].map((seed) =>
    results.filter(({ spec }) => spec.seed === seed).map(value),
  );
function gapFigure(here: readonly Result[]) {
  const lines = [2, 4, 8, 12].map((depth) => {
    const own = record.results.filter((result) => depthOf(result) === depth);
    const x = [...new Set(own.map(countOf))];
    return { name: `depth ${depth}`, depth, x, runs: bySeed(own, gapOf) };
  });
  const rings = [2, 12].flatMap((depth) => {
    const own = here.filter((result) => depthOf(result) === depth);
    const look = { name: `depth ${depth}, run here`, depth, points: true };
    return own.length === 0 ? [] : [{ ...look, x: own.map(countOf), runs: [own.map(gapOf)] }];
  });
  return plot.curves([...lines, ...rings], {
    title: "How wide is the gap? (lines: record, 5 seeds; rings: run here)",
    x: "training digits",
    y: "training minus test accuracy (points)",
    logX: true,
  });
}

// %% {"id": "depths"}
let arrived: readonly Result[] = [];
const growingGap = lesson.live(() => gapFigure(arrived));
const onResult = (result: Result) => {
  arrived = [...arrived, result];
  growingGap.update();
};
const here = await train.sweep(depthSpecs, { onResult });
arrived = here;
growingGap.end();

// %% {"id": "claim-depth"}
const scored = (depth: number, count: number, part: "train" | "test") =>
  here
    .filter((result) => depthOf(result) === depth && countOf(result) === count)
    .map(({ accuracy }) => 100 * accuracy[part]);
const ahead = (count: number) =>
  scored(2, count, "test").map((score, seed) => score - scored(12, count, "test")[seed]);
table(
  [50, 500].map((count) => ({
    digits: count,
    "training, depth 2": scored(2, count, "train"),
    "training, depth 12": scored(12, count, "train"),
    "test, depth 2": scored(2, count, "test"),
    "test, depth 12": scored(12, count, "test"),
    "depth 2 ahead by": ahead(count),
  })),
);
await claim("05.depth-costs-when-few", {
  says: "With 50 digits, depth 12 tests worse than depth 2.",
  values: ahead(50),
  unit: "points",
  atLeast: 4,
  control: () => ahead(500), // the same depths with ten times the digits
});

// %% [markdown] {"id": "record-text"}
// Do the runs here give what the record says? The same specification gives the same numbers on every machine, so it must be *equal*, not similar:

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

// %% [markdown] {"id": "depth-finding"}
// Nearly every training digit is known at every depth, so the gap is what is missing in the test. With 50 digits it is clearly wider for the deep networks, and the wider the deeper. With more digits the lines come together.
// So depth costs when examples are few, and the cost fades with more of them. The sentence "deep networks overfit" leaves out the half that matters: how many examples there are. It leaves out more, as you will see now.

// %% [markdown] {"id": "predict-d-text"}
// ### Another kind of depth
// A convolutional network slides small filters over its input (chapter 02). Here 1000 signals of 40 numbers each (MNIST-1D: ten shapes, shifted, stretched and noisy) are read by fully connected and by convolutional networks of depth 3, 5 and 9, for 400 steps.
//
// By how many points of test accuracy does the convolutional network gain when it grows from depth 3 to depth 9? A negative number says that it loses.

// %% {"id": "predict-d", "tags": ["predict"]}
predict("05.d", null, { claim: "05.depth-can-pay", unit: "points" });

// %% {"id": "kinds"}
const kinds = {
  "fully connected": { kind: "mlp", width: 128, activation: "relu", init: "heNormal" },
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
const kindSpecs = Object.values(kinds).flatMap((net) =>
  layers.flatMap((depth) =>
    starts.map((seed): train.ExperimentSpec => ({
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
const kindLine = lesson.progress("training", kindSpecs.length, "run");
const trained = await train.sweep(kindSpecs, { onResult: () => kindLine.advance() });

// %% {"id": "kinds-figure"}
const ofKind = (name: string) =>
  trained.filter(({ spec: { model } }) => model.kind === kinds[name as keyof typeof kinds].kind);
const tested = ({ accuracy }: Result) => 100 * accuracy.test;
const panel = (y: string, value: (result: Result) => number) =>
  plot.curves(
    [
      {
        name: "fully connected",
        role: "plain",
        x: layers,
        runs: bySeed(ofKind("fully connected"), value),
      },
      {
        name: "convolutional",
        role: "residual",
        x: layers,
        runs: bySeed(ofKind("convolutional"), value),
      },
    ],
    { title: y, x: "depth (weight layers)", y },
  );
show(
  plot.linked(panel("gap (points)", gapOf), panel("test accuracy (%)", tested), {
    title: "Does a wider gap mean a worse network? (MNIST-1D, 1000 signals, 5 seeds)",
  }),
);

// %% {"id": "claim-kinds"}
const gain = (name: string) => bySeed(ofKind(name), tested).map((scores) => scores[2] - scores[0]);
table(
  Object.keys(kinds).map((name) => ({
    network: name,
    "gap, depth 3": bySeed(ofKind(name), gapOf).map((gaps) => gaps[0]),
    "gap, depth 9": bySeed(ofKind(name), gapOf).map((gaps) => gaps[2]),
    "test, depth 3": bySeed(ofKind(name), tested).map((scores) => scores[0]),
    "test, depth 9": bySeed(ofKind(name), tested).map((scores) => scores[2]),
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
// The convolutional network's gap grows with depth, and its test accuracy grows, too: training accuracy rises more than test accuracy, but both rise. A wider gap alone is no harm; judge a network by its test accuracy.
// In the fully connected network depth widens the gap and brings nothing. What the layers *are* decides whether more of them help: a deeper convolution sees a wider stretch of the signal, and uses the same filter everywhere.

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
// Now a fair comparison. Each remedy may try three strengths, and so may the network without a remedy (three learning rates). The one that is best on 500 validation digits, whose labels are true, is judged on the test digits. 300 training digits, a network of three layers of 64 units, 300 steps, five starts; once with true training labels, once with 40 % of them drawn by dice.
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
async function compared(labelNoise: number, label: string) {
  const tries = Object.entries(remedies).flatMap(([name, strengths]) =>
    starts.flatMap((seed) => strengths.slice(0, most).map((strength) => ({ name, strength, seed }))),
  );
  const line = lesson.progress(label, tries.length, "run");
  const specs = tries.map(({ strength, seed }) => treated(strength, labelNoise, seed));
  const results = await train.sweep(specs, { onResult: () => line.advance() });
  const best = (name: string, seed: number) =>
    results
      .filter((_, place) => tries[place].name === name && tries[place].seed === seed)
      .reduce((a, b) => (b.accuracy.validation! > a.accuracy.validation! ? b : a));
  return Object.fromEntries(
    Object.keys(remedies).map((name) => [
      name,
      starts.map((seed) => 100 * best(name, seed).accuracy.test),
    ]),
  );
}
const clean = await compared(0, "true labels");
const noisy = await compared(0.4, "40 % by dice");

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
      title: "What does each remedy bring, when all may try three strengths? (300 digits, 5 seeds)",
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
    gained: gained(clean, remedy),
    "40 % by dice": noisy[remedy],
    "gained there": gained(noisy, remedy),
  })),
);

// %% {"id": "claim-shifting"}
await claim("05.shifting-helps", {
  says: "With true labels, training on shifted digits brings points of test accuracy.",
  values: gained(clean, "shifting"),
  unit: "points",
  atLeast: 1.3,
  control: () => gained(clean, "dropout"),
});

// %% [markdown] {"id": "compare-finding"}
// With true labels, shifted digits bring points: they tell the network something about digits that it could not see in so few. Weight decay and dropout had as many tries and bring about one point, if any: see how far their intervals reach. Early stopping even costs a little.
// With noise in the labels the picture changes. Everything that keeps the network from learning by heart helps, early stopping, too. So no remedy is "crucial"; which one helps depends on what is wrong.

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
// The network finds the rule first and the noise later. 500 digits, with true labels and with 40 % of them by dice; look every ten steps. Point at a step to read both panels there:

// %% {"id": "stop"}
const watching = (labelNoise: number) =>
  starts.map((seed): train.ExperimentSpec => ({
    data: { kind: "mnist", train: 500, test: chapter.pick({ normal: 1000, smoke: 50 }), labelNoise },
    model: { kind: "mlp", depth: 3, width: 128, activation: "relu", init: "heNormal" },
    train: {
      steps: chapter.pick({ normal: 200, smoke: 20 }),
      batchSize: 50,
      optimizer: adam,
      every: chapter.pick({ normal: 10, smoke: 1 }),
    },
    seed,
  }));
const calm = await train.sweep(watching(0));
const wild = await train.sweep(watching(0.4));

// %% {"id": "stop-figure"}
const accuracies = ({ scores }: Result) => scores.map(({ accuracy }) => 100 * accuracy);
const look = (y: string, pick: (result: Result) => number[]) => {
  const x = calm[0].curve.map(({ step }) => step);
  return plot.curves(
    [
      { name: "true labels", role: "residual", x, runs: calm.map(pick) },
      { name: "40 % by dice", role: "plain", x, runs: wild.map(pick) },
    ],
    { title: y, x: "step", y },
  );
};
show(
  plot.linked(
    look("training loss (nats)", ({ curve }) => curve.map(({ loss }) => loss)),
    look("test accuracy (%)", accuracies),
    { title: "What does the test do while the training loss falls? (500 digits, 5 seeds)" },
  ),
);

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
// ## Just enough parameters
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
// Too many parameters were never the trouble. *Just enough* was.

// %% [markdown] {"id": "widths-text"}
// ### And networks that are trained whole?
// The second record: one hidden layer of 4 to 400 units, all weights trained, on 2000 signals of MNIST-1D with 20 % of the labels by dice, for 6000 steps. Move the slider through the training. The rings are ten runs that you make here, with 16 and with 64 units.

// %% {"id": "widths"}
const wide = await train.readRecord("05-widths");
const widthOf = ({ spec: { model } }: Result) => ("width" in model ? model.width : NaN);
const widthSpecs = [16, 64].flatMap((width) =>
  starts.map((seed): train.ExperimentSpec => ({
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
const widthLine = lesson.progress("training", widthSpecs.length, "run");
const long = await train.sweep(widthSpecs, { onResult: () => widthLine.advance() });

// %% {"id": "widths-figure"}
const errorAt = (place: number) => (result: Result) => 100 * (1 - result.scores[place].accuracy);
const options = {
  title: "Which width is the worst?",
  x: "hidden units",
  y: "test error (%)",
  logX: true,
};
const lookAt = ({ step }: { readonly step: number }, place: number) => {
  const x = [...new Set(wide.results.map(widthOf))];
  const line = {
    name: "record",
    role: "plain" as const,
    x,
    runs: bySeed(wide.results, errorAt(place)),
  };
  const own = long.filter(({ scores }) => scores[place]?.step === step);
  const rings = { name: "run here", role: "residual" as const, points: true, x: own.map(widthOf) };
  const both = own.length === 0 ? [line] : [line, { ...rings, runs: [own.map(errorAt(place))] }];
  return { label: `${step}`, figure: plot.curves(both, options) };
};
show(
  plot.frames(wide.results[0].scores.map(lookAt), {
    title: "Which width is the worst, after how many steps? (MNIST-1D, 20 % by dice, 5 seeds)",
    slider: "step",
    start: "6000",
  }),
);

// %% {"id": "claim-widths"}
const ofWidth = (results: readonly Result[], width: number) =>
  results.filter((result) => widthOf(result) === width);
table(
  [16, 64, 400].map((width) => ({
    units: width,
    "training accuracy": ofWidth(wide.results, width).map(({ accuracy }) => 100 * accuracy.train),
    "error, step 600": ofWidth(wide.results, width).map(errorAt(0)),
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
// Early on, wider is better, up to a point. As training goes on, a hill grows where the network has just enough units to learn all signals by heart, noise included; networks much wider climb down from it again: the second descent, in networks that are trained whole, and much flatter than with random features.
// At one width, over the steps, the error goes down and then up; it did not come down a second time within these 6000 steps. So double descent over width is here, double descent over steps is not.

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
// **Teacher · last ten minutes.** Ask who would have bought dropout without a measurement, and why everybody does. **Board:** two axes, training accuracy and test accuracy; let the class place each network of the chapter, and draw the gap as the distance from the diagonal. **If time is short** skip *Just enough parameters*, or show its slider alone. **Usual errors:** tuning on the test set; comparing a tuned remedy with an untuned baseline; reading 100 % training accuracy as harm.

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
// - Small data sets, small networks, three or five starts. What dropout brings depends on the data and on the size of the network: here it was judged where data are few.
// - Validation sets are larger here than the training sets, so that the choice of a strength is not itself a matter of luck. With few examples you would not have them.
// - The sharp peak is shown with a first layer that is never trained; networks trained whole have it with noise in the labels, and after long training. Without noise it was not looked for.
//
// Srivastava and others 2014, *Dropout*, JMLR 15 · Zhang and others 2017, arXiv:1611.03530 (random labels) · Arpit and others 2017, arXiv:1706.05394 (rules first, noise later) · Loshchilov and Hutter 2019, arXiv:1711.05101 (decoupled weight decay) · Belkin and others 2019, arXiv:1812.11118 · Nakkiran and others 2020, arXiv:1912.02292 (double descent)
