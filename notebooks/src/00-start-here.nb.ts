// %% [markdown] {"id": "title"}
// # 00 · Start here
// *What is depth, how do you see that a network learns, and how much does one run prove?*
//
// **You will**
// - train a network and watch it learn, within a minute from now;
// - say how deep a network is, also where libraries count differently;
// - read a learning curve, and know how little a single run proves.
//
// **Needs** what a function and a derivative are; some JavaScript or TypeScript. **Time** 20 minutes, less than one of them computing; the three exercises take 13 more.

// %% [markdown] {"id": "how-text"}
// ## How this page works
// *1 minute.* A **cell** is a piece of code that you run: click into it and press Shift and Enter. Cells share their variables, so run them from top to bottom. The next one loads the library and begins the chapter.
//
// Nothing here is left to chance. All random numbers come from the chapter's **seed**, and the same seed gives the same numbers on every machine: what you see is what this text talks about.

// %% {"id": "imports"}
import { tf, data, math, nn, plot, train, lesson } from "deepen";
const { show, table, predict, claim, check } = lesson;
const chapter = await lesson.begin("00-start-here", { seed: 0 });

// %% [markdown] {"id": "predict-a-text"}
// ## A first network
// *4 minutes.* MNIST holds handwritten digits, 28 × 28 pixels each. A network gets the 784 numbers and answers with ten, one for each digit; the largest is its answer.
// The smallest network has one **layer of weights**: each of the ten outputs is a weighted sum of the pixels. It starts from random weights and takes 150 **steps** of gradient descent; at every step it sees a **batch** of 64 digits.
//
// Then it is asked about 2,000 digits that it has never seen. Guessing gets about 10 % of them right. How many percentage points *more* will it get? Put your guess in place of `null` and run the cell: a guess on paper teaches more than a nod afterwards.

// %% {"id": "predict-a", "tags": ["predict"]}
predict("00.a", null, { claim: "00.one-layer-reads", unit: "points above guessing" });

// %% {"id": "setting"}
const digits = await data.mnist();
const examples = digits.train.take(chapter.pick({ normal: 2000, smoke: 200 }));
const unseen = digits.test;
const setting = { steps: chapter.pick({ normal: 150, smoke: 5 }), batchSize: 64 };
const sgd = (learningRate: number) => ({ kind: "sgd", learningRate, momentum: 0.9 }) as const;

// %% [markdown] {"id": "train-text"}
// `nn.mlp` makes a network, `train.fit` trains it. While it runs, the cell draws its **loss**: how far the answers are from the truth, averaged over the batch, in nats. A network that gives each digit a tenth has a loss of $\ln 10 \approx 2.30$.

// %% {"id": "train"}
const first = nn.mlp({ depth: 1, width: 64, activation: "relu", init: "heNormal", seed: chapter.seed });
let losses: readonly number[] = [];
const growing = lesson.live(() =>
  plot.curves([{ name: "one layer", role: "residual", runs: [losses] }], {
    title: "Does one layer of weights learn to read digits?",
    x: "step",
    y: "loss of the step's batch (nats)",
    references: [{ name: "guessing: ln 10", y: math.ln(10) }],
  }),
);
await train.fit(first, examples, {
  ...setting,
  optimizer: sgd(0.05),
  seed: chapter.seed,
  every: 5,
  onStep: ({ history }) => {
    losses = [...history.loss];
    growing.update();
  },
});
growing.end();

// %% {"id": "claim-first"}
async function testAccuracy(depth: number, seed: number, from = examples): Promise<number> {
  const model = nn.mlp({ depth, width: 64, activation: "relu", init: "heNormal", seed });
  await train.fit(model, from, { ...setting, optimizer: sgd(0.05), seed });
  return 100 * (await train.evaluate(model, unseen)).accuracy;
}
const ofDepth = (depth: number, count: number) =>
  chapter.seeds(count, (seed) => testAccuracy(depth, seed), `depth ${depth}`);
const one = await ofDepth(1, 5);
const shuffled = data.examples({
  ...examples,
  labels: Int32Array.from(
    math.rng(chapter.child("labels")).permutation(examples.count),
    (place) => examples.labels[place],
  ),
});
table([{ network: "one layer of weights", "right on unseen digits": one }], {
  units: { "right on unseen digits": "%" },
});
await claim("00.one-layer-reads", {
  says: "After 150 steps, one layer of weights reads far more unseen digits than guessing does.",
  values: one.map((accuracy) => accuracy - 10),
  unit: "points above guessing",
  atLeast: 30,
  // The cause removed: the same pictures with labels in a random order, from which nothing can be learned.
  control: () => chapter.seeds(3, async (seed) => (await testAccuracy(1, seed, shuffled)) - 10),
});

// %% [markdown] {"id": "claim-text"}
// So ends every statement of this course that can be measured: in a **claim**. It says what is stated, what was measured here, from several starts, and how much the starts differ.
// Below stands the **control**: the same measurement with the cause taken away. Here the labels were shuffled, and what is left is guessing. A claim holds only if the measurement passes its bound *and* the control fails it.
//
// The table reads 86.8 ± 1.1: the mean of five runs, and the half-width of its 95 % interval. What that is worth comes below.

// %% [markdown] {"id": "depth-text"}
// ## How deep is it?
// *2 minutes, and 4 for the exercise.* The network above had one layer of weights: **depth** 1. Depth 2 has a layer of **hidden units** between pixels and answer; depth $L$ has $L - 1$ of them. In this course, as in the name ResNet-20, *depth counts the layers with weights on the way from input to output, the output layer included*.
//
// Others count otherwise. For the same three networks:

// %% {"id": "depth-table"}
table(
  [1, 2, 4].map((depth) => {
    const plain = nn.mlp({ depth, width: 64, activation: "relu", init: "heNormal", seed: 0 });
    const normalised = nn.mlp({
      depth,
      width: 64,
      activation: "relu",
      init: "heNormal",
      seed: 0,
      norm: "batch",
    });
    return {
      "depth (this course)": depth,
      "hidden layers": depth - 1,
      "model.layers, TensorFlow.js": plain.layers.length,
      "… with batch norm": normalised.layers.length,
      "modules of a PyTorch Sequential": 2 * depth - 1,
      "weights and biases": plain.countParams(),
    };
  }),
);

// %% [markdown] {"id": "depth-finding"}
// TensorFlow.js counts the input as a layer, and each batch normalisation and each activation that is written apart: 5 to 11 "layers" for depth 4. In PyTorch an activation is a module of its own. Equinox's `depth` and the length of scikit-learn's `hidden_layer_sizes` are the number of hidden layers.
// None is wrong. But a statement such as "accuracy falls from 20 layers on" means nothing before somebody says what was counted.

// %% [markdown] {"id": "ex-1-text", "tags": ["exercise"], "exercise": {"id": "00.1", "kind": "implement", "difficulty": 1, "minutes": 4}}
// ### Exercise 00.1 · Count the depth
// *Difficulty 1 of 5, 4 minutes.* Write `depthOf(layers)`: the depth of a network whose layers stand in a list, from input to output, by their kinds as TensorFlow.js names them, for example
// `["inputLayer", "conv2d", "batchNormalization", "activation", "flatten", "dense"]`, whose depth is 2. The kinds with a weight matrix or filters are `dense`, `conv1d`, `conv2d`, `depthwiseConv2d`, `simpleRNN`, `lstm`, `gru`.
//
// Write your code in place of the line with `todo`, and run the cell. The **check** says what it expected, what came, and which mistake it recognises; each attempt unlocks a hint, `lesson.hint("00.1")`.

// %% {"id": "ex-1", "tags": ["exercise"]}
function depthOf(layers: readonly string[]): number {
  // SOLUTION
  const weighted = ["dense", "conv1d", "conv2d", "depthwiseConv2d", "simpleRNN", "lstm", "gru"];
  return layers.filter((kind) => weighted.includes(kind)).length;
  // EXERCISE
  // return lesson.todo("00.1");
  // END
}
await check("00.1", depthOf);

// %% [markdown] {"id": "teacher-depth", "tags": ["teacher"]}
// **Teacher · 10 minutes so far.** Before the table, let everybody write down the depth of: logistic regression (1), a net with one hidden layer (2), ResNet-20 (20: 19 convolutions and a dense layer; the shortcuts' convolutions are not counted), an LSTM layer over 40 steps with a dense output (2 by weights, 41 by steps).
// The last one divides the room, and chapter 09 comes back to it. **Usual error:** counting batch normalisation because it has parameters.

// %% [markdown] {"id": "predict-b-text"}
// ## The first hidden layer
// *2 minutes.* Depth 1 draws ten flat boundaries. One hidden layer of 64 ReLU units can bend them; `relu(z)` is $\max(0, z)$. Same digits, same 150 steps.
// By how many percentage points does depth 2 beat depth 1 on unseen digits?

// %% {"id": "predict-b", "tags": ["predict"]}
predict("00.b", null, { claim: "00.hidden-layer-helps", unit: "points" });

// %% {"id": "two"}
const two = await ofDepth(2, 5);
const again = await chapter.seeds(
  5,
  (seed) => testAccuracy(1, math.childSeed(seed, "other")),
  "depth 1, other starts",
);
table(
  [
    { network: "depth 1", "right on unseen digits": one },
    { network: "depth 2", "right on unseen digits": two },
    { network: "depth 1, other starts", "right on unseen digits": again },
  ],
  { units: { "right on unseen digits": "%" } },
);
await claim("00.hidden-layer-helps", {
  says: "One hidden layer reads more unseen digits than none, after the same steps.",
  values: two.map((accuracy, seed) => accuracy - one[seed]),
  unit: "points",
  atLeast: 2,
  control: () => again.map((accuracy, run) => accuracy - one[run]), // no hidden layer in either
});

// %% [markdown] {"id": "two-finding"}
// 91.5 % against 86.8 %: the hidden layer pays. (The third row is the claim's control: depth 1 once more, so nothing should be gained, and nothing is, beyond the difference of starts.) It would be nice if that went on, a layer at a time. Most of this course is about why it does not, and what to do about it.

// %% [markdown] {"id": "curve-text"}
// ## Reading a learning curve
// *4 minutes, and 4 for the exercise.* Networks of depth 3 with three **learning rates**: a step is the rate times the gradient (without the momentum that the runs above had). The rates are 0.003, 0.1 and 1. Nothing else differs, not even the starts.

// %% {"id": "rates"}
const rates = [0.003, 0.1, 1];
const byFive = (values: readonly number[]) =>
  Array.from({ length: Math.floor(values.length / 5) }, (_, block) =>
    math.mean(values.slice(5 * block, 5 * block + 5)),
  );
/** Hidden units of the second layer that are 0 for every one of 1,000 digits, in per cent. */
function shareOff(model: tf.LayersModel): number {
  const hidden = tf.model({
    inputs: model.inputs,
    outputs: model.getLayer("layer2").output as tf.SymbolicTensor,
  });
  const activations = hidden.predict(tf.tensor2d(digits.validation.x, [1000, 784])) as tf.Tensor2D;
  return 100 * activations.max(0).equal(0).mean().dataSync()[0];
}
async function atRate(learningRate: number, seed: number) {
  const model = nn.mlp({ depth: 3, width: 64, activation: "relu", init: "heNormal", seed });
  const optimizer = { kind: "sgd", learningRate } as const;
  const { loss } = await train.fit(model, examples, { ...setting, optimizer, seed });
  return { loss: byFive(loss), off: shareOff(model) };
}

// %% {"id": "rates-figure"}
const byRate: { loss: number[]; off: number }[][] = rates.map(() => []);
const falling = lesson.live(() =>
  plot.curves(
    ["A", "B", "C"]
      .map((name, index) => ({ name, runs: byRate[index].map(({ loss }) => loss) }))
      .filter(({ runs }) => runs.length > 0)
      .map((line) => ({ ...line, x: line.runs[0].map((_, block) => 5 * (block + 1)) })),
    {
      title: "Which of these learning rates is too small, and which too large? (depth 3, 5 seeds)",
      x: "step",
      y: "loss, mean of 5 steps (nats)",
      logY: true,
      references: [{ name: "guessing: ln 10", y: math.ln(10) }],
    },
  ),
);
for (const [index, rate] of rates.entries()) {
  const follow = async (seed: number) => {
    byRate[index].push(await atRate(rate, seed));
    falling.update();
  };
  await chapter.seeds(5, follow, `rate ${rate}`);
}
falling.end();

// %% [markdown] {"id": "ex-2-text", "tags": ["exercise"], "exercise": {"id": "00.2", "kind": "interpret", "difficulty": 2, "minutes": 4}}
// ### Exercise 00.2 · Three curves
// *Difficulty 2 of 5, 4 minutes.* A, B and C are the rates 0.003, 0.1 and 1. C ends near the dotted line. What happened to C?
//
// - **a** Its steps are so small that it has not left its start yet.
// - **b** It has learned as much as a network of depth 3 can.
// - **c** It memorised the batches, and the loss shows the overfitting.
// - **d** Its first steps threw the weights far away, to where the gradient is nearly nothing; there it answers the same to every digit.

// %% {"id": "ex-2", "tags": ["exercise"]}
// SOLUTION
const whatHappened = "d";
// EXERCISE
// const whatHappened: "a" | "b" | "c" | "d" = lesson.todo("00.2");
// END
await check("00.2", whatHappened);

// %% {"id": "rates-inside"}
table(
  rates.map((rate, index) => ({
    curve: "ABC"[index],
    "learning rate": rate,
    "units of layer 2 that are off for every digit": byRate[index].map(({ off }) => off),
  })),
  { units: { "units of layer 2 that are off for every digit": "%" } },
);

// %% [markdown] {"id": "rates-finding"}
// Three shapes to remember. A falls slowly and is not done: the rate is too small, or the steps too few. B falls fast, then flattens. C shoots up within its first steps and comes to rest at $\ln 10$: it has thrown its weights away, and sits where "a tenth each" is the best that is left. The table looks inside: 88.1 % of the units of its second layer are at 0 for every digit, and no gradient passes a unit at 0.
// (The axis has powers of ten, so the line is the *geometric* mean: the mean of the logarithms. Where C shoots up, its five runs are so far apart that the band covers most of the picture.)
// A loss that *stays* near $\ln 10$ from the start is a fourth shape: there the signal does not get through, and chapter 03 is about it.
//
// The loss here is that of digits the network trains on. It says nothing about unseen ones; chapter 05 is about the difference.

// %% [markdown] {"id": "predict-c-text"}
// ## What does one run prove?
// *5 minutes, and 5 for the exercise.* Is depth 4 better than depth 3? Train one of each and look: a **race**. To be fair, both see the same digits in the same order.
//
// Before you race: two runs of the *same* depth-4 network, which differ in nothing but the random start and the order of the digits, end with different accuracies. By how many points do they differ, on average?

// %% {"id": "predict-c", "tags": ["predict"]}
predict("00.c", null, { claim: "00.seeds-differ", unit: "points" });

// %% {"id": "race"}
const three: number[] = [];
const four: number[] = [];
const lead: number[] = [];
const running = lesson.live(() =>
  plot.curves([{ name: "lead", role: "residual", points: true, runs: [lead] }], {
    title: "Who wins each race? (above the dotted line depth 4, below it depth 3)",
    x: "race",
    y: "lead of depth 4 (points)",
    references: [{ name: "draw", y: 0 }],
  }),
);
await chapter.seeds(
  20,
  async (seed) => {
    three.push(await testAccuracy(3, seed));
    four.push(await testAccuracy(4, seed));
    lead.push(four[four.length - 1] - three[three.length - 1]);
    running.update();
  },
  "races",
);
running.end();

// %% {"id": "race-table"}
table(
  [0, 1, 2, 3, 4].map((race) => ({
    race: race + 1,
    "depth 3": three[race],
    "depth 4": four[race],
    "lead of depth 4": lead[race],
  })),
  { units: { "depth 3": "%", "depth 4": "%", "lead of depth 4": "points" } },
);

// %% {"id": "race-mean"}
table([
  {
    races: lead.length,
    "won by depth 4": lead.filter((points) => points > 0).length,
    drawn: lead.filter((points) => points === 0).length,
    "mean lead of depth 4 (points)": lead,
    "depth 3 (%)": three,
    "depth 4 (%)": four,
  },
]);

// %% [markdown] {"id": "race-finding"}
// Had you raced once, you would know the answer: depth 4 wins, 92.8 % against 90.8 %. The second race is a draw. In the next three depth 3 is ahead.
// Over all twenty, depth 4 wins 6 and is *behind* by 0.700 points on average. The first race was not a mistake, it was a sample: single runs of either network spread over several points.
//
// So no statement about depth in this course rests on one run. `0.700 ± 0.595` is the mean and the half-width of its **95 % interval**: a recipe that catches the true mean 19 times out of 20. It leaves out 0, so depth 4 is behind, here: at this rate, after this many steps.
// The races are **paired**, the same digits in the same order on both sides, and the interval is that of the differences.

// %% {"id": "shrink"}
const halfWidth = (values: readonly number[]) => {
  const { mean, high } = math.tInterval(values);
  return high - mean;
};
const counts = lead.map((_, index) => index + 1).filter((count) => count >= Math.min(3, lead.length));
const random = math.rng(chapter.child("orders"));
const orders = Array.from({ length: 200 }, () => random.shuffle(lead));
const typicalHalfWidth = (count: number) =>
  math.mean(orders.map((order) => halfWidth(order.slice(0, count))));
show(
  plot.curves(
    [
      {
        name: "interval",
        role: "residual",
        x: counts,
        runs: [counts.map(typicalHalfWidth)],
        theory: counts.map((count) => (2 * math.std(lead)) / Math.sqrt(count)),
      },
    ],
    {
      title: "How sure are you after n races? (average over 200 choices of n races)",
      x: "races n",
      y: "half-width of the 95 % interval (points)",
      references: [{ name: "mean lead", y: Math.abs(math.mean(lead)) }],
    },
  ),
);

// %% [markdown] {"id": "shrink-finding"}
// The dashed line is $2 s / \sqrt n$, with $s$ the standard deviation of the leads: four times the races halve the interval. For few races the measured one is wider, since $s$ itself is then a guess.
// Where the curve crosses the dotted line, the interval becomes shorter than the lead it should make sure of: below fifteen races you would mostly have reported "no difference found". The picture does not say that fifteen are enough elsewhere; that depends on the effect. Effects in this course are mostly large, so that three to five seeds show them.

// %% {"id": "claim-seeds"}
const others = await chapter.seeds(
  20,
  (seed) => testAccuracy(4, math.childSeed(seed, "other")),
  "depth 4, other starts",
);
await claim("00.seeds-differ", {
  says: "Two runs of the same depth-4 network from different starts differ by more than half a point on unseen digits.",
  values: others.map((accuracy, run) => Math.abs(accuracy - four[run])),
  unit: "points",
  atLeast: 0.5,
  // The cause removed: both runs from the same start, in the same order.
  control: () =>
    chapter.seeds(3, async (seed) =>
      Math.abs((await testAccuracy(4, seed)) - (await testAccuracy(4, seed))),
    ),
});

// %% [markdown] {"id": "ex-3-text", "tags": ["exercise"], "exercise": {"id": "00.3", "kind": "implement", "difficulty": 2, "minutes": 5}}
// ### Exercise 00.3 · How sure is a mean?
// *Difficulty 2 of 5, 5 minutes.* The **standard error** says how far the mean of $n$ runs is typically from the mean of infinitely many: $s / \sqrt n$, where $s$ is the sample standard deviation,
// $s^2 = \frac{1}{n-1} \sum_i (v_i - \bar v)^2$. Write `standardError(values)` for two values or more, without `math.std`. `standardError([1, 3])` is `1`.

// %% {"id": "ex-3", "tags": ["exercise"]}
function standardError(values: readonly number[]): number {
  // SOLUTION
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
  // EXERCISE
  // return lesson.todo("00.3");
  // END
}
await check("00.3", standardError);

// %% [markdown] {"id": "teacher-end", "tags": ["teacher"]}
// **Teacher · last ten minutes.** Give each pair one race of the table and let it report its winner, one after the other, before anybody sees the rest. It is the quickest cure for single runs that I know; the class remembers its own headline.
// **Usual errors:** taking the half-width for the spread of single runs (it belongs to the mean); reading two overlapping intervals as *no difference* (the races are paired: look at the interval of the lead); dividing by $n$ in 00.3.
// **If time is short** skip *Reading a learning curve*; chapter 03 comes back to its fourth shape.

// %% [markdown] {"id": "claims-text"}
// ## What was claimed, and what you measured

// %% {"id": "claims"}
chapter.claims();

// %% [markdown] {"id": "recall-text"}
// ## What stays
// *2 minutes.* Answer in your own words before you open an answer. Come back to these tomorrow.

// %% {"id": "recall"}
lesson.recall("00");

// %% [markdown] {"id": "references"}
// ## Simplified here, and where to read on
// - One data set, of which 2,000 digits were used to train; one optimiser, one width. Whether depth 4 loses depends on all of them: with a learning rate of 0.02 the two are closer (tried: 0.43 ± 0.39 points). A fair comparison tunes each network's rate, as later chapters do.
// - The interval is Student's, for the mean of independent runs. It covers other starts and orders of the digits, not other digits: all runs were trained and tested on the same ones.
// - Every network was asked about the same 2,000 test digits. Whoever chooses by them (we chose nothing here) may not report them; chapters that choose use the validation digits.
//
// LeCun and others 1998, *Gradient-based learning applied to document recognition* (MNIST) · He and others 2015, arXiv:1512.03385 (how ResNet-20 counts) · Bouthillier and others 2021, arXiv:2103.03098 (*Accounting for variance in machine learning benchmarks*)
