// %% [markdown] {"id": "title"}
// # 02 · A hierarchy of features
// *Do layers really climb from strokes to shapes to whole scenes, and how would you know?*
//
// **You will**
// - ask every layer of a network what it knows, with a linear probe, and tell what training put there from what was there before;
// - compare layers of different networks by CKA, and say what a high CKA does not mean;
// - look at what units like to see, and put a number beside every picture.
//
// **Needs** what a convolution is; averages and squared errors. **Time** 55 minutes, about two of them computing.

// %% {"id": "imports"}
import { tf, data, math, nn, probe, train, plot, lesson } from "deepen";
const { show, table, predict, claim, check } = lesson;
const chapter = await lesson.begin("02-hierarchy-of-features", { seed: 2 });

// %% [markdown] {"id": "pictures-text"}
// ## Pictures with a hierarchy that we know
// You have probably read that first layers see edges, middle layers textures and parts, last layers whole objects. In photographs nobody can check that, because nobody knows all that is in a photograph.
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
const sizes = chapter.pick({ normal: [2000, 1000], smoke: [200, 72] });
const all = data.shapes({ count: sizes[0] + sizes[1], seed: chapter.child("pictures") });
const cut = (level: data.Examples) => {
  const [toLearn, toTest] = data.split(level, sizes);
  return { learn: toLearn, test: toTest };
};
type Level = keyof data.Shapes;
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
// Here is the network, in full. Each layer has 12 channels and looks at 3 × 3 positions of the layer below; three of the seven layers move on by two positions, so that the picture shrinks from 24 × 24 to 3 × 3.
// At the end, every channel is averaged over positions, and one dense layer makes the answer. The same function builds networks for signals, later.

// %% {"id": "net"}
interface Net {
  readonly shape: readonly number[]; // of one example
  readonly classes: number;
  readonly channels: number;
  readonly kernelSize: number;
  readonly strides: readonly number[]; // one a layer
}
function convNet({ shape, classes, channels, kernelSize, strides }: Net, seed: number) {
  const init = (layer: number) => nn.initializer("heNormal", math.childSeed(seed, `weights/${layer}`));
  const flat = shape.length === 2;
  const input = tf.input({ shape: [...shape] });
  let hidden = input;
  strides.forEach((step, index) => {
    const layer = index + 1;
    const options = { filters: channels, kernelSize, strides: step, padding: "same" } as const;
    const weights = { ...options, name: `conv${layer}`, kernelInitializer: init(layer) };
    const stages = [
      flat ? tf.layers.conv1d(weights) : tf.layers.conv2d(weights),
      tf.layers.batchNormalization({ name: `norm${layer}`, momentum: 0.9 }),
      tf.layers.activation({ name: `relu${layer}`, activation: "relu" }),
    ];
    for (const stage of stages) hidden = stage.apply(hidden) as tf.SymbolicTensor;
  });
  const pool = flat ? tf.layers.globalAveragePooling1d({}) : tf.layers.globalAveragePooling2d({});
  const output = tf.layers.dense({
    name: "output",
    units: classes,
    kernelInitializer: init(strides.length + 1),
  });
  const means = pool.apply(hidden) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output.apply(means) as tf.SymbolicTensor });
}

// %% [markdown] {"id": "probe-text"}
// ## The smallest case: a probe
// A **linear probe** is a classifier with one linear layer that gets the activations of some layer as its input. It is fitted after training, to some examples; the network does not change. What counts is its accuracy on *other* examples.
// If a probe reads a label well, the layer holds it in a form that one linear step can use. If it reads it badly, the label may still be there, knotted up.
//
// The fit needs no gradient descent. With one feature $x$ and one target $y$, both with their means taken out, **ridge regression** makes $\sum_i (y_i - w x_i)^2 + \lambda w^2$ smallest. Set its derivative to zero:
//
// $$w = \frac{\sum_i x_i y_i}{\sum_i x_i^2 + \lambda}.$$
//
// Three examples with $x = -1, 0, 1$ and $y = -2, 0, 2$ have $w = 4 / (2 + \lambda)$: 2 without a penalty, 1 with $\lambda = 2$. The penalty keeps the probe from leaning on features that hardly vary.

// %% [markdown] {"id": "ex-1-text", "tags": ["exercise"], "exercise": {"id": "02.1", "kind": "implement", "difficulty": 2, "minutes": 7}}
// ### Exercise 02.1 · The smallest probe
// *Difficulty 2 of 5, 7 minutes.* Write `slope(x, y, penalty)` for one feature. `x` and `y` have equal length and come as measured: take their means out yourself. Return $w$.
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
// `probe.features` gives the activations of each layer, averaged over positions: twelve numbers a picture. `probe.linearProbe` standardises them, fits ridge regression to one picture in each class's favour, and scores it on 1000 other pictures.
// We do that for all three labels, in every layer, before training and after it, in five networks that differ in their first weights and in the order of the pictures.

// %% {"id": "knowledge"}
type Known = Record<Level, readonly number[]>; // % of test pictures, layer by layer
async function knowledge(model: tf.LayersModel): Promise<Known> {
  const fitted = await probe.features(model, levels.strokes.learn);
  const scored = await probe.features(model, levels.strokes.test);
  const read = (level: Level) =>
    fitted.map(
      (features, layer) =>
        100 *
        probe.linearProbe(
          { features, labels: levels[level].learn.labels },
          { features: scored[layer], labels: levels[level].test.labels },
        ),
    );
  return { strokes: read("strokes"), shapes: read("shapes"), arrangement: read("arrangement") };
}

// %% {"id": "train"}
const imageNet = { shape: [24, 24, 1], channels: 12, kernelSize: 3, strides: [1, 2, 1, 2, 1, 2, 1] };
const steps = chapter.pick({ normal: 250, smoke: 20 });
const adam = { kind: "adam", learningRate: 0.005 } as const;
const setting = { batchSize: 64, steps: steps, optimizer: adam };
interface Run {
  readonly before: Known;
  readonly after: Known;
  readonly accuracy: number;
  readonly loss: readonly number[]; // means of ten steps
}
const byTen = (loss: readonly number[]) =>
  Array.from({ length: Math.floor(loss.length / 10) }, (_, block) =>
    math.mean(loss.slice(10 * block, 10 * block + 10)),
  );

// %% {"id": "train-once"}
async function trainOn(task: Level, seed: number, draw: (loss: readonly number[]) => void) {
  const { learn, test } = levels[task];
  const model = convNet({ ...imageNet, classes: learn.classes }, seed);
  const before = await knowledge(model);
  const onStep = ({ history }: train.FitProgress) => draw(byTen(history.loss));
  const { loss } = await train.fit(model, learn, {
    ...setting,
    seed,
    onStep,
  });
  const { accuracy } = await train.evaluate(model, test);
  return { before, after: await knowledge(model), accuracy: 100 * accuracy, loss: byTen(loss) };
}

// %% {"id": "race"}
async function study(task: Level): Promise<readonly Run[]> {
  const runs: Run[] = [];
  let growing: readonly number[] = [];
  const figure = lesson.live(() => {
    const lines: plot.Series[] = [
      { name: `trained on ${task}`, role: "plain", runs: runs.map(({ loss }) => loss) },
      { name: "running", role: "random", runs: [growing] },
    ];
    const drawn = lines
      .filter(({ runs: done }) => done.length > 0 && done[0].length > 0)
      .map((line) => ({ ...line, x: Array.from(line.runs[0], (_, block) => 10 * (block + 1)) }));
    const title = `Does the network learn to tell the ${task}? (5 seeds)`;
    return plot.curves(drawn, { title, x: "step", y: "loss, mean of 10 steps (nats)" });
  });
  const draw = (loss: readonly number[]) => {
    growing = loss;
    if (loss.length > 0) figure.update();
  };
  await chapter.seeds(5, async (seed) => {
    runs.push(await trainOn(task, seed, draw));
    growing = [];
  });
  if (runs[0].loss.length > 0) figure.end();
  return runs;
}
const onArrangement = await study("arrangement");

// %% {"id": "three-levels"}
const chance = [
  { name: "chance, 3 classes", y: 100 / 3 },
  { name: "chance, 4 classes", y: 25 },
];
const levelPanel = (y: string, known: readonly Known[]) =>
  plot.depthProfile(
    (["strokes", "shapes", "arrangement"] as const).map((level, index) => ({
      name: level,
      role: (["first", "second", "third"] as const)[index],
      runs: known.map((one) => one[level]),
    })),
    { y, references: chance },
  );
const beforeAndAfter = (title: string, runs: readonly Run[]) =>
  plot.smallMultiples(
    [
      levelPanel(
        "read before training (% of pictures)",
        runs.map(({ before }) => before),
      ),
      levelPanel(
        "read after training (% of pictures)",
        runs.map(({ after }) => after),
      ),
    ],
    { title },
  );
show(
  beforeAndAfter(
    "What can be read from each layer of a network that learns the arrangement? (5 seeds)",
    onArrangement,
  ),
);

// %% [markdown] {"id": "levels-finding"}
// All five networks learn: the loss falls from 1.25 to 0.00388. Read the right panel from left to right. The arrangement can hardly be read at first and always at the end: it is put together on the way. The strokes go the other way: 96.0 % in the first layer, 33.1 % at the output, which is guessing. Shapes rise in the middle and fall again at the output.
// So there is an order, and it is the order of the textbooks. But the layers do not *add* knowledge to what they get; they trade it. The picture shows what a linear probe reads from averages over positions, no more.

// %% {"id": "claim-forgotten"}
const lost = (known: readonly Known[], level: Level) =>
  known.map((one) => one[level][0] - one[level][6]);
const after = (runs: readonly Run[]) => runs.map((run) => run.after);
const onStrokes = await chapter.seeds(
  5,
  (seed) => trainOn("strokes", seed, () => undefined),
  "learning the strokes",
);
await claim("02.strokes-forgotten", {
  says: "A network that learns the arrangement loses the strokes on the way: its seventh layer tells far less of them than its first.",
  values: lost(after(onArrangement), "strokes"),
  unit: "points",
  atLeast: 25,
  control: () => lost(after(onStrokes), "strokes"), // the same network, asked for the strokes
});

// %% {"id": "knowledge-table"}
const before = (runs: readonly Run[]) => runs.map((run) => run.before);
const at = (known: readonly Known[], level: Level, layer: number) =>
  known.map((one) => one[level][layer - 1]);
const rowOf = (network: string, known: readonly Known[], layer: number) => ({
  network,
  layer,
  strokes: at(known, "strokes", layer),
  shapes: at(known, "shapes", layer),
  arrangement: at(known, "arrangement", layer),
});
table(
  [1, 5, 7].flatMap((layer) => [
    rowOf("untrained", before(onArrangement), layer),
    rowOf("learned the arrangement", after(onArrangement), layer),
    rowOf("learned the strokes", after(onStrokes), layer),
  ]),
  { units: { strokes: "%", shapes: "%", arrangement: "%" } },
);

// %% [markdown] {"id": "table-finding"}
// In the fifth layer of the network that learned the arrangement, shapes are read in 66.1 % of the pictures and the arrangement in 81.1 %. In the same layer of the network that learned the strokes it is 43.9 % and 53.1 %, about as in the untrained one (40.6 % and 46.9 %). And nothing forces a network to forget strokes: the one that was asked for them keeps them at 100 % to the end.

// %% [markdown] {"id": "predict-b-text"}
// ## What was there before
// Look at the left panel again: nobody trained that network. How much better than guessing (33.3 %) does a probe read the strokes from its first layer, in percentage points?

// %% {"id": "predict-b", "tags": ["predict"]}
predict("02.b", null, { claim: "02.random-knows", unit: "points above chance" });

// %% {"id": "claim-random"}
const shuffled = async (seed: number) => {
  const model = convNet({ ...imageNet, classes: 3 }, seed);
  const [fitted] = await probe.features(model, levels.strokes.learn);
  const [scored] = await probe.features(model, levels.strokes.test);
  const labels = math.rng(seed).child("labels").shuffle(Array.from(levels.strokes.learn.labels));
  const score = probe.linearProbe(
    { features: fitted, labels },
    { features: scored, labels: levels.strokes.test.labels },
  );
  return 100 * score - 100 / 3;
};
await claim("02.random-knows", {
  says: "The first layer of a network that was never trained already tells the strokes apart.",
  values: at(before(onArrangement), "strokes", 1).map((known) => known - 100 / 3),
  unit: "points above chance",
  atLeast: 25,
  control: () => chapter.seeds(5, shuffled), // the probe is fitted to the labels of other pictures
});

// %% [markdown] {"id": "random-finding"}
// A random layer of 3 × 3 kernels and ReLUs lets a probe read the strokes in 98.2 % of the pictures, more than the trained one does (96.0 %). Twelve random kernels answer differently to differently turned strokes, and that is enough.
// The arrangement, too, gets easier to read with depth in the untrained network: 30.1 % in the first layer, 54.6 % in the seventh. Fields grow from layer to layer, until one position sees both shapes. A rising probe curve is therefore no proof of learning; its distance from the untrained curve is.

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
// Depth by itself builds no hierarchy. The network that learned the *strokes* has the same seven layers, and could have built shapes on top of them. Nobody asked it to. How much less is known of the shapes in its fifth layer than in that of the network that learned the arrangement, in percentage points?

// %% {"id": "predict-c", "tags": ["predict"]}
predict("02.c", null, { claim: "02.hierarchy-is-asked-for", unit: "points" });

// %% {"id": "story"}
show(
  plot.depthProfile(
    [
      {
        name: "learned the arrangement",
        role: "third",
        runs: after(onArrangement).map((one) => one.shapes),
      },
      { name: "learned the strokes", role: "first", runs: after(onStrokes).map((one) => one.shapes) },
      { name: "untrained", role: "random", runs: before(onStrokes).map((one) => one.shapes) },
    ],
    {
      title: "Which layer knows the shapes, after learning something else? (5 seeds)",
      y: "shapes read by a probe (% of pictures)",
      references: [chance[0]],
    },
  ),
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
// The network that learned the strokes knows no more of the shapes than an untrained one, in any layer. The layers are there, the strokes are there, and still nothing is built on them. A hierarchy of features is not what depth *does*; it is what depth *allows*, where a task asks for it.

// %% [markdown] {"id": "teacher-middle", "tags": ["teacher"]}
// **Teacher · 25 minutes so far.** Ask for guesses of 02.a on the board before anybody trains; most say 0 to 20 points, because "it is built on strokes". Draw two arrows for each layer: what the task needs from it, what it throws away. A classifier is a machine that forgets everything but the answer.
// **Usual errors:** "a probe reads it, so the network uses it" (the untrained network uses nothing); "a probe does not read it, so it is gone" (it may be knotted up, or in positions that averaging removed). **Break here.** If time is short, skip the section on made pictures.

// %% [markdown] {"id": "control-text"}
// ## A probe can learn by heart
// A probe has weights of its own, and with enough of them it fits anything. The **control task** of Hewitt and Liang (2019): give every example a label at random. There is nothing to know, so whatever the probe gets right, it has learned by heart.
// Here are probes on the 144 pixels in the middle of each picture, fitted to few or many pictures with random labels, and scored on the very pictures they were fitted to, and on others.

// %% {"id": "control-task"}
const fits = chapter.pick({ normal: [100, 200, 500, 1000, 2000], smoke: [50, 100] });
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

// %% {"id": "control-figure"}
show(
  plot.curves(
    ["the pictures it was fitted to", "other pictures"].map((name, index) => ({
      name,
      x: fits,
      runs: controlTask.map((run) => run.map((scores) => scores[index])),
    })),
    {
      title: "How well does a probe read labels that mean nothing? (144 pixels, 5 seeds)",
      x: "pictures the probe is fitted to",
      y: "right answers (%)",
      logX: true,
      references: [{ name: "chance", y: 100 / 3 }],
    },
  ),
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
// Fitted to 100 pictures, the probe gets every random label right, 100 % of them, on these pictures; with 2000 it is down to 47.4 %. On other pictures it is at chance throughout. So score a probe on examples it was not fitted to, and give it many more examples than features.

// %% [markdown] {"id": "ex-3-text", "tags": ["exercise"], "exercise": {"id": "02.3", "kind": "debug", "difficulty": 3, "minutes": 7}}
// ### Exercise 02.3 · The probe that cheats
// *Difficulty 3 of 5, 7 minutes.* Before a probe is fitted, every feature is brought to mean 0 and standard deviation 1. A colleague wrote the function below for the examples to be scored, and wonders why her probes get worse when she scores few examples, and break down when she scores one.
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
// ## The same in one dimension, at three depths
// MNIST-1D (Greydanus and Kobak, 2024) has ten digits drawn as curves of 40 points, shifted, stretched and buried in noise. The network is the one you know, with 24 channels over 5 neighbouring points. A speech recogniser starts from signals like these.
// This time depth changes: 3, 5 and 9 weight layers, five seeds each, and one label, the digit. We also keep what the layers of the deepest say of the test signals, for the next section.

// %% {"id": "signals"}
const signals = data.mnist1d();
const heard = chapter.pick({ normal: signals.train, smoke: signals.train.take(200) });
const unheard = chapter.pick({ normal: signals.test, smoke: signals.test.take(100) });
const signalNet = (depth: number): Net => ({
  ...{ shape: [40, 1], classes: 10, channels: 24, kernelSize: 5 },
  // Two steps of two positions, wherever the network is deep enough for them.
  strides: Array.from({ length: depth - 1 }, (_, index) =>
    index === 0 || index === Math.floor(depth / 2) - 1 ? 2 : 1,
  ),
});
interface Heard {
  readonly known: readonly number[];
  readonly features: readonly probe.Features[];
}
async function digitsIn(model: tf.LayersModel): Promise<Heard> {
  const fitted = await probe.features(model, heard.take(heard.count / 2));
  const features = await probe.features(model, unheard);
  const { labels } = heard.take(heard.count / 2);
  const known = fitted.map(
    (own, layer) =>
      100 *
      probe.linearProbe(
        { features: own, labels },
        { features: features[layer], labels: unheard.labels },
      ),
  );
  return { known, features };
}

// %% {"id": "signals-train"}
const depths = chapter.pick({ normal: [3, 5, 9], smoke: [3, 9] });
async function hear(depth: number, seed: number): Promise<{ before: Heard; after: Heard }> {
  const model = convNet(signalNet(depth), seed);
  const untrained = await digitsIn(model);
  await train.fit(model, heard, { ...setting, batchSize: 100, seed });
  return { before: untrained, after: await digitsIn(model) };
}
const hearing = new Map<number, { before: Heard; after: Heard }[]>();
for (const depth of depths) {
  const runs = await chapter.seeds(5, (seed) => hear(depth, seed), `depth ${depth}`);
  hearing.set(depth, runs);
}

// %% {"id": "signals-figure"}
const heardAt = (depth: number, when: "before" | "after") =>
  hearing.get(depth)!.map((run) => run[when].known);
const byDepth = (y: string, when: "before" | "after") =>
  plot.depthProfile(
    depths.map((depth) => ({ name: `depth ${depth}`, depth, runs: heardAt(depth, when) })),
    { y, references: [{ name: "chance", y: 10 }] },
  );
show(
  plot.smallMultiples(
    [
      byDepth("digits read before training (% of signals)", "before"),
      byDepth("digits read after training (% of signals)", "after"),
    ],
    { title: "What can be read from each layer, at three depths? (MNIST-1D, 5 seeds)" },
  ),
);

// %% {"id": "claim-rise"}
const climb = (runs: readonly (readonly number[])[]) => runs.map((known) => known.at(-2)! - known[0]);
await claim("02.probes-rise", {
  says: "After training, the last hidden layer of a network of depth 9 tells more of the digit than its first.",
  values: climb(heardAt(9, "after")),
  unit: "points",
  atLeast: 10,
  control: () => climb(heardAt(9, "before")),
});

// %% {"id": "signals-table"}
const second = (runs: readonly (readonly number[])[]) => runs.map((known) => known[1]);
table(
  depths.map((depth) => ({
    depth,
    "second layer": second(heardAt(depth, "after")),
    "last hidden layer": heardAt(depth, "after").map((known) => known.at(-2)!),
    "last hidden layer, untrained": heardAt(depth, "before").map((known) => known.at(-2)!),
  })),
  {
    units: {
      "second layer": "%",
      "last hidden layer": "%",
      "last hidden layer, untrained": "%",
    },
  },
);

// %% [markdown] {"id": "signals-finding"}
// Before training, deeper means less: at depth 9, the last hidden layer of the untrained network tells 32.3 % of the digits. After training it tells 94.6 %, and every layer more than the one before, until the curve is flat.
// Now compare depths. The second layer of the network of depth 3 tells 87.4 %, of depth 5 76.6 %, of depth 9 72.9 %. The same layer knows less in a deeper network, because it need not know more yet. What a layer does depends on how many come after it; *the second layer sees corners* is no property of a second layer.

// %% [markdown] {"id": "cka-text"}
// ## Are two layers alike?
// A probe asks for one label. **Linear CKA** (centred kernel alignment) asks for all at once: do two layers arrange the same examples alike? Let $X$ and $Y$ hold the features of $N$ examples, one row each, with the columns' means taken out. Then
//
// $$\text{CKA} = \frac{\lVert X^\top Y \rVert^2}{\lVert X^\top X \rVert \, \lVert Y^\top Y \rVert},$$
//
// where $\lVert \cdot \rVert$ is the root of the sum of squares. It is 1 if one set of features is a rotated, shifted, evenly scaled copy of the other, whatever the order of units, and 0 if they have nothing linear in common.

// %% [markdown] {"id": "ex-4-text", "tags": ["exercise"], "exercise": {"id": "02.4", "kind": "implement", "difficulty": 3, "minutes": 9}}
// ### Exercise 02.4 · CKA of two features
// *Difficulty 3 of 5, 9 minutes.* With one feature each, $X$ and $Y$ are single columns and the norms are plain sums. Write `alike(x, y)`: take the means out, and return CKA.
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
// Now all layers of the network of depth 9 against all layers of another one with other first weights; then against itself, and against itself before training. The features are of 1000 signals that no network was trained on.

// %% {"id": "maps"}
const features9 = hearing.get(9)!.map((run) => ({
  before: run.before.features,
  after: run.after.features,
}));
const ckaMap = (a: readonly probe.Features[], b: readonly probe.Features[]) =>
  a.map((x) => b.map((y) => probe.cka(x, y, { debiased: true })));
const layerNames = features9[0].after.map((_, index) => String(index + 1));
const drawMap = (title: string, x: string, y: string, matrix: readonly (readonly number[])[]) =>
  plot.heatMap(matrix, {
    ...{ title, x, y, value: "linear CKA, debiased", range: [0, 1] as const },
    ...{ columns: layerNames, rows: layerNames },
  });
show(
  drawMap(
    "Does a layer find its partner in a network with other first weights?",
    "layer of the second network",
    "layer of the first network",
    ckaMap(features9[0].after, features9[1].after),
  ),
);

// %% {"id": "maps-own"}
show(
  plot.smallMultiples(
    [
      drawMap(
        "itself",
        "layer of the trained network",
        "layer of the trained network",
        ckaMap(features9[0].after, features9[0].after),
      ),
      drawMap(
        "before training",
        "layer before training",
        "layer of the trained network",
        ckaMap(features9[0].after, features9[0].before),
      ),
    ],
    {
      title: "Which layers are alike, and what is left of the start? (CKA: dark 0, bright 1)",
    },
  ),
);

// %% {"id": "claim-cka"}
const partners = (a: readonly probe.Features[], b: readonly probe.Features[]) =>
  100 *
  math.mean(
    ckaMap(a, b).map((row, layer) => (Math.abs(row.indexOf(Math.max(...row)) - layer) <= 1 ? 1 : 0)),
  );
const nextRun = (index: number) => features9[(index + 1) % features9.length];
await claim("02.layers-correspond", {
  says: "Trained from other first weights, a layer is most alike to the layer of its own depth, or to a neighbour of that.",
  values: features9.map((run, index) => partners(run.after, nextRun(index).after)),
  unit: "% of layers",
  atLeast: 42,
  control: () => features9.map((run, index) => partners(run.after, nextRun(index).before)),
});

// %% {"id": "few-signals"}
const few = ({ values, units }: probe.Features, count: number) => ({
  values: values.subarray(0, count * units),
  units,
});
/** The same features of the signals half a list further on: what is alike then is chance. */
const ofOthers = (features: probe.Features) => {
  const half = features.values.length / 2;
  const turned = [...features.values.subarray(half), ...features.values.subarray(0, half)];
  return { ...features, values: Float32Array.from(turned) };
};
const counts = chapter.pick({ normal: [30, 100, 1000], smoke: [30, 100] });
const estimates = counts.map((count) => {
  const estimate = (options: probe.CkaOptions) =>
    features9.map((run, index) =>
      probe.cka(few(run.after[6], count), few(ofOthers(nextRun(index).after[6]), count), options),
    );
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
// Across networks, 86.7 % of the layers find their best partner at their own depth or next to it. The maximum is a broad ridge, not a sharp line: neighbours are nearly as alike. Against the network before training, only the first layer has kept much of its start.
// The table is the warning. Layers of *other* signals have nothing in common, yet with 30 signals the plain estimate says 0.119, with 1000 it says 0.00337. The debiased one is near 0 throughout, a little below on average; over batches it gives nearly the same.
// And a high CKA does not mean the same knowledge. It weighs directions by how much they vary, so two layers may agree in all that is large and differ in the small part that your label needs.

// %% [markdown] {"id": "made-text"}
// ## What a unit likes to see
// Numbers say *that* something is known. For *what* a unit answers to, people look at pictures, in two ways.
// **Most activating pieces** (Zeiler and Fergus, 2014): search all examples for the pieces to which a unit answers most; a piece is as large as the unit's **receptive field**, the part of the input that can reach it.
// **Activation maximisation** (Erhan and others, 2009): make such an input, by gradient ascent on the pixels. Left alone this gives noise; so large pixels are punished ($L_2$), differences between neighbours are punished (total variation), and the picture is shifted a little before each step (jitter).
//
// We take one network that has learned the arrangement, and three of its channels in layers 1, 3 and 5.

// %% {"id": "made-train"}
const shown = convNet({ ...imageNet, classes: 4 }, chapter.child("shown"));
await train.fit(shown, levels.arrangement.learn, {
  ...setting,
  seed: chapter.child("shown"),
});
const kernels = shown.getLayer("conv1").getWeights()[0].dataSync();
show(
  plot.imageGrid(
    [
      {
        name: "kernel",
        shape: [3, 3],
        images: Array.from({ length: 12 }, (_, channel) =>
          Array.from({ length: 9 }, (__, tap) => kernels[12 * tap + channel]),
        ),
      },
    ],
    {
      title: "Are the first layer's kernels detectors of strokes? (blue below zero, red above)",
      x: "channel",
      y: "layer 1",
      signed: true,
    },
  ),
);

// %% {"id": "pieces"}
const seen = levels.arrangement.test.take(chapter.pick({ normal: 300, smoke: 72 }));
const pieces: { name: string; liked: readonly probe.Patch[] }[] = [];
for (const layer of [1, 3, 5]) {
  for (const channel of [0, 1, 2]) {
    const unit = { layer: `norm${layer}`, channel };
    const liked = await probe.mostActivating(shown, unit, seen, 7);
    pieces.push({ name: `layer ${layer}, channel ${channel + 1}`, liked });
  }
}
show(
  plot.imageGrid(
    pieces.map(({ name, liked }) => ({
      name,
      shape: liked[0].shape,
      images: liked.map(({ values }) => values),
    })),
    {
      title: "To which pieces of the test pictures do units answer most?",
      x: "piece, strongest first",
      y: "unit",
    },
  ),
);

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
const best = (layer: number) =>
  pieces
    .filter(({ name }) => name.startsWith(`layer ${layer},`))
    .map(({ liked }) => liked[0].activation);
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
// The kernels of layer 1 do not look like a textbook's bars, though this layer tells the strokes; look at the *pieces* instead: bars at an edge, in one direction each. In layer 3 they are crossings and corners, and one channel that answers to single dark pixels, whatever stands there. In layer 5, a shape at a place, or two shapes with a gap between them.
// The made pictures say less. Without penalties they excite the unit of layer 5 four times as much as the best test picture (16.4 against 3.73) and look like nothing; with them, 4.21, they show dark blots where the pieces have shapes. Penalties smooth the pictures of layers 1 and 5; in layer 3 the roughness is nearly the same without them (0.425) and with them (0.424).
// None of these pictures told you that the strokes are lost at the end, nor that shapes appear only when asked for. A picture of what excites a unit is a hypothesis; the probe with its untrained twin is the measurement.

// %% [markdown] {"id": "ex-5-text", "tags": ["exercise"], "exercise": {"id": "02.5", "kind": "design", "difficulty": 4, "minutes": 10}}
// ### Exercise 02.5 · Know it without learning it
// *Difficulty 4 of 5, 10 minutes.* An untrained network knows something of the arrangement. Design one that knows more: choose `kernelSize` (odd, at most 5) and the `strides` (1 or 2) of one to six layers with 12 channels, so that a probe on the last hidden layer, averaged over positions, reads the arrangement in at least 45 % of the test pictures (guessing gets 25 %), with the interval over four seeds above that.
// Use `convNet` and `knowledge` above to try your designs first. What must a layer see before it can know where a shape lies?

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
// **Teacher · last ten minutes.** Put the made pictures and the probe curves side by side and ask: which of the two would convince you in a paper, and of what? Then show the untrained panel again.
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
