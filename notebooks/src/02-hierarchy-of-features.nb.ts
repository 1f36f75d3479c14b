// %% [markdown] {"id": "title"}
// # 02 · A hierarchy of features
// *Do layers really climb from strokes to shapes to whole scenes, and how would you know?*
//
// **You will**
// - ask every layer of a network what it knows, with a linear probe, and tell what training put there from what was there before;
// - see what a network does with the layers that it gets on top, when it is made deeper;
// - compare layers of different networks by CKA, and say what a high CKA does not mean;
// - look at what units like to see, and put a number beside every picture.
//
// **Needs** what a convolution is; averages and squared errors. **Time** 60 minutes with its exercises, about one of them computing.

// %% {"id": "imports"}
import { type tf, data, math, nn, probe, theory, train, plot, lesson } from "deepen";
const { show, table, predict, claim, check } = lesson;
const chapter = await lesson.begin("02-hierarchy-of-features", { seed: 2 });

// %% [markdown] {"id": "pictures-text"}
// ## Pictures with a hierarchy that we know
// *4 minutes.* You have probably read that first layers see edges, middle layers textures and parts, last layers whole objects. In photographs nobody can check that, because nobody knows all that is in a photograph.
// So here are pictures in which everything is known. Two **strokes** of equal length make a **shape**: a cross, a T or a corner. Two different shapes make an **arrangement**. Each picture gets three labels:
//
// | level | what is asked | classes |
// |---|---|---|
// | strokes | by how much are all strokes turned: 0, 30 or 60 degrees? | 3 |
// | shapes | which of the three shapes is missing? | 3 |
// | arrangement | where is the first of the two shapes (in the order cross, T, corner): left, right, above, below? | 4 |
//
// The three are drawn independently, so knowing one says nothing of the others. And each level is blind to the one below: all shapes are made of the same two strokes, all arrangements of the same shapes.

// %% {"id": "pictures"}
const all = data.shapes({ count: 3000 });
const sizes = chapter.pick({ normal: [2000, 1000], smoke: [200, 72] });
const cut = (level: data.Examples) => {
  const [learn, test] = data.split(level, [2000, 1000]);
  return { learn: learn.take(sizes[0]), test: test.take(sizes[1]) };
};
type Level = keyof data.Shapes;
const levelNames = ["strokes", "shapes", "arrangement"] as const;
const levels = {
  strokes: cut(all.strokes),
  shapes: cut(all.shapes),
  arrangement: cut(all.arrangement),
};

// %% {"id": "pictures-figure"}
const pixels = (index: number) => all.strokes.x.subarray(576 * index, 576 * (index + 1));
const labelled = (turn: number, missing: number, place: number) =>
  all.strokes.labels.findIndex(
    (label, index) =>
      label === turn && all.shapes.labels[index] === missing && all.arrangement.labels[index] === place,
  );
show(
  plot.imageGrid(
    ["left", "right", "above", "below"].map((name, place) => ({
      name,
      shape: [24, 24],
      images: [0, 1, 2].flatMap((missing) =>
        [0, 1, 2].map((turn) => pixels(labelled(turn, missing, place))),
      ),
    })),
    {
      title: "What is in these pictures? (one of each kind, 24 × 24 pixels)",
      x: "shapes (a: T and corner, b: cross and corner, c: cross and T) and their turn",
      y: "where the first shape is",
      columns: [..."abc"].flatMap((pair) => [0, 30, 60].map((turn) => `${pair} ${turn}°`)),
    },
  ),
);

// %% [markdown] {"id": "predict-a-text"}
// A network of **depth** 8 (seven layers of convolutions and the output layer; depth counts weight layers) will learn to tell the *arrangement*. It gets no other label.
// It can only do that by finding the shapes, and shapes are made of strokes. So what does it know of the strokes, at the end?
//
// Suppose you try to read the turn of the strokes from the activations of its layers. The first layer lets you read it in almost every picture. By how many percentage points will you do worse at the seventh layer? (Guessing gets 33 %.)

// %% {"id": "predict-a", "tags": ["predict"]}
predict("02.a", null, { claim: "02.strokes-forgotten", unit: "points" });

// %% [markdown] {"id": "net-text"}
// Here is the network. `nn.convNet` stacks equal layers: each has 12 channels, looks at 3 × 3 positions of the layer below, normalises every channel over the batch, and cuts off what is negative (ReLU). Three of the seven layers move on by two positions, so that the picture shrinks from 24 × 24 to 3 × 3.
// At the end, every channel is averaged over positions, and one **dense** layer makes the answer. The last column is the **receptive field**: how many pixels across can reach one position of that layer.

// %% {"id": "net"}
/** Three layers halve the picture: the second, and two more at equal distances above it. */
const halving = (depth: number) =>
  Array.from({ length: depth - 1 }, (_, index) =>
    [0, 1, 2].some((third) => index === 1 + Math.floor((third * (depth - 2)) / 3)) ? 2 : 1,
  );
const size = (depth: number) =>
  ({ depth, channels: 12, strides: halving(depth), norm: "batch" }) as const;
const build = (depth: number, seed: number, classes = 4) =>
  nn.convNet({ inputShape: [24, 24, 1], classes, ...size(depth), seed });
const sample = build(8, chapter.child("sample"));
const fields = theory.receptiveField(size(8));
table(
  sample.layers
    .filter(({ name }) => name.startsWith("layer"))
    .map((layer, index) => ({
      layer: index + 1,
      kind: layer.getClassName() === "Dense" ? "dense" : "convolution",
      "activations (height, width, channels)": (layer.outputShape as number[]).slice(1).join(" × "),
      weights: layer.countParams(),
      "sees (pixels across)": fields[index] ?? "all",
    })),
);

// %% [markdown] {"id": "probe-text"}
// ## The smallest case: a probe
// *6 minutes.* A **linear probe** is a classifier with one linear layer that gets the activations of some layer as its input. It is fitted after training, to some examples; the network does not change. What counts is its accuracy on *other* examples.
// If a probe reads a label well, the layer holds it in a form that one linear step can use. If it reads it badly, the label may still be there, knotted up.
//
// The fit needs no gradient descent. With one feature $x$ and one target $y$, both with their means taken out, **ridge regression** makes $\sum_i (y_i - w x_i)^2 + \lambda w^2$ smallest. Set its derivative to zero:
//
// $$w = \frac{\sum_i x_i y_i}{\sum_i x_i^2 + \lambda}.$$
//
// Three examples with $x = -1, 0, 1$ and $y = -2, 0, 2$ have $w = 4 / (2 + \lambda)$: 2 without a penalty, 1 with $\lambda = 2$. The penalty keeps the probe from leaning on features that hardly vary.

// %% [markdown] {"id": "ex-1-text", "tags": ["exercise"], "exercise": {"id": "02.1", "kind": "implement", "difficulty": 2, "minutes": 4}}
// ### Exercise 02.1 · The smallest probe
// *Difficulty 2 of 5, 4 minutes.* Write `slope(x, y, penalty)` for one feature. `x` and `y` have equal length and come as measured: take their means out yourself. Return $w$.
// Example: `slope([4, 5, 6], [1, 3, 5], 2)` is `1`.

// %% {"id": "ex-1", "tags": ["exercise"]}
function slope(x: readonly number[], y: readonly number[], penalty: number): number {
  // SOLUTION
  const [xMean, yMean] = [math.mean(x), math.mean(y)];
  let products = 0;
  let squares = 0;
  for (let i = 0; i < x.length; i++) {
    products += (x[i] - xMean) * (y[i] - yMean);
    squares += (x[i] - xMean) * (x[i] - xMean);
  }
  return products / (squares + penalty);
  // EXERCISE
  // return lesson.todo("02.1");
  // END
}
await check("02.1", slope);

// %% [markdown] {"id": "experiment-text"}
// ## Ask every layer
// *5 minutes.* `probe.features` gives the activations of each layer, averaged over positions: twelve numbers a picture. `probe.linearProbe` standardises them and fits one ridge regression for each class, with target 1 for its pictures and 0 for the others; the greatest output is the answer, and it is scored on other pictures. Here is the measurement for one network, at all three levels.

// %% {"id": "knowledge"}
type Known = Record<Level, readonly number[]>; // % of test pictures, layer by layer
async function knowledge(model: tf.LayersModel): Promise<Known> {
  const fitted = await probe.features(model, levels.strokes.learn);
  const scored = await probe.features(model, levels.strokes.test);
  const read = (level: Level) =>
    fitted.map((features, layer) => {
      const own = { features, labels: levels[level].learn.labels };
      const others = { features: scored[layer], labels: levels[level].test.labels };
      return 100 * probe.linearProbe(own, others);
    });
  return { strokes: read("strokes"), shapes: read("shapes"), arrangement: read("arrangement") };
}

// %% [markdown] {"id": "race-text"}
// An experiment is plain data: which pictures, which network, how it learns, what is measured. `levelProbes` is the function above, `firstLevelProbes` the same before the first step. `lesson.watch` runs a list of experiments side by side and draws what has come.
// Five networks learn the arrangement. Five others, with the same first weights but for the last layer, learn the strokes. And five of depth 5 learn the arrangement, for later.

// %% {"id": "setting"}
const few = chapter.pick({ normal: {}, smoke: { train: 200, test: 72 } });
const adam = { kind: "adam", learningRate: 0.005 } as const;
const setting = { batchSize: 64, steps: chapter.pick({ normal: 250, smoke: 10 }), optimizer: adam };
const experiment = (task: Level, depth: number, seed: number): train.ExperimentSpec => ({
  data: { kind: "shapes", label: task, ...few },
  model: { kind: "convNet", ...size(depth) },
  train: setting,
  seed,
  measures: ["firstLevelProbes", "levelProbes"],
});
const starts = await chapter.seeds(5, (seed) => seed);

// %% {"id": "race"}
type Results = readonly train.ExperimentResult[];
const learnt = (results: Results, task: Level, depth = 8) =>
  results.filter(
    ({ spec: { data: of, model } }) =>
      of.kind === "shapes" && of.label === task && model.depth === depth,
  );
const lossOf = ({ curve }: train.ExperimentResult) => curve.map(({ loss }) => loss);
const race = await lesson.watch(
  starts.flatMap((seed) => [
    experiment("arrangement", 8, seed),
    experiment("strokes", 8, seed),
    experiment("arrangement", 5, seed),
  ]),
  (come) =>
    plot.curves(
      [
        { name: "arrangement", role: "third", task: "arrangement", depth: 8 },
        { name: "strokes", role: "first", task: "strokes", depth: 8 },
        { name: "arrangement, depth 5", role: "random", task: "arrangement", depth: 5 },
      ].flatMap(({ name, role, task, depth }) => {
        const runs = learnt(come, task as Level, depth).map(lossOf);
        const x = come[0].curve.map(({ step }) => step);
        return runs.length === 0 ? [] : [{ name, role: role as plot.Role, x, runs }];
      }),
      {
        title: "Do the networks learn what they are asked? (depth 8 unless said, 5 seeds)",
        x: "step",
        y: "loss on the batches (nats)",
      },
    ),
);

// %% {"id": "three-levels"}
const inPercent = (measured: train.Measured) => {
  const read = measured as Record<Level, readonly number[]>;
  const percent = (level: Level) => read[level].map((share) => 100 * share);
  return {
    strokes: percent("strokes"),
    shapes: percent("shapes"),
    arrangement: percent("arrangement"),
  };
};
const after = (results: Results) => results.map(({ measures }) => inPercent(measures.levelProbes));
const before = (results: Results) =>
  results.map(({ measures }) => inPercent(measures.firstLevelProbes));
const onArrangement = learnt(race, "arrangement");
const onStrokes = learnt(race, "strokes");
const chance = [
  { name: "chance, 3 classes", y: 100 / 3 },
  { name: "chance, 4 classes", y: 25 },
];
const roles = ["first", "second", "third"] as const;
const levelLines = (known: readonly Known[]) =>
  levelNames.map((name, index) => ({
    ...{ name, role: roles[index] },
    x: known[0].strokes.map((_, layer) => layer + 1),
    runs: known.map((one) => one[name]),
  }));
show(
  plot.curves(levelLines(after(onArrangement)), {
    title: "What can be read from each layer of a network that learned the arrangement? (5 seeds)",
    x: "layer (8 = output)",
    y: "read by a probe (% of pictures)",
    references: chance,
  }),
);

// %% {"id": "claim-forgotten"}
const lost = (known: readonly Known[], level: Level) =>
  known.map((one) => one[level][0] - one[level][6]);
const at = (known: readonly Known[], level: Level, layer: number) =>
  known.map((one) => one[level][layer - 1]);
table(
  [1, 3, 5, 7, 8].map((layer) => ({
    layer,
    strokes: at(after(onArrangement), "strokes", layer),
    shapes: at(after(onArrangement), "shapes", layer),
    arrangement: at(after(onArrangement), "arrangement", layer),
  })),
  {
    caption: "Read from networks that learned the arrangement",
    units: { strokes: "%", shapes: "%", arrangement: "%" },
  },
);
await claim("02.strokes-forgotten", {
  says: "A network that learns the arrangement loses the strokes on the way: its seventh layer tells far less of them than its first.",
  values: lost(after(onArrangement), "strokes"),
  unit: "points",
  atLeast: 25,
  control: () => lost(after(onStrokes), "strokes"), // the same network, asked for the strokes
});

// %% [markdown] {"id": "levels-finding"}
// All networks learn. Read the second figure from left to right. The arrangement can hardly be read at first, 32.0 %, and nearly always at the end, 99.8 %: it is put together on the way. The strokes go the other way: 97.7 % in the first layer, 44.0 % in the seventh, 35.4 % at the output, which is close to guessing. Shapes rise to 69.5 % and fall again at the output.
// So there is an order, and it is the order of the textbooks. But the layers do not *add* knowledge to what they get; they trade it. And the figure shows what a linear probe reads from averages over positions, no more.

// %% [markdown] {"id": "predict-b-text"}
// ## What was there before
// *7 minutes.* Is this the work of training? Probe the same networks before their first step. Their kernels are random numbers. How much better than guessing (33.3 %) does a probe read the strokes from the first layer, in percentage points?

// %% {"id": "predict-b", "tags": ["predict"]}
predict("02.b", null, { claim: "02.random-knows", unit: "points above chance" });

// %% [markdown] {"id": "steps-text"}
// Here are the same networks before training, and on their way. Those that stopped after 10, 25, 50 and 100 steps come from a **record**: the authors ran them with this engine and kept them with their specifications. Move the slider.

// %% {"id": "steps"}
const panel = (y: string, known: readonly Known[]) =>
  plot.curves(levelLines(known), { title: y, x: "layer (8 = output)", y, references: chance });
const fullSteps = (await train.readRecord("02-depth")).results;
const recorded = (depth: number) => learnt(fullSteps, "arrangement", depth);
const early = (await train.readRecord("02-steps")).results;
const moments = [
  { label: "0", known: before(recorded(8)) },
  ...[10, 25, 50, 100].map((steps) => ({
    label: String(steps),
    known: after(early.filter(({ spec }) => spec.train.steps === steps)),
  })),
  { label: "250", known: after(recorded(8)) },
];
show(
  plot.frames(
    moments.map(({ label, known }) => ({
      label,
      figure: panel("read by a probe (% of pictures)", known),
    })),
    { title: "When does the order come? (record: depth 8, 5 seeds)", slider: "step", start: "0" },
  ),
);

// %% {"id": "claim-random"}
const shuffled = async (seed: number) => {
  const model = build(2, math.childSeed(seed, "model"), 3); // the first layer alone
  const [features] = await probe.features(model, levels.strokes.learn);
  const [scored] = await probe.features(model, levels.strokes.test);
  const labels = math.rng(seed).child("labels").shuffle(Array.from(levels.strokes.learn.labels));
  const others = { features: scored, labels: levels.strokes.test.labels };
  return 100 * probe.linearProbe({ features, labels }, others) - 100 / 3;
};
await claim("02.random-knows", {
  says: "The first layer of a network that was never trained already tells the strokes apart.",
  values: at(before(onArrangement), "strokes", 1).map((known) => known - 100 / 3),
  unit: "points above chance",
  atLeast: 25,
  control: () => chapter.seeds(5, shuffled), // the probe is fitted to the labels of other pictures
});

// %% {"id": "steps-table"}
table(
  moments.map(({ label, known }) => ({
    step: Number(label),
    "strokes, layer 1": at(known, "strokes", 1),
    "strokes, layer 7": at(known, "strokes", 7),
    "shapes, layer 5": at(known, "shapes", 5),
    "arrangement, layer 5": at(known, "arrangement", 5),
    "arrangement, layer 7": at(known, "arrangement", 7),
  })),
  { caption: "From the record, % of pictures" },
);

// %% [markdown] {"id": "random-finding"}
// A random layer of 3 × 3 kernels and ReLUs lets a probe read the strokes in 98.5 % of the pictures, a little more than the trained one does (97.7 %). Twelve random kernels answer differently to differently turned strokes, and that is enough.
// On the way up the untrained network loses the strokes as well, down to 48.9 % in the seventh layer, training or not: *losing* them takes no learning. Keeping them does; the control of the first claim was a network that kept them.
// The arrangement gets easier to read with depth even in the untrained network: 32.1 % in the first layer, 59.9 % in the seventh. Fields grow from layer to layer, until one position sees both shapes. So a rising probe curve is no proof of learning, and a falling one is no proof that a task threw something away. The distance from the untrained curve is.
// The slider and the table show what training does, and it is not one level after the other: within 25 steps the shapes rise from 43.4 % to 61.3 % in the fifth layer, and the arrangement from 59.9 % to 97.1 % in the seventh. The strokes hardly change.

// %% {"id": "claim-learned"}
const gained = (known: readonly Known[], without: readonly Known[], level: Level, layer: number) =>
  at(known, level, layer).map((value, seed) => value - without[seed][level][layer - 1]);
await claim("02.training-adds", {
  says: "At the seventh layer, training adds to what is known of the arrangement; what depth and position alone give is subtracted.",
  values: gained(after(onArrangement), before(onArrangement), "arrangement", 7),
  unit: "points over untrained",
  atLeast: 15,
  control: () => gained(after(onStrokes), before(onStrokes), "arrangement", 7), // trained on something else
});

// %% [markdown] {"id": "ex-2-text", "tags": ["exercise"], "exercise": {"id": "02.2", "kind": "interpret", "difficulty": 3, "minutes": 4}}
// ### Exercise 02.2 · A probe that succeeds
// *Difficulty 3 of 5, 4 minutes.* A paper probes the third layer of a trained network for a label and reaches 85 %, where guessing gives 33 %. It concludes: *training has taught this layer the label.* Which one further measurement would decide whether that is so?
//
// - **a** the same probe on the layer above
// - **b** the same probe on the same layer of the network before training
// - **c** the accuracy of the network on its own task
// - **d** a probe with more parameters on the same layer

// %% {"id": "ex-2", "tags": ["exercise"]}
// SOLUTION
const further = "b";
// EXERCISE
// const further = lesson.todo("02.2");
// END
await check("02.2", further);

// %% [markdown] {"id": "story-text"}
// ## Where the story fails
// *3 minutes.* Depth by itself builds no hierarchy. The network that learned the *strokes* has the same seven layers, and could have built shapes on top of them. Nobody asked it to. How much less is known of the shapes in its fifth layer than in that of the network that learned the arrangement, in percentage points?

// %% {"id": "predict-c", "tags": ["predict"]}
predict("02.c", null, { claim: "02.hierarchy-is-asked-for", unit: "points" });

// %% {"id": "story"}
const knowing = (name: string, role: plot.Role, known: readonly Known[], level: Level) => ({
  name,
  role,
  runs: known.map((one) => one[level]),
});
show(
  plot.depthProfile(
    [
      knowing("learned the arrangement", "third", after(onArrangement), "shapes"),
      knowing("learned the strokes", "first", after(onStrokes), "shapes"),
      knowing("untrained", "random", before(onStrokes), "shapes"),
    ],
    {
      title: "Which layer knows the shapes, after learning something else? (5 seeds)",
      y: "shapes read by a probe (% of pictures)",
      references: [chance[0]],
    },
  ),
);

// %% {"id": "claim-asked"}
const row = (network: string, known: readonly Known[]) => ({
  network,
  "strokes, layer 7": at(known, "strokes", 7),
  "shapes, layer 5": at(known, "shapes", 5),
  "arrangement, layer 5": at(known, "arrangement", 5),
});
table(
  [
    row("learned the arrangement", after(onArrangement)),
    row("learned the strokes", after(onStrokes)),
    row("untrained", before(onArrangement)),
  ],
  { caption: "% of pictures" },
);
const apart = (a: readonly Known[], b: readonly Known[], level: Level, layer: number) =>
  at(a, level, layer).map((value, seed) => value - b[seed][level][layer - 1]);
await claim("02.hierarchy-is-asked-for", {
  says: "Shapes appear in the fifth layer of the network whose task needs them, and not in that of the same network whose task does not.",
  values: apart(after(onArrangement), after(onStrokes), "shapes", 5),
  unit: "points",
  atLeast: 6,
  control: () => apart(before(onArrangement), after(onStrokes), "shapes", 5),
});

// %% [markdown] {"id": "story-finding"}
// The network that learned the strokes knows no more of the shapes than an untrained one, in any layer. The layers are there, the strokes are there, and still nothing is built on them. It keeps the strokes, which the others lose, and that is all. A hierarchy of features is not what depth *does*; it is what depth *allows*, where a task asks for it.

// %% [markdown] {"id": "teacher-middle", "tags": ["teacher"]}
// **Teacher · 25 minutes so far.** Ask for guesses of 02.a on the board before anybody trains; most say 0 to 20 points, because "it is built on strokes". After the measurement everybody has a reason why the task throws strokes away; then show step 0 of the slider, where nothing was trained and they are lost all the same. Ask what the first claim's control (the network that keeps them) says, and what it does not.
// **Usual errors:** "a probe reads it, so the network uses it" (the untrained network uses nothing); "a probe does not read it, so it is gone" (it may be knotted up, or in positions that averaging removed). **Break here.** If time is short, skip the section on made pictures.

// %% [markdown] {"id": "depth-text"}
// ## More layers
// *4 minutes.* What does a deeper network do with its additional layers? The record has networks of depth 5, 6, 8, 12 and 16 that learned the arrangement in the same 250 steps, all with 12 channels and three halvings, spread evenly over the layers. Move the slider.

// %% {"id": "depths"}
const depths = [5, 6, 8, 12, 16];
show(
  plot.frames(
    [5, 8, 12, 16].map((depth) => ({
      label: String(depth),
      figure: plot.curves(levelLines(after(recorded(depth))), {
        title: `depth ${depth}`,
        x: "layer",
        y: "read by a probe (% of pictures)",
        references: chance,
      }),
    })),
    {
      title: "What does each layer know, in networks of different depth? (record: 5 seeds)",
      slider: "depth",
      start: "16",
    },
  ),
);

// %% {"id": "depth-figure"}
/** The first layer from which the arrangement is read in 95 % of the pictures. */
const finished = ({ arrangement }: Known) => {
  const layer = arrangement.slice(0, -1).findIndex((read) => read >= 95);
  return layer < 0 ? arrangement.length - 1 : layer + 1;
};
const share = (known: Known) => (100 * finished(known)) / (known.strokes.length - 1);
const lastHidden = (level: Level) => (known: Known) => known[level].at(-2)!;
const overDepth = (value: (known: Known) => number, results: Results, tried: readonly number[]) => ({
  x: tried,
  runs: starts.map((_, seed) =>
    tried.map((depth) => value(after(learnt(results, "arrangement", depth))[seed])),
  ),
});
const both = (name: string, role: plot.Role, value: (known: Known) => number) => [
  { name, role, ...overDepth(value, fullSteps, depths) },
  { name: `${name}, yours`, role, points: true, ...overDepth(value, race, [5, 8]) },
];
const x = "depth (weight layers)";
show(
  plot.linked(
    plot.curves(both("finished", "plain", share), {
      ...{ title: "Where is the arrangement finished?", x },
      y: "finished after (% of layers)",
    }),
    plot.curves(
      levelNames.flatMap((level, index) => both(level, roles[index], lastHidden(level))),
      { title: "What is left at the end?", x, y: "read from the last (%)" },
    ),
    { title: "What do more layers change? (lines: record, 5 seeds; rings: run here)" },
  ),
);

// %% {"id": "depth-table"}
table(
  depths.map((depth) => ({
    depth,
    "third halving in layer": halving(depth).lastIndexOf(2) + 1,
    "first layer that reads the arrangement in 95 %": after(recorded(depth)).map(finished),
    "shapes, best layer (%)": after(recorded(depth)).map(({ shapes }) => Math.max(...shapes)),
    "shapes, last hidden layer (%)": after(recorded(depth)).map(lastHidden("shapes")),
    "strokes, last hidden layer (%)": after(recorded(depth)).map(lastHidden("strokes")),
  })),
  { caption: "From the record, 5 seeds" },
);
table(
  [5, 8].map((depth) => {
    const here = learnt(race, "arrangement", depth);
    const again = here.filter((result, seed) => result.loss.test === recorded(depth)[seed].loss.test);
    return { depth, "run here": here.length, "test loss same to the last bit": again.length };
  }),
);

// %% [markdown] {"id": "depth-finding"}
// At every depth the arrangement is finished exactly where the picture is halved for the third time: in layers 4, 4, 6, 8 and 11, in all 25 networks. Depth 6 has one layer more than depth 5, but the same halvings, and finishes in the same layer. So the pace is set by what a position sees, not by how many layers there are. (The halvings of the others stand elsewhere, so depth alone was not tested. The signals below hold their first two layers fixed.)
// The layers above add nothing to the arrangement, and take from the rest: the shapes, read best somewhere in the middle, are down to 59.0 % in the last hidden layer of depth 16, where depth 6 has 78.3 %. What is a middle layer in one network is a last one in another: a layer's number says little.

// %% [markdown] {"id": "control-text"}
// ## A probe can learn by heart
// *7 minutes.* A probe has weights of its own, and with enough of them it fits anything. A **control task** shows it. Hewitt and Liang (2019) give every *word* a label at random; here, simpler, every picture gets its own. There is nothing to know, so whatever the probe gets right, it has learned by heart.
// Here are probes on the 144 pixels in the middle of each picture, fitted to few or many pictures with random labels, and scored on the very pictures they were fitted to, and on others.

// %% {"id": "control-task"}
const fits = chapter.pick({ normal: [100, 200, 400, 800], smoke: [50, 100] });
/** The 12 × 12 pixels in the middle of the first pictures. */
const middle = ({ x }: data.Examples, count: number) => ({
  values: Float32Array.from({ length: 144 * count }, (_, index) => {
    const [picture, pixel] = [Math.floor(index / 144), index % 144];
    return x[576 * picture + 24 * (6 + Math.floor(pixel / 12)) + 6 + (pixel % 12)];
  }),
  units: 144,
});
const controlTask = await chapter.seeds(5, (seed) =>
  fits.map((count) => {
    const draw = (examples: data.Examples, size: number, name: string) => {
      const random = math.rng(seed).child(name);
      const labels = Array.from({ length: size }, () => random.integer(3));
      return { features: middle(examples, size), labels };
    };
    const own = draw(levels.strokes.learn, count, "own");
    const others = draw(levels.strokes.test, sizes[1], "others");
    return [own, others].map((scored) => 100 * probe.linearProbe(own, scored));
  }),
);

// %% {"id": "control-table"}
const scoreOf = (place: number, which: number) => controlTask.map((run) => run[place][which]);
table(
  fits.map((count, place) => ({
    "pictures fitted to": count,
    "right on these (%)": scoreOf(place, 0),
    "right on others (%)": scoreOf(place, 1),
  })),
  { caption: "Labels that mean nothing, 3 classes: what does a probe of 144 pixels get right?" },
);

// %% {"id": "claim-memorise"}
const score = (which: number) => controlTask.map((run) => run[1][which] - 100 / 3);
await claim("02.probes-memorise", {
  says: "Fitted to 200 pictures, a probe of 144 pixels gets random labels right, on these pictures.",
  values: score(0),
  unit: "points above chance",
  atLeast: 25,
  control: () => score(1), // the same probe on other pictures
});

// %% [markdown] {"id": "control-finding"}
// Fitted to 100 pictures, the probe gets every random label right, 100 % of them, on these pictures; with 800 it is down to 58.6 %. On other pictures it is at chance throughout. So score a probe on examples it was not fitted to, and give it many more examples than features.

// %% [markdown] {"id": "ex-3-text", "tags": ["exercise"], "exercise": {"id": "02.3", "kind": "debug", "difficulty": 3, "minutes": 5}}
// ### Exercise 02.3 · The probe that cheats
// *Difficulty 3 of 5, 5 minutes.* Before a probe is fitted, every feature is brought to mean 0 and standard deviation 1. A colleague wrote the function below for the examples to be scored, and wonders why her probes get worse when she scores few examples, and break down when she scores one.
// Repair it. `fitted` holds one feature of the examples that the probe is fitted to, `scored` the same feature of those to be scored; return the latter as the probe must see them. A feature that is constant among the fitted examples becomes 0.
// Example: `standardised([1, 3], [3, 5])` is `[1, 3]`.

// %% {"id": "ex-3", "tags": ["exercise"]}
// SOLUTION
function standardised(fitted: readonly number[], scored: readonly number[]): number[] {
  const centre = math.mean(fitted);
  const spread = math.std(fitted, 0);
  return scored.map((value) => (spread === 0 ? 0 : (value - centre) / spread));
}
// EXERCISE
// function standardised(fitted: readonly number[], scored: readonly number[]): number[] {
//   lesson.todo("02.3"); // remove this line when you have repaired the function
//   const centre = math.mean(scored);
//   const spread = math.std(scored, 0);
//   return scored.map((value) => (value - centre) / spread);
// }
// END
await check("02.3", standardised);

// %% [markdown] {"id": "signals-text"}
// ## The same in one dimension
// *4 minutes.* MNIST-1D (Greydanus and Kobak, 2024) has ten digits drawn as curves of 40 points, shifted, stretched and buried in noise. A speech recogniser starts from signals like these. The network is the one you know, with 24 channels over 5 neighbouring points; there is one label, the digit.
// A record has depths 3, 9 and 17, whose first two layers are alike. You train the five networks of depth 9 again, here, and keep what their layers say of 1000 signals, for the next section.

// %% {"id": "signals"}
const signals = data.mnist1d();
const heard = chapter.pick({ normal: signals.train, smoke: signals.train.take(200) });
const unheard = chapter.pick({ normal: signals.test, smoke: signals.test.take(100) });
/** Two layers halve the signal: the first, and one in the middle. */
const signalNet = (depth: number, seed: number) =>
  nn.convNet({
    ...{ inputShape: [40, 1], depth, channels: 24, kernelSize: 5, norm: "batch", seed },
    strides: Array.from({ length: depth - 1 }, (_, index) =>
      index === 0 || index === Math.floor(depth / 2) - 1 ? 2 : 1,
    ),
  });
interface Heard {
  readonly known: readonly number[];
  readonly features: readonly probe.Features[];
}
async function digitsIn(model: tf.LayersModel): Promise<Heard> {
  const own = heard.take(heard.count / 2);
  const fitted = await probe.features(model, own);
  const features = await probe.features(model, unheard);
  const known = fitted.map((layer, index) => {
    const others = { features: features[index], labels: unheard.labels };
    return 100 * probe.linearProbe({ features: layer, labels: own.labels }, others);
  });
  return { known, features };
}

// %% {"id": "watched"}
/** A growing figure of the loss of networks that are trained here, one after the other. */
function watched(title: string) {
  const done: number[][] = [];
  let growing: number[] = [];
  const view = lesson.live(() => {
    const lines = [
      { name: "trained", role: "plain" as const, runs: done },
      { name: "running", role: "random" as const, runs: [growing] },
    ].filter(({ runs }) => runs.length > 0 && runs[0].length > 0);
    const drawn = lines.map((line) => ({
      ...line,
      x: line.runs[0].map((_, block) => 10 * (block + 1)),
    }));
    return plot.curves(drawn, { title, x: "step", y: "loss, mean of 10 steps (nats)" });
  });
  return {
    onStep: ({ history, step, steps }: train.FitProgress) => {
      growing = Array.from({ length: Math.floor(step / 10) }, (_, block) =>
        math.mean(history.loss.slice(10 * block, 10 * block + 10)),
      );
      if (step === steps) {
        done.push(growing);
        growing = [];
      }
      view.update();
    },
    end: () => view.end(),
  };
}

// %% {"id": "signals-train"}
const listening = watched("Do the networks learn the digits? (MNIST-1D, depth 9, 5 seeds)");
const hearing = await chapter.seeds(5, async (seed) => {
  const model = signalNet(9, math.childSeed(seed, "model")); // the names that train.experiment uses
  const untrained = await digitsIn(model);
  const { onStep } = listening;
  const how = { ...setting, batchSize: 100, seed: math.childSeed(seed, "fit"), onStep };
  await train.fit(model, heard, how);
  return { before: untrained, after: await digitsIn(model) };
});
listening.end();

// %% {"id": "signals-figure"}
const spoken = (await train.readRecord("02-signals")).results;
const shortRecord = spoken.filter(({ spec: { model } }) => model.depth === 3);
const heardAt = (depth: number, measure: "linearProbe" | "firstLinearProbe") =>
  spoken
    .filter(({ spec: { model } }) => model.depth === depth)
    .map(({ measures }) => (measures[measure] as readonly number[]).map((share) => 100 * share));
const spokenDepths = [3, 9, 17];
const byDepth = (y: string, measure: "linearProbe" | "firstLinearProbe", here: number[][]) =>
  plot.depthProfile(
    [
      ...spokenDepths.map((depth) => {
        return { name: `depth ${depth}`, depth, runs: heardAt(depth, measure) };
      }),
      { name: "depth 9, yours", depth: 9, points: true, runs: here },
    ],
    { y, references: [{ name: "chance", y: 10 }] },
  );
const yours = (when: "before" | "after") => hearing.map((run) => [...run[when].known]);
show(
  plot.smallMultiples(
    [
      byDepth("digits read before training (% of signals)", "firstLinearProbe", yours("before")),
      byDepth("digits read after training (% of signals)", "linearProbe", yours("after")),
    ],
    {
      title: "What can be read from each layer? (lines: record, 5 seeds; rings: yours)",
    },
  ),
);

// %% {"id": "claim-rise"}
const climb = (runs: readonly (readonly number[])[]) => runs.map((known) => known.at(-2)! - known[0]);
await claim("02.probes-rise", {
  says: "After training, the last hidden layer of a network of depth 9 tells more of the digit than its first.",
  values: climb(yours("after")),
  unit: "points",
  atLeast: 10,
  control: () => climb(yours("before")),
});

// %% {"id": "short-train"}
const short = await lesson.watch(
  starts.map((seed) => ({
    ...{ ...shortRecord[0].spec, seed },
    ...chapter.pick({ normal: {}, smoke: { train: { ...shortRecord[0].spec.train, steps: 10 } } }),
  })),
  (come) =>
    plot.curves(
      [
        {
          name: "trained",
          role: "plain",
          x: come[0].curve.map(({ step }) => step),
          runs: come.map(lossOf),
        },
      ],
      {
        title: "And networks of depth 3? (MNIST-1D, 5 seeds)",
        ...{ x: "step", y: "loss on the batches (nats)" },
      },
    ),
);

// %% {"id": "claim-second"}
const ahead = (measure: "linearProbe" | "firstLinearProbe", deep: readonly (readonly number[])[]) =>
  short.map(({ measures }, seed) => 100 * (measures[measure] as number[])[1] - deep[seed][1]);
await claim("02.second-layer-waits", {
  says: "The second layer of a network of depth 3 tells more of the digit than the second layer of one of depth 9.",
  values: ahead("linearProbe", yours("after")),
  unit: "points",
  atLeast: 4,
  control: () => ahead("firstLinearProbe", yours("before")), // the same layers before training
});

// %% {"id": "signals-table"}
table(
  spokenDepths.map((depth) => ({
    depth,
    "second layer (%)": heardAt(depth, "linearProbe").map((known) => known[1]),
    "last hidden layer (%)": heardAt(depth, "linearProbe").map((known) => known.at(-2)!),
    "last hidden layer, untrained (%)": heardAt(depth, "firstLinearProbe").map((known) =>
      known.at(-2)!,
    ),
  })),
  { caption: "From the record, 5 seeds" },
);
const equal = yours("after").filter((known, seed) =>
  known.every((read, layer) => read === heardAt(9, "linearProbe")[seed][layer]),
);
const same = short.filter((result, seed) => result.loss.test === shortRecord[seed].loss.test);
table([
  { depth: 3, "trained here": short.length, "same to the last bit as the record": same.length },
  { depth: 9, "trained here": hearing.length, "same to the last bit as the record": equal.length },
]);

// %% [markdown] {"id": "signals-finding"}
// Before training, deeper means less: at depth 9, the last hidden layer of the untrained network tells 31.8 % of the digits, at depth 17 25.2 %. After training it tells 94.3 % and 89.7 %: the deepest network has not learned as well in these steps.
// Now compare depths. The second layer tells 87.9 % at depth 3, 73.8 % at depth 9, 67.5 % at depth 17. It has the same first weights and sees the same 13 points in all three; before training it reads the same digits. After training it knows less where more layers follow. (That it *need* not know more yet is a guess about the reason, which was not tested.) *The second layer sees corners* is no property of a second layer.

// %% [markdown] {"id": "cka-text"}
// ## Are two layers alike?
// *8 minutes.* A probe asks for one label. **Linear CKA** (centred kernel alignment) asks for all at once: do two layers arrange the same examples alike? Let $X$ and $Y$ hold the features of $N$ examples, one row each, with the columns' means taken out. Then
//
// $$\text{CKA} = \frac{\lVert X^\top Y \rVert^2}{\lVert X^\top X \rVert \, \lVert Y^\top Y \rVert},$$
//
// where $\lVert \cdot \rVert$ is the root of the sum of squares. It is 1 if one set of features is a rotated, shifted, evenly scaled copy of the other, whatever the order of units, and 0 if they have nothing linear in common.

// %% [markdown] {"id": "ex-4-text", "tags": ["exercise"], "exercise": {"id": "02.4", "kind": "implement", "difficulty": 3, "minutes": 5}}
// ### Exercise 02.4 · CKA of two features
// *Difficulty 3 of 5, 5 minutes.* With one feature each, $X$ and $Y$ are single columns and the norms are plain sums. Write `alike(x, y)`: take the means out, and return CKA.
// Example: `alike([1, 2, 3], [3, 2, 1])` is `1` (a mirrored copy), `alike([1, 2, 3], [1, 4, 1])` is `0`.

// %% {"id": "ex-4", "tags": ["exercise"]}
function alike(x: readonly number[], y: readonly number[]): number {
  // SOLUTION
  const [xMean, yMean] = [math.mean(x), math.mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - xMean) * (y[i] - yMean);
    xx += (x[i] - xMean) * (x[i] - xMean);
    yy += (y[i] - yMean) * (y[i] - yMean);
  }
  return (xy * xy) / (xx * yy);
  // EXERCISE
  // return lesson.todo("02.4");
  // END
}
await check("02.4", alike);

// %% [markdown] {"id": "maps-text"}
// Now all layers of a network of depth 9 against all layers of another one with other first weights; and, with the slider, against itself, and against itself before training. The features are of 500 signals that no network was trained on.

// %% {"id": "maps"}
const small = ({ values, units }: probe.Features, count: number) => ({
  values: values.subarray(0, count * units),
  units,
});
const compared = chapter.pick({ normal: 500, smoke: 60 });
type Layers = readonly probe.FeatureValues[];
const layersOf = (when: "before" | "after") =>
  hearing.map((run) => run[when].features.map((layer) => small(layer, compared)));
const features9 = { before: layersOf("before"), after: layersOf("after") };
const ckaMap = (a: Layers, b: Layers) =>
  a.map((x) => b.map((y) => probe.cka(x, y, { debiased: true })));
const layerNames = features9.after[0].map((_, index) => String(index + 1));
const drawMap = (matrix: readonly (readonly number[])[]) =>
  plot.heatMap(matrix, {
    ...{ title: "CKA", x: "layer of the other network", y: "layer of a trained network" },
    ...{ value: "linear CKA, debiased", range: [0, 1] as const },
    ...{ columns: layerNames, rows: layerNames },
  });
const [mine, another] = features9.after;
show(
  plot.frames(
    [
      { label: "other first weights", figure: drawMap(ckaMap(mine, another)) },
      { label: "itself", figure: drawMap(ckaMap(mine, mine)) },
      { label: "itself before training", figure: drawMap(ckaMap(mine, features9.before[0])) },
    ],
    {
      title: "Which layers of two networks are alike? (CKA: dark 0, bright 1; depth 9)",
      slider: "other network",
    },
  ),
);

// %% {"id": "claim-cka"}
/** Share of layers whose best partner stands at their own depth or next to it, less what guessing gives. */
function partners(a: Layers, b: Layers): number {
  const map = ckaMap(a, b);
  const near = (row: number, column: number) => Math.abs(row - column) <= 1;
  const found = map.filter((row, layer) => near(row.indexOf(Math.max(...row)), layer));
  const guessed = map.flatMap((row, layer) => row.filter((_, other) => near(layer, other)));
  return 100 * (found.length / map.length - guessed.length / (map.length * map.length));
}
const next = (index: number) => (index + 1) % hearing.length;
await claim("02.layers-correspond", {
  says: "Trained from other first weights, a layer is most alike to the layer of its own depth, or to a neighbour of that.",
  values: features9.after.map((layers, index) => partners(layers, features9.after[next(index)])),
  unit: "% of layers above guessing",
  atLeast: 20,
  // neither is trained
  control: () =>
    features9.before.map((layers, index) => partners(layers, features9.before[next(index)])),
});

// %% {"id": "few-signals"}
/** The same features of the signals half a list further on: what is alike then is chance. */
const ofOthers = (features: probe.Features) => {
  const half = features.values.length / 2;
  const turned = [...features.values.subarray(half), ...features.values.subarray(0, half)];
  return { ...features, values: Float32Array.from(turned) };
};
const counts = chapter.pick({ normal: [30, 100, 1000], smoke: [30, 100] });
const estimates = counts.map((count) => {
  const estimate = (options: probe.CkaOptions) =>
    hearing.map((run, index) => {
      const others = ofOthers(hearing[next(index)].after.features[6]);
      return probe.cka(small(run.after.features[6], count), small(others, count), options);
    });
  const batches = { debiased: true, batchSize: Math.min(count, 50) };
  return {
    signals: count,
    plain: estimate({}),
    debiased: estimate({ debiased: true }),
    "debiased, batches of 50": estimate(batches),
  };
});
table(estimates, {
  caption: "CKA of layer 7 with layer 7 of another network on other signals: nothing but chance",
});

// %% [markdown] {"id": "cka-finding"}
// Across networks, a layer finds its best partner at its own depth or next to it far more often than guessing would. The maximum is a broad ridge, not a sharp line: neighbours are nearly as alike, and from layer 6 on all are. Between two untrained networks there is little of it, and it differs much from pair to pair: it is training that makes layers correspond, more than depth alone. Move the slider to see what is left of the start.
// The table is the warning. Layers of *other* signals have nothing in common, yet with 30 signals the plain estimate says 0.135, with 1000 it says 0.00574. The debiased one is near 0 throughout; over batches it gives nearly the same.
// And a high CKA does not mean the same knowledge. It weighs directions by how much they vary, so two layers may agree in all that is large and differ in the small part that your label needs.

// %% [markdown] {"id": "made-text"}
// ## What a unit likes to see
// *12 minutes.* Numbers say *that* something is known. For *what* a unit answers to, people look at pictures, in two ways.
// **Most activating pieces** (Zeiler and Fergus, 2014): search all examples for the pieces to which a unit answers most; a piece is as large as the unit's receptive field.
// **Activation maximisation** (Erhan and others, 2009): make such an input, by gradient ascent on the pixels. Left alone this gives noise; so large pixels are punished ($L_2$), differences between neighbours are punished (total variation), and the picture is shifted a little before each step (jitter).
//
// Networks in a sweep are gone when it ends. So train one of those that learned the arrangement in 100 steps once more, here.

// %% {"id": "made-train"}
const shown = build(8, math.childSeed(starts[0], "model"));
await train.fit(shown, levels.arrangement.learn, {
  ...setting,
  steps: chapter.pick({ normal: 100, smoke: 10 }),
  seed: math.childSeed(starts[0], "fit"),
});
const readHere = await knowledge(shown);
const [readThere] = after(early.filter(({ spec }) => spec.train.steps === 100));
table(
  levelNames.map((level) => ({
    level,
    "layer 5, record (%)": readThere[level][4],
    "layer 5, here (%)": readHere[level][4],
    "same to the last bit": readHere[level].every((read, layer) => read === readThere[level][layer])
      ? "yes"
      : "no",
  })),
);

// %% {"id": "kernels"}
const kernels = shown.getLayer("layer1").getWeights()[0].dataSync();
const channelKernels = Array.from({ length: 12 }, (_, channel) =>
  Array.from({ length: 9 }, (__, tap) => kernels[12 * tap + channel]),
);
show(
  plot.imageGrid([{ name: "kernel", shape: [3, 3], images: channelKernels }], {
    title: "Are the first layer's kernels detectors of strokes? (blue below zero, red above)",
    x: "channel",
    y: "layer 1",
    signed: true,
  }),
);

// %% [markdown] {"id": "pieces-text"}
// Left: the pieces of test pictures to which three units answer most (a unit of layer 7 sees more than the picture, so you see the whole of it). Right: how much of a unit's answers, averaged over positions, goes with a label: the spread between the classes' means as a share of all spread. A unit that detects crosses should have a tall bar for *shapes*. Guess the bars from the pictures, then move the slider.

// %% {"id": "pieces"}
const seen = levels.arrangement.test.take(chapter.pick({ normal: 200, smoke: 40 }));
const channels = [0, 1, 2];
const pieces: probe.Patch[][][] = []; // by layer and channel
const looked = [1, 3, 5, 7];
for (const layer of looked) {
  const liked: probe.Patch[][] = [];
  for (const channel of channels) {
    liked.push(await probe.mostActivating(shown, { layer: `norm${layer}`, channel }, seen, 3));
  }
  pieces[layer] = liked;
}
/** A piece in one size for all layers, pixel for pixel; where it is larger than the picture, the picture. */
function enlarged({ values, shape, example }: probe.Patch): Float32Array {
  const side = Math.min(shape[0], 24);
  const source = shape[0] > 24 ? pixels(2000 + example) : values;
  return Float32Array.from({ length: 24 * 24 }, (_, index) => {
    const [row, column] = [Math.floor(index / 24), index % 24];
    return source[side * Math.floor((row * side) / 24) + Math.floor((column * side) / 24)];
  });
}

// %% {"id": "explained"}
const answers = await probe.features(shown, levels.strokes.test);
/** How much of the spread of a channel's answers goes with a label (%): spread between classes over all spread. */
function explained(layer: number, channel: number, level: Level): number {
  const { values, units } = answers[layer - 1];
  const own = Array.from({ length: sizes[1] }, (_, picture) => values[picture * units + channel]);
  const { labels } = levels[level].test;
  const centres = [0, 1, 2, 3].map((label) => own.filter((_, picture) => labels[picture] === label));
  const means = centres.map((group) => (group.length === 0 ? 0 : math.mean(group)));
  const between = math.std(
    Array.from(own, (_, picture) => means[labels[picture]]),
    0,
  );
  const whole = math.std(own, 0);
  return whole === 0 ? 0 : (100 * between * between) / (whole * whole);
}

// %% {"id": "linked"}
const channelNames = channels.map((channel) => `channel ${channel + 1}`);
const pictureAndNumber = (layer: number) =>
  plot.smallMultiples(
    [
      plot.imageGrid(
        channels.map((channel) => ({
          name: channelNames[channel],
          shape: [24, 24],
          images: pieces[layer][channel].map(enlarged),
        })),
        { title: "Picture", x: "piece, strongest first", y: "unit" },
      ),
      plot.bars(
        levelNames.map((level, index) => ({
          ...{ name: level, role: roles[index] },
          values: channels.map((channel) => [explained(layer, channel, level)]),
        })),
        {
          ...{ title: "Number", x: "unit", y: "answer that goes with a label (% of its spread)" },
          groups: channelNames,
        },
      ),
    ],
    { title: `layer ${layer}` },
  );
show(
  plot.frames(
    looked.map((layer) => ({ label: String(layer), figure: pictureAndNumber(layer) })),
    {
      title: "What do three units of a layer like to see, and what do they tell apart? (one network)",
      slider: "layer",
      start: "5",
    },
  ),
);

// %% {"id": "explained-table"}
const twelve = Array.from({ length: 12 }, (_, channel) => channel);
table(
  looked.map((layer) => ({
    layer,
    ...Object.fromEntries(
      levelNames.map((level) => [
        level,
        math.mean(twelve.map((channel) => explained(layer, channel, level))),
      ]),
    ),
  })),
  { caption: "Answer that goes with a label (% of its spread), mean of the layer's 12 units" },
);

// %% [markdown] {"id": "hidden-text"}
// ### What the answer hangs on
// A third kind of picture asks the whole network. **Occlusion** (Zeiler and Fergus, 2014): hide a square of a test picture, here 5 × 5 pixels, and note by how much the probability of the right answer falls. Do so at every place. Where the map is dark, the answer hangs on what was hidden.

// %% {"id": "hidden"}
const examined = [0, 1, 2, 3].flatMap((place) => {
  const own = Array.from(levels.arrangement.test.labels.keys()).filter(
    (picture) => levels.arrangement.test.labels[picture] === place,
  );
  return own.slice(0, chapter.pick({ normal: 5, smoke: 1 }));
});
const falls: Float64Array[] = [];
for (const picture of examined) {
  falls.push(await probe.occlusion(shown, levels.arrangement.test, picture, 5));
}

// %% {"id": "hidden-figure"}
const firsts = [0, 1, 2, 3].map((place) => (place * examined.length) / 4);
show(
  plot.imageGrid(
    [
      { name: "picture", images: firsts.map((one) => pixels(2000 + examined[one])) },
      { name: "fall", images: firsts.map((one) => falls[one]) },
    ].map((line) => ({ ...line, shape: [24, 24] })),
    {
      title: "What does the answer hang on? (dark: hiding this place costs most)",
      x: "where the first shape is",
      y: "picture, and fall of the answer's probability",
      columns: ["left", "right", "above", "below"],
    },
  ),
);

// %% {"id": "hidden-table"}
/** Whether a pixel lies in the half of the picture that the first shape is in. */
const withFirst = (pixel: number, place: number) =>
  [pixel % 24 < 12, pixel % 24 >= 12, pixel < 288, pixel >= 288][place];
const fallIn = (first: boolean) =>
  falls.map((fall, one) => {
    const place = levels.arrangement.test.labels[examined[one]];
    const inside = fall.filter((_, pixel) => withFirst(pixel, place) === first);
    return 100 * math.mean(inside);
  });
const difference = fallIn(true).map((fall, one) => fall - fallIn(false)[one]);
table(
  [
    { "hidden square in the half of": "the first shape", "probability falls by": fallIn(true) },
    { "hidden square in the half of": "the second shape", "probability falls by": fallIn(false) },
    { "hidden square in the half of": "first less second", "probability falls by": difference },
  ],
  {
    caption: `Mean over places; ${examined.length} pictures`,
    units: { "probability falls by": "points" },
  },
);

// %% [markdown] {"id": "hidden-finding"}
// In these four pictures the dark places lie on strokes, or beside them, and blank paper is pale; white are the places where hiding *helps*. In the half of the first shape a hidden square costs 2.13 points on average, in that of the second 0.880. But picture by picture the difference is 1.25 ± 1.42: 20 pictures do not decide which shape it looks at more.
// Each map is stretched to its own range: compare places, not pictures. And hiding one square at a time says nothing of what the network would do without two.

// %% [markdown] {"id": "climb-text"}
// Now activation maximisation: three units of three layers, once without penalties and once with them.

// %% {"id": "made"}
const climbs = chapter.pick({ normal: 60, smoke: 2 });
const recipes = {
  "no penalty": {},
  "L2, total variation, jitter": { l2: 1, totalVariation: 4, jitter: 1 },
};
const roughness = (picture: Float32Array) =>
  math.mean(
    Array.from({ length: 24 * 23 }, (_, index) => {
      const place = 24 * Math.floor(index / 23) + (index % 23);
      return Math.abs(picture[place + 1] - picture[place]);
    }),
  ) / math.std(picture, 0);
interface Made extends probe.Maximised {
  readonly layer: number;
  readonly recipe: string;
}
const made: Made[] = [];
for (const layer of [1, 3, 5]) {
  for (const [recipe, penalties] of Object.entries(recipes)) {
    for (const channel of [0, 1, 2]) {
      const seed = chapter.child(`made ${layer} ${channel}`);
      const unit = { layer: `norm${layer}`, channel };
      const options = { ...penalties, seed, steps: climbs };
      made.push({ layer, recipe, ...(await probe.maximise(shown, unit, options)) });
    }
  }
}

// %% {"id": "made-figure"}
const ofRecipe = (layer: number, recipe: string) =>
  made.filter((one) => one.layer === layer && one.recipe === recipe);
const [plain, kept] = Object.keys(recipes);
show(
  plot.imageGrid(
    [1, 3, 5].map((layer) => ({
      name: `layer ${layer}`,
      shape: [24, 24],
      images: [...ofRecipe(layer, plain), ...ofRecipe(layer, kept)].map(({ values }) => values),
    })),
    {
      title: "Which made pictures excite a unit at the middle? (60 steps uphill)",
      x: "channel; free: no penalty, kept: kept smooth",
      y: "layer",
      columns: ["1 free", "2 free", "3 free", "1 kept", "2 kept", "3 kept"],
    },
  ),
);
const best = (layer: number) => pieces[layer].map(([strongest]) => strongest.activation);
table(
  [1, 3, 5].flatMap((layer) =>
    [plain, kept].map((recipe) => ({
      layer,
      recipe,
      "best test picture": math.mean(best(layer)),
      "made picture": math.mean(ofRecipe(layer, recipe).map(({ activation }) => activation)),
      roughness: math.mean(ofRecipe(layer, recipe).map(({ values }) => roughness(values))),
    })),
  ),
  {
    caption:
      "Answer of a unit, mean of three units; roughness of the made picture (difference of neighbours / spread)",
  },
);

// %% [markdown] {"id": "made-finding"}
// The kernels of layer 1 do not look like a textbook's bars, though this layer tells the strokes. In layer 5 the pieces show pairs of shapes, and you might call all three units detectors of such pairs. The bars disagree: two of them go with the arrangement (72.0 % and 67.4 % of their spread), the first with nothing much (at most 8.87 %), and none of the three goes with the shapes that you see. Over all units the table says the same: what single units follow is the arrangement, from 0.606 % in layer 1 to 94.4 % in layer 7. The shapes, which a probe reads in two thirds of the pictures from layer 5, no single unit follows much (5.08 % on average): they are spread over units.
// The made pictures say less. Without penalties they excite the unit of layer 5 three times as much as the best test picture (11.1 against 3.61) and look like nothing; with them, 3.53, they show dark blots where the pieces have shapes. Penalties smooth the pictures of layers 3 and 5 and hardly those of layer 1, which is only 3 pixels wide.
// None of these pictures told you that the strokes are lost at the end, nor that shapes appear only when asked for. A picture of what excites a unit is a hypothesis; the number beside it, and the probe with its untrained twin, are the measurement.

// %% [markdown] {"id": "ex-5-text", "tags": ["exercise"], "exercise": {"id": "02.5", "kind": "design", "difficulty": 4, "minutes": 6}}
// ### Exercise 02.5 · Know it without learning it
// *Difficulty 4 of 5, 6 minutes.* An untrained network knows something of the arrangement. Design one that knows more: choose `kernelSize` (odd, at most 5) and the `strides` (1 or 2) of one to six layers with 12 channels, so that a probe on the last hidden layer, averaged over positions, reads the arrangement in at least 45 % of the test pictures (guessing gets 25 %), with the interval over four seeds above that.
// Use `nn.convNet` and `knowledge` above to try your designs first. What must a layer see before it can know where a shape lies?

// %% {"id": "ex-5", "tags": ["exercise"]}
interface Design {
  readonly kernelSize: number;
  readonly strides: readonly number[];
}
// SOLUTION
const design: Design = { kernelSize: 5, strides: [2, 2, 2] };
// EXERCISE
// const design: Design = lesson.todo("02.5");
// END
await check("02.5", design);

// %% [markdown] {"id": "teacher-end", "tags": ["teacher"]}
// **Teacher · last ten minutes.** Put pictures and bars of one layer side by side and ask: which of the two would convince you in a paper, and of what? Let everybody write down the bars for layer 5 before the slider moves there.
// **If there is time left:** probe for "is there a cross" in place of the missing shape; train on shapes and watch the arrangement go. **Usual errors:** in 02.1 the penalty in the numerator; in 02.4 the square forgotten, so that a mirrored copy gives −1.

// %% [markdown] {"id": "claims-text"}
// ## What was claimed, and what you measured

// %% {"id": "claims"}
chapter.claims();

// %% [markdown] {"id": "recall-text"}
// ## What stays
// Answer in your own words before you open an answer. Come back to these tomorrow.

// %% {"id": "recall"}
lesson.recall("02");

// %% [markdown] {"id": "references"}
// ## Simplified here, and where to read on
// - Pictures and networks are small, the labels few, and independent by construction. In photographs levels come together (a wheel says *car*), and a probe for one may read the other.
// - Features were averaged over positions, so a layer that holds the label *somewhere* but not on average counts as ignorant. Flattened features know more, and need more examples.
// - All probes had the same penalty. A better reading than ours may exist; a worse one proves nothing.
// - Kornblith and others compare layers of large networks on photographs, where the first layers correspond less well than here.
//
// Erhan and others 2009, *Visualizing higher-layer features of a deep network* · Zeiler and Fergus 2014, arXiv:1311.2901 · Alain and Bengio 2016, arXiv:1610.01644 (linear probes) · Olah, Mordvintsev, Schubert 2017, *Feature Visualization*, Distill ·
// Kornblith and others 2019, arXiv:1905.00414 (CKA) · Hewitt and Liang 2019, arXiv:1909.03368 (control tasks) · Nguyen, Raghu, Kornblith 2021, arXiv:2010.15327 (wide and deep) · Greydanus and Kobak 2024, arXiv:2011.14439 (MNIST-1D)
