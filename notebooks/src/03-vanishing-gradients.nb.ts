// %% [markdown] {"id": "title"}
// # 03 · Vanishing gradients
// *How much of the error signal is left when it has come back through thirty layers, and what decides it?*
//
// **You will**
// - measure activations, deltas and weight gradients layer by layer, and say which of the three has vanished;
// - predict with pencil and paper by how much a signal shrinks or grows per layer, and choose first weights by that prediction;
// - see what batch normalisation repairs and what it breaks, and what training makes of that;
// - find out which weights and which learning rates train at all, and what clipping repairs.
//
// **Needs** derivatives and the chain rule, matrices, what gradient descent does. **Time** 60 minutes with its exercises, less than two of them computing; what is marked *further* takes 41 more, and can be left for another day.

// %% {"id": "imports"}
import { tf, data, math, nn, probe, theory, train, plot, lesson } from "deepen";
const { show, table, predict, claim, check } = lesson;
const chapter = await lesson.begin("03-vanishing-gradients", { seed: 3 });

// %% [markdown] {"id": "predict-a-text"}
// ## Two networks, one difference
// *4 minutes.* Both read handwritten digits (MNIST, 28 × 28 pixels) through layers of 64 sigmoid units, and end in ten outputs. Both start from **Glorot's weights**, drawn with variance 2/(inputs + outputs) of their layer,
// see the same examples in the same order, and take the same 120 steps of gradient descent. One has **depth** 3, the other depth 30.
// Depth counts weight layers, output included: the first has 2 hidden layers, the second 29.
//
// Before you run anything: by how many percentage points does the deep one lag behind the other in training accuracy?
// Guessing at random gets about 10 % of the digits right. Put your guess in place of `null`; a negative number says that the deep one wins.

// %% {"id": "predict-a", "tags": ["predict"]}
predict("03.a", null, { claim: "03.deep-sigmoid-stalls", unit: "points" });

// %% [markdown] {"id": "setting-text"}
// One cell holds the setting of every training run here, and how a run goes. A network starts from random weights, so one run is an anecdote:
// `chapter.seeds(n, …)` repeats a measurement from n different starts, and every figure of depth shows the spread between them.

// %% {"id": "setting"}
const digits = await data.mnist();
const examples = digits.train.take(chapter.pick({ normal: 2000, smoke: 200 }));
const steps = chapter.pick({ normal: 120, smoke: 5 });
const setting = {
  batchSize: 64,
  optimizer: { kind: "sgd", learningRate: 0.05, momentum: 0.9 },
} as const;

type Net = Omit<nn.MlpOptions, "width" | "seed">;
interface Run {
  readonly loss: readonly number[]; // each a mean of five steps: single batches are noisy
  readonly accuracy: number;
}
const byFive = (loss: readonly number[]) =>
  Array.from({ length: Math.floor(loss.length / 5) }, (_, block) =>
    math.mean(loss.slice(5 * block, 5 * block + 5)),
  );
async function trainOnce(
  net: Net,
  seed: number,
  draw: (loss: readonly number[]) => void = () => undefined,
): Promise<Run> {
  const model = nn.mlp({ width: 64, ...net, seed });
  const onStep = ({ history }: train.FitProgress) => draw(byFive(history.loss));
  const { loss } = await train.fit(model, examples, { ...setting, steps, seed, onStep, every: 5 });
  const { accuracy } = await train.evaluate(model, examples);
  return { loss: byFive(loss), accuracy: 100 * accuracy };
}

// %% [markdown] {"id": "race-text"}
// `race` trains several such networks from three starts each, and draws their **loss** while they run: the mean cross-entropy of a batch, in nats.
// A network that gives every digit a probability of one tenth has a loss of $\ln 10 \approx 2.30$; a dotted line will stand there.

// %% {"id": "race"}
interface Runner extends Pick<plot.Series, "name" | "role" | "depth"> {
  readonly net?: Net; // without one, its runs are drawn as they are
  readonly runs: Run[];
}
async function race(title: string, runners: readonly Runner[]): Promise<void> {
  let growing: readonly number[] = [];
  const figure = lesson.live(() => {
    const done = runners.map(({ name, role, depth, runs }) => ({
      name,
      role,
      depth,
      runs: runs.map(({ loss }) => loss),
    }));
    const lines: plot.Series[] = [...done, { name: "running", role: "random", runs: [growing] }];
    const references = [{ name: "guessing: ln 10", y: math.ln(10) }];
    const drawn = lines
      .filter(({ runs }) => runs.length > 0 && runs[0].length > 0)
      .map((line) => ({ ...line, x: Array.from(line.runs[0], (_, block) => 5 * (block + 1)) }));
    return plot.curves(drawn, { title, x: "step", y: "loss, mean of 5 steps (nats)", references });
  });
  const draw = (loss: readonly number[]) => {
    growing = loss;
    figure.update();
  };
  await chapter.seeds(3, async (seed) => {
    for (const { net, runs } of runners) if (net) runs.push(await trainOnce(net, seed, draw));
  });
  growing = [];
  figure.end();
}

// %% {"id": "train"}
const short: Run[] = [];
const deep: Run[] = [];
const shortNet: Net = { depth: 3, activation: "sigmoid", init: "glorotUniform" };
await race("Do thirty sigmoid layers learn as three do?", [
  {
    name: "3 layers",
    depth: 3,
    runs: short,
    net: shortNet,
  },
  {
    name: "30 layers",
    depth: 30,
    runs: deep,
    net: { ...shortNet, depth: 30 },
  },
]);

// %% {"id": "claim-stalls"}
const accuracies = (runs: readonly Run[]) => runs.map(({ accuracy }) => accuracy);
const named = (network: string, runs: readonly Run[]) => ({
  network,
  "training accuracy": accuracies(runs),
});
const percent = { units: { "training accuracy": "%" } };
table([named("sigmoid, Glorot, depth 3", short), named("sigmoid, Glorot, depth 30", deep)], percent);
await claim("03.deep-sigmoid-stalls", {
  says: "After the same steps, thirty sigmoid layers from Glorot's weights are far behind three.",
  values: short.map((run, seed) => run.accuracy - deep[seed].accuracy),
  unit: "points",
  atLeast: 30,
  // The cause removed: networks of depth 3 once more, from other starts.
  control: async () => {
    const others = await chapter.seeds(3, (seed) => trainOnce(shortNet, math.childSeed(seed, "other")));
    return short.map((run, index) => run.accuracy - others[index].accuracy);
  },
});

// %% [markdown] {"id": "train-finding"}
// The short network reads 88.1 % of the digits after 120 steps, and is still getting better. The deep one does not leave $\ln 10$: it gets 10.2 % right, which is what you get for giving the same answer every time.
// Data, optimiser, units and starts are the same kind in both. What this picture does not show is *why*: the loss cannot tell, you have to look inside.

// %% [markdown] {"id": "teacher-opening", "tags": ["teacher"]}
// **Teacher · opening, 8 minutes.** Write the guesses for 03.a on the board as a row before anybody runs the cell. Ask for a reason with each; "deeper is better, only slower" is the one to keep for later.
// Let the curves run in silence. Then ask *what could be wrong?* and keep the list (too few steps, rate too small, overfitting, bad luck): the chapter strikes the entries out one by one.
// If *overfitting* is named, point at the axis, it is the training loss that does not fall. **Usual error:** counting 30 hidden layers instead of 29.

// %% [markdown] {"id": "by-hand"}
// ## The smallest case
// *10 minutes.* One unit a layer. Layer $l$ computes a **pre-activation** $z_l = w_l h_{l-1} + b_l$ and an **activation** $h_l = \sigma(z_l)$, where $h_0$ is the input.
// Call $\delta_l = \partial \mathcal{L} / \partial z_l$ the **delta** of layer $l$: how much the loss $\mathcal{L}$ feels a small push on $z_l$. The chain rule hands it down from the layer above:
//
// $$\delta_l = \sigma'(z_l)\, w_{l+1}\, \delta_{l+1}.$$
//
// Each hidden layer multiplies by one **factor**, slope times weight, and the slope $\sigma'(z) = \sigma(z)\,(1 - \sigma(z))$ is at most $\tfrac14$, reached at $z = 0$.
// With $w = 1$, thirty layers leave at most $4^{-29} \approx 3.5 \times 10^{-18}$ of the delta between the last layer and the first: 29 factors, one for each hidden layer.
//
// But the weight stands in that factor too. With $w = 4$, and a bias of $-2$ that holds $z$ at 0, each factor is exactly 1; with $w = 8$ and a bias of $-4$ it is 2. Walk down three such chains:

// %% {"id": "chain"}
function deltaThatArrives(weight: number, bias: number, depth: number): number {
  let activation = 0.5;
  let delta = 1; // of the last layer
  for (let layer = 1; layer < depth; layer++) {
    activation = 1 / (1 + math.exp(-(weight * activation + bias)));
    delta *= activation * (1 - activation) * weight;
  }
  return delta;
}
table(
  [
    [1, 0],
    [4, -2],
    [8, -4],
  ].map(([weight, bias]) => ({
    weight,
    bias,
    "first delta / last delta, depth 30": deltaThatArrives(weight, bias, 30),
  })),
);

// %% [markdown] {"id": "chain-finding"}
// One formula, three fates: vanishing, steady, exploding. So it is not the sigmoid that makes gradients vanish, it is slope times weight.
// And staying steady takes care: with every factor a tenth off, 29 of them make $0.9^{29} \approx 0.047$ or $1.1^{29} \approx 16$.

// %% [markdown] {"id": "ex-1-text", "tags": ["exercise"], "exercise": {"id": "03.1", "kind": "implement", "difficulty": 2, "minutes": 8}}
// ### Exercise 03.1 · Hand the delta down a chain
// *Difficulty 2 of 5, 8 minutes.* Write `deltas(weights, slopes, last)` for a chain with one unit a layer. `weights` holds $w_1 … w_L$; `slopes` holds $\phi'(z_1) … \phi'(z_{L-1})$ of the hidden units
// (the output has no activation function, hence one fewer); `last` is $\delta_L$. Return $[\delta_1, …, \delta_L]$, first layer first.
// Example: `deltas([1, 2, 3], [0.25, 0.5], 1)` is `[0.75, 1.5, 1]`.

// %% {"id": "ex-1", "tags": ["exercise"]}
function deltas(weights: readonly number[], slopes: readonly number[], last: number): number[] {
  // SOLUTION
  const result = [last];
  for (let l = slopes.length - 1; l >= 0; l--) {
    result.unshift(slopes[l] * weights[l + 1] * result[0]);
  }
  return result;
  // EXERCISE
  // return lesson.todo("03.1");
  // END
}
await check("03.1", deltas);

// %% [markdown] {"id": "teacher-chain", "tags": ["teacher"]}
// **Teacher · board.** Draw the chain as boxes $z_1, h_1, z_2, …$ with an arrow up for each forward step and, below it in red, its derivative; then read the red arrows from right to left. Leave it on the board: the whole chapter is this picture with matrices.
// **Usual errors in 03.1:** the weight *into* the unit instead of the one *out of* it; the list the wrong way round. **Time** 25 minutes so far; break after the next figure.

// %% [markdown] {"id": "predict-b-text"}
// ## A microscope for layers
// *6 minutes.* Real layers have many units and random weights of both signs. In matrix form, for one example, with $\odot$ for the product unit by unit:
//
// $$z_l = W_l h_{l-1} + b_l, \qquad h_l = \phi(z_l), \qquad \delta_l = \phi'(z_l) \odot W_{l+1}^\top \delta_{l+1}, \qquad \frac{\partial \mathcal{L}}{\partial W_l} = \delta_l\, h_{l-1}^\top.$$
//
// Three quantities, easily mixed up: **activations** travel up, **deltas** travel down, and the **weight gradient**, the only one that an optimiser sees, is a product of the two.
//
// Take the 30-layer sigmoid network at its start, now 128 units wide. By how many powers of ten is the weight gradient of the first layer smaller than that of the last?
// (Glorot's weights have variance $1/128$ in its square layers, so that 128 of them together do what $w = 1$ did in the chain.)

// %% {"id": "predict-b", "tags": ["predict"]}
predict("03.b", null, { claim: "03.sigmoid-vanishes", unit: "powers of ten" });

// %% [markdown] {"id": "measure-text"}
// `probe.record(model, batch)` sends 256 digits up and their error down. For each weight layer it keeps the standard deviation of the activations over digits and units,
// and the **norm** (root of the sum of squares) of deltas and of weight gradient. Nothing is trained: this is what the first step of gradient descent would see.

// %% {"id": "measure"}
const batch = digits.train.take(chapter.pick({ normal: 256, smoke: 32 }));
const units = chapter.pick({ normal: 128, smoke: 16 });
type Profiles = readonly probe.Profile[];
const profileOf = (net: Net, seed: number): probe.Profile =>
  probe.record(nn.mlp({ width: units, ...net, seed }), batch);
const atStart = (net: Net, label?: string): Promise<Profiles> =>
  chapter.seeds(5, (seed) => profileOf(net, seed), label);
/** The same once more, from other starts. */
const again = (net: Net): Promise<Profiles> =>
  chapter.seeds(5, (seed) => profileOf(net, math.childSeed(seed, "again")));

interface Condition extends Pick<plot.Series, "role"> {
  readonly name: string;
  readonly profiles: Profiles;
}
const panel = (
  y: string,
  conditions: readonly Condition[],
  pick: (profile: probe.Profile) => readonly number[],
) =>
  plot.depthProfile(
    conditions.map(({ profiles, ...look }) => ({ ...look, runs: profiles.map(pick) })),
    { y, log: true },
  );
const apart = (title: string, conditions: readonly Condition[]) =>
  plot.smallMultiples(
    [
      panel("activation std", conditions, (profile) => profile.activationStd),
      panel("delta norm", conditions, (profile) => profile.deltaNorm),
      panel("weight-gradient norm", conditions, (profile) => profile.weightGradientNorm),
    ],
    { title },
  );

// %% {"id": "sigmoid-three"}
const sigmoidGlorot = await atStart({ depth: 30, activation: "sigmoid", init: "glorotUniform" });
show(
  apart("What is left at each of 30 sigmoid layers, before the first step? (5 seeds)", [
    { name: "sigmoid, Glorot", role: "plain", profiles: sigmoidGlorot },
  ]),
);

// %% [markdown] {"id": "three-finding"}
// Read the panels from right to left, the way the error travels. The deltas fall on a straight line, and on a logarithmic axis a straight line means *the same factor at every layer*.
// The weight gradients follow them down. This is the vanishing gradient of the textbooks. The activations, in the left panel, look healthy: they vary about as much at layer 29 as at layer 2. Keep that in mind.
// The picture shows the start only, and says nothing about what training would make of it.

// %% {"id": "claim-sigmoid"}
const powersLost = ({ weightGradientNorm }: probe.Profile) =>
  math.log10(weightGradientNorm.at(-1)! / weightGradientNorm[0]);
await claim("03.sigmoid-vanishes", {
  says: "With sigmoid units and Glorot's weights, the first of 30 layers gets less than a millionth of the last layer's gradient.",
  values: sigmoidGlorot.map(powersLost),
  unit: "powers of ten",
  atLeast: 7,
  control: async () =>
    (await atStart({ depth: 30, activation: "relu", init: "heNormal" })).map(powersLost),
});

// %% [markdown] {"id": "float-text"}
// ### Zero, or too small to square?
// *Further, 2 minutes.* A tool that reports "gradient norm 0" may be wrong. The smallest number that float32 can hold is $1.4 \times 10^{-45}$, so the square of anything below about $10^{-23}$ is lost, though the number itself is not.
// The first layer of a 50-layer network, its norm summed in float32 and in float64:

// %% {"id": "float"}
const sums = await chapter.seeds(5, (seed) => {
  const model = nn.mlp({ depth: 50, width: units, activation: "sigmoid", init: "glorotUniform", seed });
  const pixels = tf.tensor2d(batch.x, [batch.count, 784]);
  const classes = tf.oneHot(Array.from(batch.labels), 10) as tf.Tensor2D;
  const first = model.trainableWeights[0].read() as tf.Variable;
  const loss = () => train.softmaxCrossEntropy(model.apply(pixels) as tf.Tensor2D, classes);
  const gradient = tf.variableGrads(loss, [first]).grads[first.name];
  const values = gradient.dataSync();
  return {
    float32: Math.sqrt(gradient.square().sum().dataSync()[0]),
    float64: math.norm(values),
    nonzero: (100 * values.filter((value) => value !== 0).length) / values.length,
  };
});
table(
  [
    {
      "norm in float32": sums.map((sum) => sum.float32),
      "norm in float64": sums.map((sum) => sum.float64),
      "elements that are not 0": sums.map((sum) => sum.nonzero),
    },
  ],
  { units: { "elements that are not 0": "%" } },
);

// %% [markdown] {"id": "float-finding"}
// In float32 the norm is 0; in float64 it is about $10^{-30}$, and 100 % of the elements are not 0. For training there is no difference: a step of that size changes no weight. Not even Adam helps, which divides each element by its own size: it squares the elements first, in float32, and is left with 0 as well. But "exactly 0" and "tiny" have different causes, and you want to know which one you have.
// Every norm in this course is summed in float64, and is 0 only if every element is.

// %% [markdown] {"id": "spread-text"}
// ### Are they still different digits?
// Now to the activations that looked healthy. Their spread was taken over digits *and units*. Take it over digits only: unit by unit, how much does the activation differ between one digit and the next?

// %% {"id": "spread"}
const spreads = await chapter.seeds(5, (seed) => {
  const model = nn.mlp({ depth: 30, width: units, activation: "sigmoid", init: "glorotUniform", seed });
  const hidden = model.layers.slice(1, -1).map((layer) => layer.output as tf.SymbolicTensor);
  const inside = tf.model({ inputs: model.inputs, outputs: hidden });
  const activations = inside.predict(tf.tensor2d(batch.x, [batch.count, 784])) as tf.Tensor2D[];
  return activations.map((h) => {
    const byUnit = h.transpose().arraySync() as number[][];
    return Math.sqrt(math.mean(byUnit.map((values) => math.variance(values, 0))));
  });
});
show(
  plot.curves([{ name: "sigmoid, Glorot", role: "plain", runs: spreads }], {
    title: "How much does a sigmoid unit's activation differ between digits? (5 seeds)",
    x: "hidden layer",
    y: "std over digits, unit by unit",
    logY: true,
    references: [{ name: "step of float32 at 0.5", y: 6e-8 }],
  }),
);

// %% [markdown] {"id": "spread-finding"}
// The differences between digits shrink on their way up by about the same factor per layer as the deltas on their way down, until they are smaller than float32 can hold (the dotted line).
// From about layer 12 on, every digit looks the same to the network. What varied in the left panel above were the units, each stuck at a value of its own.
// A signal that does not get up and an error that does not get down are one trouble, not two: both pass the same factors.

// %% [markdown] {"id": "sweep-text"}
// ### Does it get worse in proportion to depth?
// If each layer multiplies by the same factor, the powers of ten lost grow on a straight line. The dashed line is a prediction that you derive below. The grey line is $4^{L-1}$, the limit of the chain with $w = 1$.

// %% {"id": "sweep"}
const depths = chapter.pick({ normal: [3, 5, 10, 20, 30, 40, 50], smoke: [3, 5] });
const deltaRatio = ({ deltaNorm }: probe.Profile) => deltaNorm.at(-1)! / deltaNorm[0];
const glorotVariance = (fanIn: number, fanOut: number) =>
  nn.weightVariance("glorotUniform", fanIn, fanOut);
const lost: number[][] = [];
const expected: number[] = [];
for (const depth of depths) {
  lost.push(
    (await atStart({ depth, activation: "sigmoid", init: "glorotUniform" }, `depth ${depth}`)).map(
      deltaRatio,
    ),
  );
  const { deltaNorm } = theory.meanField({
    depth,
    width: units,
    activation: "sigmoid",
    weightVariance: glorotVariance,
  });
  expected.push(deltaNorm.at(-1)! / deltaNorm[0]);
}

// %% {"id": "sweep-figure"}
const perSeed = (rows: readonly (readonly number[])[]) =>
  rows[0].map((_, seed) => rows.map((row) => row[seed]));
show(
  plot.curves(
    [
      { name: "sigmoid, Glorot", role: "plain", x: depths, runs: perSeed(lost), theory: expected },
      {
        name: "chain, w = 1",
        role: "random",
        x: depths,
        runs: [depths.map((depth) => math.pow(4, depth - 1))],
      },
    ],
    {
      title: "How much weaker are the deltas of the first layer than those of the last?",
      x: "depth (weight layers)",
      y: "last delta / first delta",
      logY: true,
    },
  ),
);

// %% [markdown] {"id": "sweep-finding"}
// A straight line with five seeds on top of each other, and a prediction that you will make yourself in a moment. Depth 3 loses little; every ten layers more cost about six powers of ten. From depth 5 on the random network loses more than the chain's limit, $4^{L-1}$, because few of its units sit at $z = 0$, where the slope is steepest.

// %% [markdown] {"id": "predict-c-text"}
// ## The line that looks healthy
// *7 minutes.* A ReLU has slope 1 or 0: no quarter in sight. ReLU networks want **He's** weights, of variance $2/\text{fan-in}$ (the **fan-in** is the number of inputs of a unit).
// Give one Glorot's weights instead, with half that variance in the square layers. Each layer then multiplies its signal by $\sqrt{1/2}$, too little by itself to notice.
//
// Compare the *first* layer's weight gradient in a 30-layer ReLU network under both. By how many powers of ten is it smaller with Glorot's weights?

// %% {"id": "predict-c", "tags": ["predict"]}
predict("03.c", null, { claim: "03.glorot-starves-relu", unit: "powers of ten" });

// %% {"id": "relu"}
const reluHe = await atStart({ depth: 30, activation: "relu", init: "heNormal" });
const reluGlorot = await atStart({ depth: 30, activation: "relu", init: "glorotUniform" });
show(
  apart("What is left at each of 30 ReLU layers, before the first step? (5 seeds)", [
    { name: "ReLU, He", role: "residual", profiles: reluHe },
    { name: "ReLU, Glorot", role: "plain", profiles: reluGlorot },
  ]),
);

// %% [markdown] {"id": "ex-2-text", "tags": ["exercise"], "exercise": {"id": "03.2", "kind": "interpret", "difficulty": 3, "minutes": 4}}
// ### Exercise 03.2 · A flat line
// *Difficulty 3 of 5, 4 minutes.* A colleague draws the third panel only, for Glorot's weights only, scaled to its own maximum: a nearly flat line. "Same gradient in every layer," he says, "so nothing vanishes." What does the flat line mean?
//
// - **a** The error signal reaches the first layer as strong as it was at the last.
// - **b** Glorot's weights make every layer's gradient the same, which is what they are for.
// - **c** Activations shrink on the way up and deltas on the way down; their product is equally small at every layer.
// - **d** Only the activations vanish; going backwards nothing is lost.

// %% {"id": "ex-2", "tags": ["exercise"]}
// SOLUTION
const flatLine = "c";
// EXERCISE
// const flatLine: "a" | "b" | "c" | "d" = lesson.todo("03.2");
// END
await check("03.2", flatLine);

// %% [markdown] {"id": "flat-finding"}
// With Glorot's weights the activations fall towards the right and the deltas towards the left. The first layer multiplies a large input by a tiny delta, the last one a large delta by a tiny input, and the products agree: all tiny.
// The ratio of first to last weight gradient, which is the number that most tutorials print, sees nothing. The third panel's *height* does.
//
// Hence the rule of this course: **activations, deltas and weight gradients apart, on an absolute logarithmic axis.** Glorot and Bengio pointed it out in 2010. Two claims hold it fast.

// %% {"id": "claim-relu"}
const firstGradient = ({ weightGradientNorm }: probe.Profile) => weightGradientNorm[0];
const shortfall = (small: Profiles, large: Profiles) =>
  small.map((profile, seed) => math.log10(firstGradient(large[seed]) / firstGradient(profile)));
await claim("03.glorot-starves-relu", {
  says: "In a 30-layer ReLU network, Glorot's weights leave the first layer hundreds of times less gradient than He's.",
  values: shortfall(reluGlorot, reluHe),
  unit: "powers of ten",
  atLeast: 2.3,
  control: async () =>
    shortfall(reluHe, await again({ depth: 30, activation: "relu", init: "heNormal" })), // He against He
});

// %% {"id": "claim-ratio"}
const hidden = (profile: probe.Profile) =>
  math.log10(deltaRatio(profile)) - Math.abs(powersLost(profile));
await claim("03.ratio-hides", {
  says: "There, the ratio of first to last weight gradient hides much of what the deltas have lost.",
  values: reluGlorot.map(hidden),
  unit: "powers of ten hidden",
  atLeast: 1.5,
  control: () => sigmoidGlorot.map(hidden), // activations that do not shrink hide nothing
});

// %% [markdown] {"id": "ex-3-text", "tags": ["exercise"], "exercise": {"id": "03.3", "kind": "implement", "difficulty": 2, "minutes": 6}}
// ### Exercise 03.3 · Keep the variance
// *Further. Difficulty 2 of 5, 6 minutes.* Where does He's 2 come from? A *leaky* ReLU is $z$ above 0 and $\text{leak} \cdot z$ below; a leak of 0 makes it a ReLU. Write `std(fanIn, leak)`: the standard deviation of weights that keeps the mean square of the activations, $E[h^2]$, the same from one such layer to the next.
// Weights are independent with mean 0, biases are 0. `std(2, 0)` must be `1`.

// %% {"id": "ex-3", "tags": ["exercise"]}
function std(fanIn: number, leak: number): number {
  // SOLUTION
  return Math.sqrt(2 / ((1 + leak * leak) * fanIn));
  // EXERCISE
  // return lesson.todo("03.3");
  // END
}
await check("03.3", std);

// %% [markdown] {"id": "table-text"}
// ## Nine starts, three depths
// *3 minutes.* The same measurement for nine ways to start a network, five seeds each. The columns: activation std of the first and of the last hidden layer, and weight-gradient norm of the first layer, at depth 30; then the ratio of first to last weight gradient in powers of ten at three depths.

// %% {"id": "starts"}
const starts: Record<string, Omit<Net, "depth">> = {
  "sigmoid, Glorot": { activation: "sigmoid", init: "glorotUniform" },
  "sigmoid, N(0, 1)": { activation: "sigmoid", init: nn.normal(1) },
  "tanh, uniform ±1/√fan-in": { activation: "tanh", init: nn.scaledUniform(1 / 3) },
  "tanh, Glorot": { activation: "tanh", init: "glorotUniform" },
  "tanh, N(0, 4/fan-in)": { activation: "tanh", init: nn.scaledNormal(4) },
  "ReLU, N(0, 0.01²)": { activation: "relu", init: nn.normal(0.01) },
  "ReLU, Glorot": { activation: "relu", init: "glorotUniform" },
  "ReLU, He": { activation: "relu", init: "heNormal" },
  "ReLU, He, batch norm": { activation: "relu", init: "heNormal", norm: "batch" },
};
const measured: Record<string, Profiles[]> = {};
const progress = lesson.progress("measuring", 3 * Object.keys(starts).length, "condition");
for (const [name, start] of Object.entries(starts)) {
  measured[name] = [];
  for (const depth of chapter.pick({ normal: [10, 30, 50], smoke: [4, 6, 8] })) {
    measured[name].push(await atStart({ depth, ...start }));
    progress.advance();
  }
}

// %% {"id": "starts-table"}
import { DataFrame } from "danfojs-node";
const ratio = (profiles: Profiles) => {
  const powers = profiles.map((profile) => -powersLost(profile));
  return powers.every(Number.isFinite) ? powers : "0 / 0";
};
const startsFrame = new DataFrame(
  Object.entries(measured).map(([start, [at10, at30, at50]]) => ({
    start,
    "first std": at30.map(({ activationStd }) => activationStd[0]),
    "last std": at30.map(({ activationStd }) => activationStd.at(-2)!),
    "first gradient": at30.map(firstGradient),
    "log₁₀ ratio, depth 10": ratio(at10),
    "depth 30": ratio(at30),
    "depth 50": ratio(at50),
  })),
);
table(startsFrame);

// %% [markdown] {"id": "table-finding"}
// Cover the three columns in the middle and judge by the ratios alone. You would call one row sick (sigmoid with Glorot's weights) and two overexcited (tanh with large weights, batch norm, whose gradients *grow* on the way down), and pass all others.
//
// Now uncover them. tanh with uniform weights, close to how PyTorch starts a linear layer, ReLU with Glorot's and ReLU with small weights have vanished too, both ways at once, and their ratios are half a power of ten or less. At depth 50 the small weights leave exactly nothing, even in float32's single elements: 0 / 0.
// Four rows of nine vanish, the ratio sees one; two explode; three are steady: tanh with Glorot's weights, ReLU with He's, and, of all things, sigmoid with weights from $N(0, 1)$.

// %% [markdown] {"id": "theory-text"}
// ## Pencil and paper for wide layers
// *4 minutes.* In a wide layer each pre-activation is a sum of many independent terms, hence nearly normal, and one number describes the layer: its variance $q$. Let weights have variance $\sigma_w^2/\text{fan-in}$ and biases $\sigma_b^2$.
// Going up, $q$ follows the recursion on the left and settles at a value $q^*$. Coming down, the mean square of the deltas is multiplied at every layer by the number on the right:
//
// $$q_{l+1} = \sigma_w^2\, E[\phi(\sqrt{q_l}\, \xi)^2] + \sigma_b^2, \qquad \chi_1 = \sigma_w^2\, E[\phi'(\sqrt{q^*}\, \xi)^2], \qquad \xi \sim N(0, 1).$$
//
// $\chi_1$ is the chain's factor, *slope times weight*, squared and averaged over a layer. Below 1 deltas vanish, above 1 they explode; $\chi_1 = 1$ is called the **edge of chaos**.
// The averages are integrals over a bell curve, which `theory` does by quadrature: no network is run. One simplification: on the way down, weights count as drawn anew.
//
// The prediction for tanh with $\sigma_b^2 = 0.05$: the norm of the deltas changes by $\sqrt{\chi_1}$ per layer. First the measurement, 30 layers at nine weight variances; then both in one picture.

// %% {"id": "variances"}
const tanhBias = 0.05;
const weightVariances = chapter.pick({
  normal: [0.25, 0.5, 1, 1.5, 1.76, 2, 2.5, 3, 4],
  smoke: [0.5, 1.76, 4],
});
const tanhStart = (variance: number): Net => ({
  depth: 30,
  activation: "tanh",
  init: nn.scaledNormal(variance),
  biasStd: Math.sqrt(tanhBias),
});
const byVariance = new Map<number, Profiles>();
for (const variance of weightVariances) {
  byVariance.set(variance, await atStart(tanhStart(variance), `weight variance ${variance}`));
}

// %% {"id": "chi"}
const growth = (
  { deltaNorm }: probe.Profile, // per layer, inside the network: from the last hidden layer down to layer 5
) => math.pow(deltaNorm[4] / deltaNorm.at(-2)!, 1 / (deltaNorm.length - 6));
const growths = weightVariances.map((variance) => byVariance.get(variance)!.map(growth));
const factors = weightVariances.map((weightVariance) =>
  Math.sqrt(theory.chi1("tanh", { weightVariance, biasVariance: tanhBias })),
);
show(
  plot.curves(
    [{ name: "measured", role: "plain", x: weightVariances, runs: perSeed(growths), theory: factors }],
    {
      title: "By which factor do deltas grow per layer? (tanh, 30 layers, 5 seeds)",
      x: "weight variance × fan-in",
      y: "growth of the delta norm per layer",
      references: [{ name: "edge of chaos", y: 1 }],
    },
  ),
);
table(
  [0.5, 1.76, 4].map((variance) => {
    const index = weightVariances.indexOf(variance);
    return {
      "weight variance × fan-in": variance,
      "√χ₁, theory": factors[index],
      "measured per layer": growths[index],
    };
  }),
);

// %% [markdown] {"id": "chi-finding"}
// Theory says 0.657, the networks say 0.654; at the edge 1.00 and 0.998; beyond it 1.16 and 1.159. Nothing was fitted, and a width of 128 is far from infinite. At $\sigma_w^2 = 1.76$ deltas pass thirty layers unharmed; a variance a third as large costs powers of ten.
// The picture says nothing about training. That a network at the edge trains better is another claim, and the next one.

// %% {"id": "claim-edge"}
const acrossThirty = (profiles: Profiles) =>
  profiles.map(({ deltaNorm }) => Math.abs(math.log10(deltaNorm[0] / deltaNorm.at(-2)!)));
await claim("03.edge-of-chaos", {
  says: "Off the edge (weight variance 0.5 / fan-in) deltas lose powers of ten in thirty layers; at the edge that theory names they do not.",
  values: acrossThirty(byVariance.get(0.5)!).map(
    (far, seed) => far - acrossThirty(byVariance.get(1.76)!)[seed],
  ),
  unit: "powers of ten",
  atLeast: 2,
  control: async () => {
    const others = acrossThirty(await again(tanhStart(1.76))); // both at the edge
    return others.map((far, seed) => far - acrossThirty(byVariance.get(1.76)!)[seed]);
  },
});

// %% [markdown] {"id": "predict-f-text"}
// ### Does the edge train better?
// *5 minutes.* Now train such networks: tanh, 64 units a layer, 120 steps at a rate of 0.01. At depth 4 all weight variances learn. At depth 32, by how many percentage points is the training accuracy at the edge above that at variance 0.5?

// %% {"id": "predict-f", "tags": ["predict"]}
predict("03.f", null, { claim: "03.edge-trains", unit: "points" });

// %% {"id": "grid"}
const counts = chapter.pick({ normal: { train: 2000, test: 1000 }, smoke: { train: 200, test: 100 } });
const spec = (
  model: Omit<Net, "depth"> & { readonly depth: number; readonly width: number },
  optimizer: train.ExperimentSpec["train"]["optimizer"],
  seed: number,
): train.ExperimentSpec => ({
  data: { kind: "mnist", ...counts },
  model: { kind: "mlp", ...model },
  train: { steps: steps, batchSize: 64, optimizer },
  seed,
});

// %% {"id": "grid-cells"}
const fiveSeeds = await chapter.seeds(5, (seed) => seed);
const slowly = { kind: "sgd", learningRate: 0.01, momentum: 0.9 } as const;
const ends = [4, 32];
const cells = fiveSeeds.flatMap((seed) =>
  [0.5, 1.76].flatMap((variance) =>
    ends.map((depth) => spec({ ...tanhStart(variance), depth, width: 64 }, slowly, seed)),
  ),
);
const varianceOf = ({ spec: { model } }: train.ExperimentResult) =>
  ((model as { init: nn.InitSpec }).init as { variance: number }).variance;
const depthOf = ({ spec: { model } }: train.ExperimentResult) => model.depth as number;
const learnt = ({ accuracy }: train.ExperimentResult) => 100 * accuracy.train;

// %% [markdown] {"id": "record-text"}
// Four depths, six variances, five seeds each make 120 networks: too many to wait for, so the authors ran them with this engine and keep the numbers, a **record**: the line with its band. You run twenty of them; they come as rings, which are on depths 4 and 32. Move the slider.

// %% {"id": "record"}
const record = await train.readRecord("03-trainability");
const recordDepths = [4, 8, 16, 32];
const recordVariances = [0.5, 1, 1.5, 1.76, 2.5, 4];
type Results = readonly train.ExperimentResult[];
const at = (results: Results, depth: number, variance?: number) =>
  results.filter(
    (result) =>
      depthOf(result) === depth && (variance === undefined || varianceOf(result) === variance),
  );
const overVariance = (all: Results, depth: number) =>
  plot.curves(
    [
      {
        name: "record",
        role: "plain" as const,
        ...train.across(at(record.results, depth), varianceOf, learnt),
      },
      {
        name: "yours",
        role: "residual" as const,
        points: true,
        ...train.across(at(all, depth), varianceOf, learnt),
      },
    ].filter(({ runs }) => runs.length > 0),
    {
      title: `${depth} layers`,
      x: "weight variance × fan-in",
      y: "training accuracy (%)",
      references: [{ name: "guessing", y: 10 }],
    },
  );

// %% {"id": "grid-run"}
const grid = await lesson.watch(cells, (results) =>
  plot.frames(
    recordDepths.map((depth) => ({ label: String(depth), figure: overVariance(results, depth) })),
    {
      title: "Which weights train? (tanh; line: record, 5 seeds; rings: run here)",
      slider: "depth",
      start: "32",
    },
  ),
);

// %% {"id": "claim-edge-trains"}
const edgeGain = (depth: number) =>
  at(grid, depth, 1.76).map((edge, seed) => learnt(edge) - learnt(at(grid, depth, 0.5)[seed]));
await claim("03.edge-trains", {
  says: "At depth 32 a tanh network at the edge of chaos learns, one of weight variance 0.5 / fan-in does not.",
  values: edgeGain(32),
  unit: "points",
  atLeast: 20,
  control: () => edgeGain(4), // too few layers for a factor to matter
});

// %% {"id": "record-map"}
const recorded = (depth: number, variance: number) => at(record.results, depth, variance).map(learnt);
show(
  plot.heatMap(
    recordDepths.map((depth) => recordVariances.map((v) => math.mean(recorded(depth, v)))),
    {
      title: "How well does each network fit? (record: tanh, mean of 5 seeds; the edge is at 1.76)",
      x: "weight variance × fan-in",
      y: "depth (weight layers)",
      value: "training accuracy (%)",
      columns: recordVariances.map(String),
      rows: recordDepths.map(String),
      range: [0, 100],
    },
  ),
);

// %% {"id": "record-same"}
const equal = (depth: number, variance: number) => {
  const own = at(grid, depth, variance);
  const theirs = at(record.results, depth, variance);
  return own.filter(({ loss }, seed) => loss.train === theirs[seed].loss.train).length;
};
table(
  ends.flatMap((depth) =>
    [0.5, 1.76].map((variance) => ({
      depth,
      "weight variance × fan-in": variance,
      "runs here": at(grid, depth, variance).length,
      "equal to the record, to the last bit": equal(depth, variance),
    })),
  ),
);

// %% {"id": "record-scale"}
table(
  [0.5, 1, 1.5].map((weightVariance) => {
    const chi = theory.chi1("tanh", { weightVariance, biasVariance: tanhBias });
    const learn = recordDepths.filter((depth) => math.mean(recorded(depth, weightVariance)) > 50);
    return {
      "weight variance × fan-in": weightVariance,
      "χ₁": chi,
      "6 ξ = 6 / ln(1 / χ₁), layers": -6 / math.ln(chi),
      "deepest above 50 % in the record": Math.max(...learn),
    };
  }),
);

// %% [markdown] {"id": "record-finding"}
// At depth 4 every variance learns. With depth the range closes from both sides: below the edge signals die, above it chaos grows. At depth 32 the edge is 62.8 points ahead of variance 0.5. (The record's best variance is 1.5, with 76.3 %; from the 74.1 % at the edge five seeds cannot tell it apart.)
// Below the edge two inputs become alike over a **correlation length** of $\xi = 1 / \ln(1/\chi_1)$ layers, and networks were found to train to a depth of about $6\xi$ (Schoenholz and others, 2017). The last table bears it out, roughly: depth 8 still learns at variance 0.5, where $6\xi$ is 7.15; at variance 1, where it is 21.8, depth 16 learns and depth 32 does not.
// What the map does not show: other rates and more steps may move its borders.

// %% [markdown] {"id": "directions-text"}
// ### A mean over directions
// *Further, 3 minutes.* $\chi_1$ is a mean over all directions in which an input can change. Single directions can fare otherwise. The **Jacobian** of a network holds the derivatives of all its outputs by all its inputs; its **singular values** say by how much each of 64 perpendicular changes of the input is stretched on its way up.
// There are two ways to draw square weight matrices of the same variance, $1/\text{fan-in}$: independent normal numbers, or **orthogonal** matrices, which turn and mirror but stretch nothing (Saxe and others, 2014). How far is the largest stretch from the middle one?

// %% {"id": "directions"}
const directionDepths = chapter.pick({ normal: [3, 5, 10, 20, 30], smoke: [3, 5] });
const stretches = (init: nn.Init, name: string) =>
  chapter.seeds(
    5,
    (seed) =>
      directionDepths.map((depth) => {
        const square = { width: 64, inputs: 64, classes: 64, activation: "tanh", init } as const;
        const random = math.rng(seed).child("input");
        const input = Array.from({ length: 64 }, () => random.normal(0, 0.3));
        const stretch = probe.jacobianSingularValues(nn.mlp({ ...square, depth, seed }), input);
        return math.log10(stretch[0] / stretch[32]);
      }),
    `${name} weights`,
  );

// %% {"id": "directions-figure"}
const byNormal = await stretches(nn.scaledNormal(1), "normal");
const byOrthogonal = await stretches(nn.orthogonal(), "orthogonal");
show(
  plot.curves(
    [
      { name: "normal", role: "plain", x: directionDepths, runs: byNormal },
      { name: "orthogonal", role: "residual", x: directionDepths, runs: byOrthogonal },
    ],
    {
      title: "Are all directions stretched alike? (tanh, 64 units, equal weight variance, 5 seeds)",
      x: "depth (weight layers)",
      y: "largest / middle stretch (powers of ten)",
    },
  ),
);

// %% {"id": "claim-directions"}
const deepestOf = (runs: readonly number[][]) => runs.map((run) => run.at(-1)!);
table([
  { weights: "normal", "depth 30 (powers of ten)": deepestOf(byNormal) },
  { weights: "orthogonal", "depth 30 (powers of ten)": deepestOf(byOrthogonal) },
]);
await claim("03.directions-part", {
  says: "Thirty tanh layers with normal weights stretch some directions hundreds of times as much as others.",
  values: deepestOf(byNormal),
  unit: "powers of ten",
  atLeast: 2.7,
  control: () => deepestOf(byOrthogonal), // the same variance
});

// %% [markdown] {"id": "directions-finding"}
// Same variance, same $\chi_1$; but with normal weights the largest stretch is 5.43 powers of ten above the middle one, with orthogonal weights 0.152. So a steady mean can hide that a few directions carry everything and most are lost. Where all directions keep their size, one speaks of **dynamical isometry** (Pennington and others, 2017).
// This is the start only, and tanh only; whether it trains better is not measured here.

// %% [markdown] {"id": "ex-4-text", "tags": ["exercise"], "exercise": {"id": "03.4", "kind": "implement", "difficulty": 4, "minutes": 10}}
// ### Exercise 03.4 · Find the edge
// *Further. Difficulty 4 of 5, 10 minutes.* Write `edge(biasVariance)`: the weight variance at which a tanh network has $\chi_1 = 1$, to four decimals, for a bias variance between 0.01 and 0.5.
// `theory.chi1("tanh", { weightVariance, biasVariance })` rises with the weight variance, and the edge lies between 1 and 4. `edge(0.05)` is about 1.76. What is `edge(0.1)`?

// %% {"id": "ex-4", "tags": ["exercise"]}
function edge(biasVariance: number): number {
  // SOLUTION
  let low = 1;
  let high = 4;
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    const chi = theory.chi1("tanh", { weightVariance: middle, biasVariance });
    if (chi < 1) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
  // EXERCISE
  // return lesson.todo("03.4");
  // END
}
await check("03.4", edge);

// %% [markdown] {"id": "fails-text"}
// ## Where the usual story fails
// *3 minutes.* "Sigmoids make gradients vanish." Take the same 30-layer sigmoid network, but draw its weights from $N(0, 1)$, which makes $\sigma_w^2 = 128$. Theory and table agree on what happens:

// %% {"id": "fails"}
const sigmoidFactor = (weightVariance: number) => Math.sqrt(theory.chi1("sigmoid", { weightVariance }));
const largeWeights = await atStart({ depth: 30, activation: "sigmoid", init: nn.normal(1) });
table([
  {
    weights: "Glorot",
    "√χ₁": sigmoidFactor(1),
    "measured per layer": sigmoidGlorot.map(growth),
    "powers of ten lost": sigmoidGlorot.map(powersLost),
  },
  {
    weights: "N(0, 1)",
    "√χ₁": sigmoidFactor(units),
    "measured per layer": largeWeights.map(growth),
    "powers of ten lost": largeWeights.map(powersLost),
  },
]);

// %% {"id": "claim-fails"}
await claim("03.sigmoid-need-not-vanish", {
  says: "The same sigmoid network with weights from N(0, 1) keeps its gradient: the powers of ten that Glorot's weights lose are not lost.",
  values: sigmoidGlorot.map(
    (profile, seed) => powersLost(profile) - Math.abs(powersLost(largeWeights[seed])),
  ),
  unit: "powers of ten kept",
  atLeast: 7,
  control: async () => {
    // weights that are larger than Glorot's by a factor √2 only: He's
    const he = await atStart({ depth: 30, activation: "sigmoid", init: "heNormal" });
    return sigmoidGlorot.map((profile, seed) => powersLost(profile) - powersLost(he[seed]));
  },
});

// %% [markdown] {"id": "fails-finding"}
// Most of these units are saturated, and slope times weight is still about 1: few units have any slope, but where they have one the weight behind it is huge. The gradient arrives whole, 17.3 powers of ten more of it than before. Is it of use? It will race against another repair.

// %% [markdown] {"id": "cure-text"}
// ## Two repairs
// *4 minutes.* **Batch normalisation** puts a step between weights and activation: each unit's pre-activation is shifted and scaled to mean 0 and variance 1 *over the batch*, then by two learnt numbers (Ioffe and Szegedy, 2015).
// Whatever the layers below did to $q$, the sigmoid now sees numbers of size 1, at every layer, and digits that differ at the bottom still differ at the top.
// The failing network of the beginning, the same starts, once with weights from $N(0, 1)$ and once with that one step added:

// %% {"id": "cure"}
const saturated: Run[] = [];
const normalised: Run[] = [];
const sigmoids = { depth: 30, activation: "sigmoid" } as const;
await race("Which repair makes thirty sigmoid layers learn?", [
  { name: "Glorot", role: "plain", runs: deep },
  {
    name: "N(0, 1)",
    role: "first",
    runs: saturated,
    net: { ...sigmoids, init: nn.normal(1) },
  },
  {
    name: "batch norm",
    role: "batchNorm",
    runs: normalised,
    net: { ...sigmoids, init: "glorotUniform", norm: "batch" },
  },
]);
table(
  [named("Glorot", deep), named("N(0, 1)", saturated), named("Glorot, batch norm", normalised)],
  percent,
);

// %% {"id": "claim-cure"}
await claim("03.batch-norm-cures", {
  says: "With batch normalisation, the thirty sigmoid layers that learnt nothing learn in the same number of steps.",
  values: normalised.map((run, seed) => run.accuracy - deep[seed].accuracy),
  unit: "points",
  atLeast: 25,
  control: () => saturated.map((run, seed) => run.accuracy - deep[seed].accuracy), // another change that keeps the gradient
});

// %% [markdown] {"id": "cure-finding"}
// Weights from $N(0, 1)$ bring nothing: 9.55 % of the digits, no better than the 10.2 % of the network whose gradient had vanished. With $\chi_1$ above 1 the network is in the chaotic phase, where two digits that differ by a hair end up far apart, and a small step changes everything at once. A gradient that arrives is necessary, not sufficient. (One learning rate was tried here, the same for all.)
// Batch normalisation gains 73.2 points in the same 120 steps. It keeps the gradient *and* keeps digits apart.

// %% [markdown] {"id": "predict-d-text"}
// ## And with ReLU?
// *8 minutes.* Now the modern recipe: ReLU, He's weights, batch normalisation. Every activation has its size prescribed, so nothing can explode going up. And coming down, at the start?
//
// By how many per cent does the weight gradient change from one layer to the layer below it? (0: it stays; −50: it halves; 100: it doubles.)

// %% {"id": "predict-d", "tags": ["predict"]}
predict("03.d", null, { claim: "03.batch-norm-explodes", unit: "%" });

// %% {"id": "explosion"}
const reluNormalised = await atStart({
  depth: 30,
  activation: "relu",
  init: "heNormal",
  norm: "batch",
});
const sigmoidNormalised = await atStart({
  depth: 30,
  activation: "sigmoid",
  init: "glorotUniform",
  norm: "batch",
});
const conditions: Condition[] = [
  { name: "ReLU, He", role: "residual", profiles: reluHe },
  { name: "ReLU, He, batch norm", role: "batchNorm", profiles: reluNormalised },
  { name: "sigmoid, Glorot, batch norm", role: "first", profiles: sigmoidNormalised },
];
show(
  plot.smallMultiples(
    [
      panel("activation std", conditions, (profile) => profile.activationStd),
      panel("weight-gradient norm", conditions, (profile) => profile.weightGradientNorm),
    ],
    { title: "What does batch norm do to each of 30 layers, before the first step? (5 seeds)" },
  ),
);

// %% {"id": "claim-explosion"}
const gradientGrowth = ({ weightGradientNorm }: probe.Profile) =>
  // per layer, from the last hidden layer to layer 2, in %
  100 *
  (math.pow(weightGradientNorm[1] / weightGradientNorm.at(-2)!, 1 / (weightGradientNorm.length - 3)) -
    1);
await claim("03.batch-norm-explodes", {
  says: "ReLU layers with batch normalisation multiply the gradient at every layer on its way down, at the start.",
  values: reluNormalised.map(gradientGrowth),
  unit: "% a layer",
  atLeast: 8,
  control: () => reluHe.map(gradientGrowth),
});
table(
  [
    {
      network: "ReLU, He, batch norm",
      "measured growth": reluNormalised.map(gradientGrowth),
      theory: 100 * (theory.batchNormExplosion - 1),
    },
    {
      network: "sigmoid, Glorot, batch norm",
      "measured growth": sigmoidNormalised.map(gradientGrowth),
    },
  ],
  { units: { "measured growth": "% a layer", theory: "% a layer" } },
);

// %% [markdown] {"id": "explosion-finding"}
// In the right panel the green line climbs towards the first layer: 19.5 % more gradient at each layer, where theory (Yang and others, 2019) says 21.1 % for large batches, a factor of $\sqrt{\pi/(\pi - 1)}$. Over the 27 steps from layer 29 to layer 2 that is more than a hundredfold.
// So batch norm does not "solve" the gradient's scale; it moves the trouble from vanishing to exploding. It does so with any activation function, and the less the straighter the function is: with sigmoid units, nearly straight between −1 and 1, the growth is 1.39 %. The cure above used those.

// %% [markdown] {"id": "scale-text"}
// ### Why does it train at all?
// Multiply all weights of a batch-normalised layer by 10. What happens to the loss, and to that layer's gradient?

// %% {"id": "scale"}
const scaled = await chapter.seeds(5, (seed) => {
  const model = nn.mlp({
    depth: 20,
    width: units,
    activation: "relu",
    init: "heNormal",
    norm: "batch",
    seed,
  });
  const pixels = tf.tensor2d(batch.x, [batch.count, 784]);
  const classes = tf.oneHot(Array.from(batch.labels), 10) as tf.Tensor2D;
  const look = () => ({
    loss: train
      .softmaxCrossEntropy(model.apply(pixels, { training: true }) as tf.Tensor2D, classes)
      .dataSync()[0],
    gradient: probe.record(model, batch).weightGradientNorm[1],
  });
  const before = look();
  const [kernel, bias] = model.getLayer("layer2").getWeights();
  model.getLayer("layer2").setWeights([kernel.mul(10), bias]);
  return { before, after: look() };
});
table(
  (["before", "after"] as const).map((when) => ({
    "weights of layer 2": when === "before" ? "as drawn" : "times 10",
    loss: scaled.map((run) => run[when].loss),
    "their gradient": scaled.map((run) => run[when].gradient),
  })),
);

// %% [markdown] {"id": "scale-finding"}
// The loss does not notice, since the normalisation divides the 10 out again, and the gradient becomes ten times smaller. So the *length* of these weights has no meaning but this: it sets how far a step turns them.
// Now think it through. The gradient stands at right angles to such weights, so a step can only make them longer. An oversized gradient makes them much longer; longer weights have a smaller gradient. The explosion works towards its own end. If that is so, the growth per layer must fall during the first steps, while the weights near the input get longer:

// %% {"id": "recovery"}
const looks = chapter.pick({ normal: [0, 1, 2, 5, 10, 20], smoke: [0, 1] });
interface Look {
  readonly growth: number;
  readonly length: number;
  readonly move: number;
}
function lookAt(model: tf.LayersModel, learningRate: number): Look {
  const profile = probe.record(model, batch);
  const length = math.norm(model.getLayer("layer2").getWeights()[0].dataSync());
  const move = (learningRate * profile.weightGradientNorm[1]) / length;
  return { growth: 1 + gradientGrowth(profile) / 100, length, move };
}
async function recovery(depth: number, learningRate: number): Promise<Look[][]> {
  const steps = looks.at(-1)!;
  const optimizer = { kind: "sgd", learningRate, momentum: 0.9 } as const;
  const run = async (seed: number) => {
    const model = nn.mlp({
      depth,
      width: 64,
      activation: "relu",
      init: "heNormal",
      norm: "batch",
      seed,
    });
    const seen = [lookAt(model, learningRate)];
    const onStep = ({ step }: train.FitProgress) => {
      if (looks.includes(step)) seen.push(lookAt(model, learningRate));
    };
    await train.fit(model, examples, { batchSize: 64, optimizer, steps, seed, every: 1, onStep });
    return seen;
  };
  return chapter.seeds(3, run, `depth ${depth}, ${steps} steps`);
}
const shallow = await recovery(20, 0.05);
const deepest = await recovery(50, 0.05);

// %% {"id": "recovery-figure"}
const seenGrowth = (runs: readonly Look[][]) => runs.map((seen) => seen.map((look) => look.growth));
show(
  plot.curves(
    [
      { name: "depth 20", depth: 20, x: looks, runs: seenGrowth(shallow) },
      { name: "depth 50", depth: 50, x: looks, runs: seenGrowth(deepest) },
    ],
    {
      title: "Does batch norm's explosion outlive the first steps? (ReLU, He, batch norm, 3 seeds)",
      x: "step",
      y: "growth of the gradient per layer",
      references: [
        { name: "theory, at the start", y: theory.batchNormExplosion },
        { name: "no growth", y: 1 },
      ],
    },
  ),
);
const row = (depth: number, runs: readonly Look[][], index: number) => ({
  depth,
  step: looks[index],
  "growth per layer": runs.map((seen) => seen[index].growth),
  "length of layer 2's weights": runs.map((seen) => seen[index].length),
  "step / length": runs.map((seen) => seen[index].move),
});
const end = looks.length - 1;
table([row(20, shallow, 0), row(20, shallow, end), row(50, deepest, 0), row(50, deepest, end)]);

// %% [markdown] {"id": "recovery-finding"}
// That is what happens. At depth 20 the growth per layer falls from 1.20 to 1.000 within twenty steps, and the weights of layer 2 grow from a length of 11.3 to 18.4. The network has repaired its own start.
//
// At depth 50 it falls as well, but look at the price. The first step was 11.8 times as long as the weights themselves; after twenty the weights are 3873 long, and the next step is about a millionth of that. Nothing explodes any more, because nothing moves: the first layers are frozen, at values that one wild step threw them to. An explosion at the start has turned into a standstill.

// %% {"id": "claim-recovery"}
const growthLost = (runs: readonly Look[][]) =>
  runs.map((seen) => 100 * (seen[0].growth - seen.at(-1)!.growth));
await claim("03.batch-norm-recovers", {
  says: "Twenty steps of training take away much of the growth per layer that a batch-normalised ReLU network of depth 20 starts with.",
  values: growthLost(shallow),
  unit: "points of growth",
  atLeast: 6,
  control: async () => growthLost(await recovery(20, 0.0001)), // steps too short to change any length
});

// %% {"id": "recovered-train"}
const normalisedNet = {
  depth: 20,
  width: 64,
  activation: "relu",
  init: "heNormal",
  norm: "batch",
} as const;
const threeSeeds = fiveSeeds.slice(0, 3);
const lossCurve = ({ curve }: train.ExperimentResult) => curve.map(({ loss }) => loss);
/** % of training digits after 120 steps at the rate of the beginning: by bound of the gradient's norm, then by seed. */
async function afterClipping(bounds: readonly (number | undefined)[], title: string) {
  const specs = threeSeeds.flatMap((seed) =>
    bounds.map((clipNorm): train.ExperimentSpec => {
      const one = spec(normalisedNet, setting.optimizer, seed);
      return clipNorm === undefined ? one : { ...one, train: { ...one.train, clipNorm } };
    }),
  );
  const bounded = (results: readonly train.ExperimentResult[], bound?: number) =>
    results.filter((result) => result.spec.train.clipNorm === bound);
  const results = await lesson.watch(specs, (come) => {
    const x = come[0].curve.map(({ step }) => step);
    const lines = bounds.map((bound, index) => ({
      name: bound === undefined ? "as it is" : `clipped to ${bound}`,
      role: (["batchNorm", "first"] as const)[index],
      ...{ x, runs: bounded(come, bound).map(lossCurve) },
    }));
    const drawn = lines.filter(({ runs }) => runs.length > 0);
    return plot.curves(drawn, { title, x: "step", y: "loss on the batches (nats)" });
  });
  return bounds.map((bound) => bounded(results, bound).map(learnt));
}
const [recovered] = await afterClipping(
  [undefined],
  "Does it learn from there? (ReLU, He, batch norm, depth 20, 3 seeds)",
);
table([{ network: "ReLU, He, batch norm, depth 20", "training accuracy": recovered }], percent);

// %% [markdown] {"id": "recovered-finding"}
// At depth 20 the network does learn, with 66.5 % after 120 steps, though more slowly than three sigmoid layers did (88.1 %). At depth 50, and this rate, the first layers stood still after twenty steps; whether it learns all the same was not measured. What is missing is a way for the signal around the layers: skip connections, chapter 04.

// %% [markdown] {"id": "rates-text"}
// ### Which rates work?
// *Further, 3 minutes.* If the length of the weights sets how far a step turns them, and too large a step makes them longer, a batch-normalised network should look after its own learning rate. ReLU networks of depth 6 and 100 units a layer, plain gradient descent, 120 steps: the record holds seven rates, you run two of them.

// %% {"id": "rates"}
const rateRecord = await train.readRecord("03-rates");
const [usual, large] = [0.03, 1];
const six = (norm: "none" | "batch") =>
  ({ depth: 6, width: 100, activation: "relu", init: "heNormal", norm }) as const;
const rateSpecs = fiveSeeds.flatMap((seed) =>
  (["none", "batch"] as const).flatMap((norm) =>
    [usual, large].map((learningRate) => spec(six(norm), { kind: "sgd", learningRate }, seed)),
  ),
);
const withNorm = (results: readonly train.ExperimentResult[], norm: "none" | "batch") =>
  results.filter(({ spec: { model } }) => model.kind === "mlp" && model.norm === norm);
const rateOf = ({ spec: { train: how } }: train.ExperimentResult) => how.optimizer.learningRate;
const rateRuns = await lesson.watch(rateSpecs, (results) => {
  const line = (norm: "none" | "batch", of: readonly train.ExperimentResult[]) =>
    train.across(withNorm(of, norm), rateOf, learnt);
  const lines: plot.Series[] = [
    { name: "no norm", role: "plain", ...line("none", rateRecord.results) },
    { name: "batch norm", role: "batchNorm", ...line("batch", rateRecord.results) },
    { name: "no norm, yours", role: "plain", points: true, ...line("none", results) },
    { name: "batch norm, yours", role: "batchNorm", points: true, ...line("batch", results) },
  ];
  return plot.curves(
    lines.filter(({ runs }) => runs.length > 0),
    {
      title: "Which learning rates work? (lines: record, 5 seeds; rings: run here)",
      x: "learning rate",
      y: "training accuracy (%)",
      logX: true,
    },
  );
});

// %% {"id": "claim-rates"}
const atRate = (norm: "none" | "batch", rate: number) =>
  withNorm(rateRuns, norm)
    .filter((result) => rateOf(result) === rate)
    .map(learnt);
const normGain = (rate: number) =>
  atRate("batch", rate).map((score, seed) => score - atRate("none", rate)[seed]);
table(
  [usual, large].map((rate) => ({
    "learning rate": rate,
    "no norm": atRate("none", rate),
    "batch norm": atRate("batch", rate),
  })),
  { units: { "no norm": "%", "batch norm": "%" } },
);
await claim("03.batch-norm-widens", {
  says: "With batch normalisation a network learns at a rate that destroys the same network without it.",
  values: normGain(large),
  unit: "points",
  atLeast: 40,
  control: () => normGain(usual), // a rate at which both learn
});

// %% [markdown] {"id": "rates-finding"}
// At a rate of 1 the network without batch normalisation ends with a loss that is no number, on every seed, which counts as 0 %; at 0.3 one seed of five does (there the band, which takes the five to be normal, reaches beyond 100 %). With it, at a rate of 1 it reads 97.0 % of the digits, and at a rate of 3 still 92.8 %. The range has grown upwards only: at the smallest rate, 0.003, batch normalisation is *behind*, with 50.5 % against 61.3 %.
// At the usual rate, 0.03, it makes next to no difference. Who tries one rate only can find batch normalisation useless, helpful or indispensable.

// %% [markdown] {"id": "clip-text"}
// ## Clipping
// *Further, 5 minutes.* The other remedy for gradients that explode is blunt: if the **norm of the whole gradient**, all layers together, is above a bound, scale it down to the bound (Pascanu and others, 2013). Its direction stays. A ReLU network of depth 10 whose weights have a variance of $3/\text{fan-in}$, half as much again as He's, at the rate of the beginning:

// %% {"id": "clip"}
const tooLarge: Net = { depth: 10, activation: "relu", init: nn.scaledNormal(3) };
const looked = chapter.pick({ normal: [0, 2, 4, 6, 8, 10, 20, 40, 80, 120], smoke: [0, 2, 4] });
interface Trail {
  readonly loss: number[];
  readonly gradient: number[];
}
/** Trains with gradients no longer than `bound`, and looks at the loss and the whole gradient on the way. */
async function follow(bound: number | undefined, seed: number, trail: Trail, draw: () => void) {
  const model = nn.mlp({ width: 64, ...tooLarge, seed });
  const look = async () => {
    const { loss } = await train.evaluate(model, batch);
    trail.loss.push(loss);
    trail.gradient.push(math.norm(probe.record(model, batch).weightGradientNorm));
    draw();
  };
  await look();
  await train.fit(model, examples, {
    ...setting,
    seed,
    steps: looked.at(-1)!,
    ...(bound === undefined ? {} : { clipNorm: bound }),
    every: 2,
    onStep: ({ step }) => (looked.includes(step) ? look() : undefined),
  });
  return 100 * (await train.evaluate(model, examples)).accuracy;
}

// %% {"id": "clip-run"}
const trails: Record<"as it is" | "clipped to 1", Trail[]> = { "as it is": [], "clipped to 1": [] };
const clipScores: Record<keyof typeof trails, number[]> = { "as it is": [], "clipped to 1": [] };
const kinds = Object.keys(trails) as (keyof typeof trails)[];
const inPicture = (value: number) => (value < 1e4 ? value : NaN);
const over = (of: keyof Trail, y: string) => {
  const whole = (trail: Trail) => trail[of].length === looked.length;
  const lines = kinds.map((name) => ({
    name,
    role: name === "as it is" ? ("plain" as const) : ("residual" as const),
    x: looked,
    runs: trails[name].filter(whole).map((trail) => trail[of].map(inPicture)),
  }));
  const done = lines.filter(({ runs }) => runs.length > 0);
  return plot.curves(done, { title: y, x: "step", y, logY: true });
};
const clipFigure = lesson.live(() =>
  plot.linked(over("loss", "loss (nats)"), over("gradient", "norm of the whole gradient"), {
    title: "What does clipping change? (ReLU, depth 10, variance 3 / fan-in, 3 seeds)",
  }),
);
await chapter.seeds(3, async (seed) => {
  for (const kind of kinds) {
    const trail: Trail = { loss: [], gradient: [] };
    trails[kind].push(trail);
    const bound = kind === "as it is" ? undefined : 1;
    const draw = () => trails[kind][0].loss.length === looked.length && clipFigure.update();
    clipScores[kind].push(await follow(bound, seed, trail, draw));
  }
});
clipFigure.end();

// %% {"id": "clip-norm"}
const [to10, to1] = await afterClipping(
  [10, 1],
  "Does clipping help where batch norm explodes? (depth 20, 3 seeds)",
);
table(
  [
    {
      network: "variance 3, depth 10",
      "as it is": clipScores["as it is"],
      "clipped to 1": clipScores["clipped to 1"],
    },
    {
      network: "batch norm, depth 20",
      "as it is": recovered,
      "clipped to 10": to10,
      "clipped to 1": to1,
    },
  ],
  { units: { "as it is": "%", "clipped to 10": "%", "clipped to 1": "%" } },
);

// %% {"id": "claim-clip"}
await claim("03.clipping-rescues", {
  says: "Clipping the gradient rescues a ReLU network of depth 10 whose weights are too large.",
  values: clipScores["clipped to 1"].map((score, seed) => score - clipScores["as it is"][seed]),
  unit: "points",
  atLeast: 30,
  control: () => to1.map((score, seed) => score - recovered[seed]), // growth from layer to layer
});

// %% [markdown] {"id": "clip-finding"}
// As it is, the gradient begins some ninety times as long as the bound, and within ten steps loss and gradient leave the picture (a line ends above $10^4$, or where there is no number any more; the figure's note counts both). Its accuracy is then that of no answer at all, 0 %. Point at a step: the values of both panels belong together. Clipped to 1, the same network creeps into a region where its gradient is 3.49, and reads 86.6 % of the digits.
// The second row of the table warns. In the batch-normalised network the gradient grows *from layer to layer*. Clipping multiplies all layers by one factor, so it shortens the step and leaves the shares as they are: a bound of 10 helps a little, 72.6 % against 66.5 %, a bound of 1 costs 45.7 points. Clipping cures steps that are too long, not layers that are out of proportion.

// %% [markdown] {"id": "dead-text"}
// ## Born dead
// *Further, 4 minutes, and 6 for exercise 03.5 at the end, which is not.* A ReLU network can start with no gradient at all. Take a network with one input $x$, zero biases and narrow layers. If in some layer every unit is at 0 for every $x$, all that follows is constant, every gradient below is exactly 0, and no training will ever change it: the network is **born dead** (Lu and others, 2019).
//
// By hand: a unit's pre-activation is a sum of weights with random sign, so it is negative with probability $\tfrac12$, and all $n$ units of a layer are at 0 with probability $2^{-n}$. A given input survives all $L - 1$ hidden layers with probability $(1 - 2^{-n})^{L-1}$.
// With zero biases only the sign of $x$ matters, so there are two inputs to kill, and the chance to be born dead is at most $1 - (1 - 2^{-n})^{L-1}$.
//
// Of 100 networks with 3 units a layer and depth 20, how many are dead before the first step?

// %% {"id": "predict-e", "tags": ["predict"]}
predict("03.e", null, { claim: "03.born-dead", unit: "% of networks" });

// %% {"id": "dead"}
const relu = (z: number) => Math.max(0, z);
/** The hidden layer at which both inputs, x = 1 and x = -1, have died; Infinity if one of them outlives all layers. */
function layerOfDeath(layerWidth: number, layers: number, random: math.Rng): number {
  let inputs = [[1], [-1]];
  for (let layer = 1; layer <= layers; layer++) {
    const weights = Array.from({ length: layerWidth }, () => inputs[0].map(() => random.normal()));
    inputs = inputs.map((h) =>
      weights.map((row) => relu(row.reduce((sum, w, unit) => sum + w * h[unit], 0))),
    );
    if (inputs.flat().every((h) => h === 0)) return layer;
  }
  return Infinity;
}
const deadDepths = [2, 3, 5, 7, 10, 15, 20, 30];
const nets = chapter.pick({ normal: 1000, smoke: 20 });
const deaths = (layerWidth: number) =>
  chapter.seeds(5, (seed) => {
    const random = math.rng(seed).child(`width ${layerWidth}`);
    const layers = Array.from({ length: nets }, () => layerOfDeath(layerWidth, 29, random));
    return deadDepths.map((depth) => (100 * layers.filter((layer) => layer < depth).length) / nets);
  });

// %% {"id": "dead-figure"}
const deadOfWidth = { 2: await deaths(2), 3: await deaths(3), 4: await deaths(4) };
show(
  plot.curves(
    ([2, 3, 4] as const).map((layerWidth) => ({
      name: `width ${layerWidth}`,
      x: deadDepths,
      runs: deadOfWidth[layerWidth],
      theory: deadDepths.map((depth) => 100 * theory.bornDeadBound(depth, layerWidth)),
    })),
    {
      title: "How many ReLU networks are born dead? (one input, 5 × 1000 networks a width)",
      x: "depth (weight layers)",
      y: "born dead (% of networks)",
    },
  ),
);

// %% [markdown] {"id": "dead-finding"}
// The dashed lines are the bound; the measurement stays below it and follows it upwards. At depth 2 nobody is born dead, though the bound allows 25 % at width 2: a unit that is silent for $x = 1$ speaks for $x = -1$. With depth both go to 100 %, at any fixed width.
// Width is the remedy: each unit more halves the risk of a layer. At the widths of the other experiments here the risk is nothing to worry about.

// %% {"id": "claim-dead"}
const twenty = deadDepths.indexOf(20);
await claim("03.born-dead", {
  says: "Of ReLU networks with 3 units a layer and depth 20, more than two in five are born dead.",
  values: deadOfWidth[3].map((shares) => shares[twenty]),
  unit: "% of networks",
  atLeast: 40,
  control: async () => (await deaths(8)).map((shares) => shares[twenty]), // the same depth, wider layers
});

// %% [markdown] {"id": "ex-5-text", "tags": ["exercise"], "exercise": {"id": "03.5", "kind": "debug", "difficulty": 4, "minutes": 6}}
// ### Exercise 03.5 · The layer that looks best
// *Difficulty 4 of 5, 6 minutes.* A colleague's ReLU network of depth 14 learns far too slowly. In one layer something went wrong when the weights were drawn; all others have He's weights. He sends you its profile at the start, and suspects layer 6, "where the deltas break down", or layer 8, "where the gradients do".
// Which layer is it, and what is wrong with it?

// %% {"id": "ex-5-profile"}
const received = {
  "activation std": [0.88, 0.95, 1, 1, 1, 1.1, 0.1, 0.1, 0.1, 0.11, 0.11, 0.11, 0.11, 0.15],
  "delta norm": [
    0.0074, 0.0071, 0.007, 0.0066, 0.0064, 0.0065, 0.066, 0.066, 0.068, 0.062, 0.06, 0.06, 0.063, 0.059,
  ],
  "weight-gradient norm": [
    0.29, 0.13, 0.15, 0.14, 0.13, 0.12, 1.4, 0.14, 0.16, 0.15, 0.15, 0.14, 0.14, 0.13,
  ],
};
show(
  plot.smallMultiples(
    Object.entries(received).map(([y, values]) =>
      plot.depthProfile([{ name: "the colleague's network", role: "plain", runs: [values] }], {
        y,
        log: true,
      }),
    ),
    {
      title: "Which of these 14 layers is at fault? (one network, before the first step)",
    },
  ),
);

// %% {"id": "ex-5", "tags": ["exercise"]}
type Fault =
  "weights too small" | "weights too large" | "biases far below zero" | "no activation function";
// SOLUTION
const diagnosis: { layer: number; fault: Fault } = { layer: 7, fault: "weights too small" };
// EXERCISE
// const diagnosis: { layer: number; fault: Fault } = lesson.todo("03.5");
// END
await check("03.5", diagnosis);

// %% [markdown] {"id": "ex-6-text", "tags": ["exercise"], "exercise": {"id": "03.6", "kind": "design", "difficulty": 3, "minutes": 8}}
// ### Exercise 03.6 · Make depth 32 learn
// *Further. Difficulty 3 of 5, 8 minutes.* Now a network of your own: tanh, depth 32, 48 units a layer, bias variance 0.1, 500 digits, 100 steps of 32. Choose the weight variance (times fan-in), the learning rate and the bound of clipping (1000 is as good as none)
// so that it reads at least 55 % of its training digits, beyond doubt over five starts that you have not seen. You may try three networks before you decide: `tryOut` trains one and counts. It shows you a bad one first. Compute what can be computed.

// %% {"id": "ex-6-try"}
interface Plan {
  readonly weightVariance: number;
  readonly learningRate: number;
  readonly clipNorm: number;
}
let networksLeft = 4;
async function tryOut({ weightVariance, learningRate, clipNorm }: Plan): Promise<void> {
  if (networksLeft === 0) throw new Error("Your three networks are spent: decide.");
  networksLeft -= 1;
  const init = nn.scaledNormal(weightVariance);
  const optimizer = { kind: "sgd", learningRate, momentum: 0.9 } as const;
  const { accuracy } = await train.experiment({
    data: { kind: "mnist", train: 500, test: 50 },
    model: { kind: "mlp", depth: 32, width: 48, activation: "tanh", init, biasStd: Math.sqrt(0.1) },
    train: { steps: chapter.pick({ normal: 100, smoke: 5 }), batchSize: 32, optimizer, clipNorm },
    seed: 3,
  });
  const fit = 100 * accuracy.train;
  const row = { weightVariance, learningRate, clipNorm, "training accuracy": fit, networksLeft };
  table([row], { units: { "training accuracy": "%" } });
}
await tryOut({ weightVariance: 1, learningRate: 0.1, clipNorm: 1000 });

// %% {"id": "ex-6", "tags": ["exercise"]}
// SOLUTION
const plan: Plan = { weightVariance: 1.99, learningRate: 0.01, clipNorm: 1 };
// EXERCISE
// const plan: Plan = lesson.todo("03.6");
// END
await check("03.6", plan);

// %% [markdown] {"id": "teacher-end", "tags": ["teacher"]}
// **Teacher · last ten minutes.** Let pairs argue 03.5 before anybody types. Layer 6 and layer 8 both have good reasons, and whoever names them is right about what he sees. Put the three panels next to the chain on the board: the factor $W_7$ stands in $h_7$, in $\delta_6$, and in no part of its own gradient.
// **If time is short** skip all that is marked *further*; keep 03.2. In two sittings, end the first after *Nine starts*. **If there is time left:** He's weights on sigmoid units (predict the slope by $\chi_1$ first: 0.32 per layer).
// **Usual errors:** "batch norm solves vanishing gradients" (it fixes the scale; ReLU with batch norm explodes); "clipping solves exploding gradients" (it shortens the step, the shares of the layers stay); reading a ratio where an absolute size is asked for; taking a steady gradient as a promise of learning.

// %% [markdown] {"id": "claims-text"}
// ## What was claimed, and what you measured

// %% {"id": "claims"}
chapter.claims();

// %% [markdown] {"id": "recall-text"}
// ## What stays
// Answer in your own words before you open an answer. Come back to these tomorrow.

// %% {"id": "recall"}
lesson.recall("03");

// %% [markdown] {"id": "references"}
// ## Simplified here, and where to read on
// - Networks are fully connected, of equal width, on one data set; gradients were taken at the start, except where training is shown. Convolutions change the numbers, not the argument.
// - $\chi_1$ belongs to the limit of infinite width; at width 128 it was right to about one per cent. On the way down, it counts the weights as drawn anew, which they are not.
// - One learning rate served the networks of each comparison, but for the seven rates of the record. A rate tuned for each would change every accuracy above, and move the borders of the map of depth and weight variance. Skip connections come in chapter 04.
// - $6\xi$ is written here for the ordered phase only, where two inputs end up alike and $\xi = 1 / \ln(1 / \chi_1)$; beyond the edge it takes another recursion.
// - Bounds of 1 and 10 were tried for clipping, at one rate.
// - The batch's statistics tie its examples together; the theory of batch normalisation's explosion is for large batches and many layers.
//
// Hochreiter 1991 (diploma thesis, TU München: the first analysis, for recurrent networks) · Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks* · Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063 (clipping) · Saxe, McClelland, Ganguli 2014, arXiv:1312.6120 ·
// He and others 2015, arXiv:1502.01852 · Ioffe and Szegedy 2015, arXiv:1502.03167 · Poole and others 2016, arXiv:1606.05340 · Schoenholz and others 2017, arXiv:1611.01232 · Pennington, Schoenholz, Ganguli 2017, arXiv:1711.04735 (all directions alike) · Santurkar and others 2018, arXiv:1805.11604 ·
// Yang and others 2019, arXiv:1902.08129 (batch normalisation explodes) · Lu and others 2019, arXiv:1903.06733 (born dead)
