// %% [markdown] {"id": "title"}
// # 04 · Skip connections
// *A path around each layer lets nets of fifty layers train. What does it repair, and what does it not?*
//
// **You will**
// - see a deep net fail on its *training* examples, and the same net with paths around its layers succeed;
// - look for the reason in the size of its gradients and in the learning rate, and find that it is in neither;
// - find it in the direction of its gradients;
// - count the paths through a net, measure which of them the gradient takes, then remove layers and shuffle them.
//
// **Needs** chapter 00; from chapter 03 the error signal and what batch normalisation does. **Time** 60 minutes with its exercises, two of them computing.

// %% {"id": "imports"}
import { data, math, nn, plot, probe, tf, theory, train, lesson } from "deepen";
const { show, table, predict, claim, check } = lesson;
const chapter = await lesson.begin("04-skip-connections", { seed: 4 });

// %% [markdown] {"id": "predict-a-text"}
// ## A net that cannot even learn by heart
// *7 minutes.* **Depth** counts layers of weights, the output layer included. A **plain** layer computes $h' = \mathrm{relu}(\mathrm{norm}(Wh))$, where norm is batch normalisation. A **residual** layer adds what came in: $h' = h + \mathrm{relu}(\mathrm{norm}(Wh))$. The term $h$ that passes unchanged is the **skip connection**; what is added to it is the **branch**. Both layers have the same weights and cost the same. The first layer has no skip, since its input is of another size, nor has the output layer: depth 32 has 30 branches.
// Take 1,000 signals of MNIST-1D, width 32, and train 300 steps, with 4 and with 32 layers.
//
// Without skips: by how many points is the **training** accuracy of depth 4 above that of depth 32?

// %% {"id": "predict-a", "tags": ["predict"]}
predict("04.a", null, { claim: "04.degrades", unit: "points" });

// %% {"id": "setting"}
const steps = chapter.pick({ normal: 300, smoke: 5 });
const count = chapter.pick({ normal: 1000, smoke: 100 });
interface Kind {
  readonly norm?: "batch";
  readonly skip?: boolean;
  readonly branchScale?: number;
  readonly survival?: number;
}
const plain: Kind = { norm: "batch" };
const residual: Kind = { norm: "batch", skip: true };
const spec = (
  kind: Kind,
  depth: number,
  seed: number,
  measures: string[] = [],
): train.ExperimentSpec => ({
  data: { kind: "mnist1d", train: count, test: chapter.pick({ normal: 500, smoke: 50 }) },
  model: { kind: "mlp", depth: depth, width: 32, activation: "relu", init: "heNormal", ...kind },
  train: {
    steps: steps,
    batchSize: 50,
    optimizer: { kind: "adam", learningRate: 0.003 },
    schedule: { kind: "cosine" },
  },
  seed: seed,
  measures: measures,
});

// %% {"id": "select"}
type Results = readonly train.ExperimentResult[];
/** Results of one kind of net, at all depths or at one; in the order of their seeds. */
const among = (results: Results, { norm, skip = false, ...rest }: Kind, depth?: number) =>
  results.filter(
    ({ spec: { model } }) =>
      model.kind === "mlp" &&
      (depth ?? model.depth) === model.depth &&
      model.norm === norm &&
      (model.skip ?? false) === skip &&
      model.branchScale === rest.branchScale &&
      model.survival === rest.survival,
  );
const losses = (results: Results) => ({
  x: results[0].curve.map(({ step }) => step),
  runs: results.map(({ curve }) => curve.map(({ loss }) => loss)),
});
/** A line of loss curves with its band, once there is a result. */
const lines = (line: { name: string; role?: plot.Role }, results: Results): plot.Series[] =>
  results.length === 0 ? [] : [{ ...line, ...losses(results) }];
const lossAxes = { x: "step", y: "training loss (nats)", logY: true };
const fit = ({ accuracy }: train.ExperimentResult) => 100 * accuracy.train;

// %% {"id": "race"}
const starts = await chapter.seeds(5, (seed) => seed);
const raced = starts.flatMap((seed) =>
  [4, 32].flatMap((depth) => [
    spec(plain, depth, seed, ["firstDeltaNorm", "lossSlice"]),
    spec(residual, depth, seed, ["firstDeltaNorm", "lossSlice", "firstPathShares", "pathShares"]),
  ]),
);
const arms = [
  { name: "plain, 4 layers", role: "second", kind: plain, depth: 4 },
  { name: "residual, 4 layers", role: "batchNorm", kind: residual, depth: 4 },
  { name: "plain, 32 layers", role: "plain", kind: plain, depth: 32 },
  { name: "residual, 32 layers", role: "residual", kind: residual, depth: 32 },
] as const;
const guessing = [{ name: "guessing", y: math.ln(10) }];
const race = await lesson.watch(
  raced,
  (come) =>
    plot.curves(
      arms.flatMap(({ kind, depth, ...line }) => lines(line, among(come, kind, depth))),
      { title: "Does the training loss fall? (5 seeds)", ...lossAxes, references: guessing },
    ),
  { noun: "net" },
);

// %% [markdown] {"id": "race-finding"}
// Each line is the mean over five nets that differ in their first weights and in the order of examples; the band is its 95 % interval, the thin lines are single nets. Every point is a mean over 15 steps on the **training** signals. A net that gives each of the ten digits the same probability has a loss of $\ln 10 \approx 2.30$, the dotted line.
// The residual net of 32 layers begins far above the others, since thirty branches add up to large outputs, and ends lowest. The plain net of 32 layers never leaves the dotted line by much.

// %% {"id": "lost"}
const accuracies = (kind: Kind, depth: number) => among(race, kind, depth).map(fit);
const minus = (a: readonly number[], b: readonly number[]) => a.map((value, seed) => value - b[seed]);
const lost = (kind: Kind) => minus(accuracies(kind, 4), accuracies(kind, 32));
table(
  [plain, residual].map((kind) => ({
    net: kind.skip === true ? "residual" : "plain",
    "depth 4": accuracies(kind, 4),
    "depth 32": accuracies(kind, 32),
  })),
  { units: { "depth 4": "%", "depth 32": "%" } },
);

// %% {"id": "claim-degrades"}
await claim("04.degrades", {
  says: "Without skips, a net of 32 layers fits its own training examples worse than one of 4.",
  values: lost(plain),
  unit: "points",
  atLeast: 15,
  control: () => lost(residual), // the same depths with skips
});

// %% [markdown] {"id": "degrades-finding"}
// The plain net of 32 layers hardly learns its *training* signals, so this is not overfitting: the optimiser does not find weights that exist. (Let 28 of its layers pass their input on, and it would be the net of 4.) He and others called it **degradation**. With skips the same 32 layers train.

// %% [markdown] {"id": "teacher-opening", "tags": ["teacher"]}
// **Teacher · opening, 8 minutes.** Collect guesses for 04.a. Ask: "Could a 32-layer net be at least as good as a 4-layer one?" Everybody finds the identity argument; nobody expects the training accuracy to collapse. **Board:** degradation = optimisation, not overfitting.
// **Usual error:** "batch normalisation solved this". Both nets here have it.

// %% [markdown] {"id": "record-text"}
// ### All depths
// Six depths, five seeds each: a **record**, which the authors ran with this engine. How well does each net fit its training signals in the end? A plain net without normalisation stands beside the two. The rings are your own nets of a moment ago, from other seeds.

// %% {"id": "record"}
const record = await train.readRecord("04-depth");
const depths = [2, 4, 8, 16, 32, 50];
const depthOf = ({ spec: { model } }: train.ExperimentResult) => model.depth;
const fits = (results: Results, kind: Kind) => train.across(among(results, kind), depthOf, fit);
show(
  plot.curves(
    [
      { name: "plain, no norm", role: "random", ...fits(record.results, {}) },
      { name: "plain", role: "plain", ...fits(record.results, plain) },
      { name: "residual", role: "residual", ...fits(record.results, residual) },
      { name: "plain, yours", role: "plain", points: true, ...fits(race, plain) },
      { name: "residual, yours", role: "residual", points: true, ...fits(race, residual) },
    ],
    {
      title: "How well does each net fit its training examples, by depth? (record: 5 seeds)",
      x: "depth (weight layers)",
      y: "training accuracy (%)",
      logX: true,
      references: [{ name: "guessing", y: 10 }],
    },
  ),
);

// %% {"id": "record-again"}
const chosen = 4;
const once = record.results.filter(({ spec: { model, seed } }) => model.depth === chosen && seed === 0);
const again = await train.sweep(once.map(({ spec: one }) => one));
table(
  again.map(({ loss }, place) => ({
    [`net, ${chosen} layers`]: ["plain, no norm", "plain", "residual"][place],
    "loss, record": once[place].loss.train,
    "loss, here": loss.train,
    "same to the last bit": loss.train === once[place].loss.train ? "yes" : "no",
  })),
);

// %% [markdown] {"id": "record-finding"}
// Three nets of the record were trained again here, and gave the same numbers to the last bit.
// With 2 layers there is no branch, so the two nets are the same; with 4 they are alike: **here a skip connection brings nothing.** With 8 they begin to part, with 16 the plain net has lost half of what it had, with 32 it is near guessing. The plain net *without* normalisation degrades later: normalisation alone makes a deep plain net worse here, not better. And the residual net is not immune: it fits best at 16 layers, and less well at 50.

// %% [markdown] {"id": "by-hand-text"}
// ## The smallest case
// *6 minutes.* One unit, no activation, no normalisation: a plain layer computes $h' = wh$, a residual one $h' = h + wh$. If what goes into the first layer changes by a little, what comes out of the last changes by that much times $w^L$, or times $(1 + w)^L$: this factor is the gradient. Take $w = 0.5$.

// %% {"id": "by-hand"}
const power = (base: number, exponent: number) =>
  Array<number>(exponent)
    .fill(base)
    .reduce((a, b) => a * b, 1);
table(
  [1, 2, 4, 8].map((layers) => ({
    layers: layers,
    "plain, w = 0.5": power(0.5, layers),
    "residual, w = 0.5": power(1.5, layers),
    "residual, branch / L": power(1 + 0.5 / layers, layers),
  })),
);

// %% [markdown] {"id": "by-hand-finding"}
// The plain product vanishes; the residual one **explodes** ($1.5^8 = 25.6$). A branch that is scaled by $1/L$ does neither: $(1 + 0.5/L)^L$ stays below $e^{0.5} = 1.65$. A skip by itself does not keep a gradient at 1.

// %% [markdown] {"id": "ex-1-text", "tags": ["exercise"], "exercise": {"id": "04.1", "kind": "implement", "difficulty": 2, "minutes": 4}}
// ### Exercise 04.1 · Build the block
// *Difficulty 2 of 5, 4 minutes.* Write `block(x, branch, scale)`: the branch is computed from `x`, multiplied by `scale`, and added to `x`, unit by unit.
// Example: with a branch that doubles, `block([1, -2], branch, 0.5)` is `[2, -4]`.

// %% {"id": "ex-1", "tags": ["exercise"]}
type Branch = (x: readonly number[]) => number[];
function block(x: readonly number[], branch: Branch, scale: number): number[] {
  // SOLUTION
  const added = branch(x);
  return x.map((value, unit) => value + scale * added[unit]);
  // EXERCISE
  // return lesson.todo("04.1");
  // END
}
await check("04.1", block);

// %% [markdown] {"id": "predict-b-text"}
// ## Is it the size of the gradient, or the learning rate?
// *5 minutes.* Two suspects. **The gradient:** chapter 03 measured the error signal $\delta$, the gradient of the loss at a layer's pre-activations, and saw it vanish on its way back. Guess for the *plain* net of 32 layers with normalisation, before training: by how many powers of ten is $\delta$ in the first layer larger (+) or smaller (−) than in the last hidden one?
// **The learning rate:** perhaps 0.003 just does not suit the plain net. A second record tried six rates at each depth.

// %% {"id": "predict-b", "tags": ["predict"]}
predict("04.b", null, { claim: "04.does-not-vanish", unit: "powers of ten" });

// %% {"id": "view"}
const delta = ({ measures }: train.ExperimentResult) =>
  (measures.firstDeltaNorm as readonly number[]).slice(0, -1);
const tried = (await train.readRecord("04-rates")).results;
const rateOf = ({ spec: { train: how } }: train.ExperimentResult) => how.optimizer.learningRate;
const byRate = (kind: Kind, depth: number) => train.across(among(tried, kind, depth), rateOf, fit);
const pair = (of: (kind: Kind) => Pick<plot.Series, "x" | "runs">): plot.Series[] => [
  { name: "plain", role: "plain", ...of(plain) },
  { name: "residual", role: "residual", ...of(residual) },
];
const own = (kind: Kind, depth: number) => among(record.results, kind, depth);
const view = (depth: number) =>
  plot.smallMultiples(
    [
      plot.curves(
        pair((kind) => losses(own(kind, depth))),
        { title: "loss", ...lossAxes },
      ),
      plot.curves(
        pair((kind) => ({ runs: own(kind, depth).map(delta) })),
        { title: "error signal", x: "layer", y: "norm of δ before training", logY: true },
      ),
      plot.curves(
        pair((kind) => byRate(kind, depth)),
        { title: "rates", x: "learning rate", y: "training accuracy (%)", logX: true },
      ),
    ],
    { title: `${depth} layers` },
  );

// %% {"id": "linked"}
show(
  plot.frames(
    depths.map((depth) => ({ label: String(depth), figure: view(depth) })),
    {
      title: "Loss, error signal, learning rate: where do the two nets differ? (records: 5 seeds)",
      slider: "depth",
      start: "32",
    },
  ),
);

// %% [markdown] {"id": "linked-text"}
// Move the slider from 2 to 50 and watch the three panels together. **Left:** the training loss, step by step. **Middle:** $\delta$ in each hidden layer before the first step, layer 1 at the left; a line that falls to the right is an error signal that grows on its way *back*. **Right:** the accuracy on the training signals in the end, by Adam's learning rate; the left and the middle panel are from rate 0.003.
// What the picture does not show: the middle panel is a single moment, before training, and a norm says nothing about direction.

// %% {"id": "claim-size"}
const reach = (results: Results) =>
  results.map((one) => math.log10(delta(one)[0] / delta(one)[delta(one).length - 1]));
table([
  { "32 layers": "plain, no norm", "growth of δ on its way back (powers of ten)": reach(own({}, 32)) },
  {
    "32 layers": "plain",
    "growth of δ on its way back (powers of ten)": reach(among(race, plain, 32)),
  },
  {
    "32 layers": "residual",
    "growth of δ on its way back (powers of ten)": reach(among(race, residual, 32)),
  },
]);
await claim("04.does-not-vanish", {
  says: "With batch normalisation the gradient of a plain net of 32 layers does not vanish: it grows.",
  values: reach(among(race, plain, 32)),
  unit: "powers of ten",
  atLeast: 0.8,
  control: () => reach(own({}, 32)), // normalisation removed
});

// %% {"id": "rates"}
const best = (kind: Kind, depth: number) => byRate(kind, depth).runs.map((run) => Math.max(...run));
const near = (kind: Kind, depth: number) =>
  byRate(kind, depth).runs.map((run) => run.filter((one) => one >= 0.8 * Math.max(...run)).length);
table(
  depths.map((depth) => ({
    depth: depth,
    "best rate, plain (%)": best(plain, depth),
    "best rate, residual (%)": best(residual, depth),
    "rates near its best, plain": near(plain, depth),
    "rates near its best, residual": near(residual, depth),
  })),
);

// %% {"id": "claim-rates"}
await claim("04.no-rate-saves", {
  says: "At its own best learning rate, the plain net of 16 layers still fits worse than the residual one.",
  values: minus(best(residual, 16), best(plain, 16)),
  unit: "points",
  atLeast: 10,
  control: () => minus(best(residual, 4), best(plain, 4)), // four layers
});

// %% [markdown] {"id": "view-finding"}
// **Not the size.** With normalisation the error signal *grows* on its way back, in both nets by about two powers of ten through 32 layers; without it, it hardly changes, since the weights are drawn as chapter 03 has it. Nothing vanishes. That the plain net's grows faster, and stands higher, is no reason either: Adam, the optimiser here, divides sizes out. One of the nets trains and the other does not.
// **Not the rate.** A larger rate helps both. But at its best one, the plain net of 16 layers stays nearly 30 points behind the residual one, and with 32 layers no rate brings it to half of what the residual net reaches. With 2 and 4 layers skips do nothing for it.
// Skips are also said to forgive a wrong rate. The last two columns count, of six rates, those that bring a net to four fifths of its own best. With 32 layers the intervals overlap: once a net is measured by what *it* can reach, this is not seen here. (With 50 layers the count says nothing of a plain net: it learns next to nothing at any rate, so most are near its best.)

// %% [markdown] {"id": "teacher-middle", "tags": ["teacher"]}
// **Teacher · after the linked view, 5 minutes.** **Board:** a list of suspects: overfitting, vanishing gradient, learning rate, direction. Strike one out after each measurement and let the class say which number did it. **Usual error:** reading the middle panel as "explodes, so it diverges": Adam divides the size out.

// %% [markdown] {"id": "predict-c-text"}
// ## Its direction: shattered gradients
// *7 minutes.* A net with a single input $x$ and a single output draws a curve. Its slope at $x$ is a gradient, and learning uses such gradients: a step that is good for $x$ is good for its neighbour only if their gradients are alike. Take 256 inputs from −2 to 2. How alike are the slopes of *neighbours*? Their **autocorrelation** says it: take the mean out of the slopes, multiply each by the next one, average, and divide by their variance. It is near 1 if every slope is like the next, and near 0 if they are noise.
// At 24 layers, before training, by how much is it larger in the residual net than in the plain one?

// %% {"id": "predict-c", "tags": ["predict"]}
predict("04.c", null, { claim: "04.shatters", unit: "correlation" });

// %% {"id": "shatter"}
const line = { from: -2, to: 2, points: 256 };
const slopes = (kind: Kind, depth: number, seed: number) => {
  const net = nn.mlp({
    depth: depth,
    width: 64,
    inputs: 1,
    classes: 1,
    activation: "relu",
    init: "heNormal",
    biasStd: 1,
    seed: seed,
    ...kind,
  });
  return probe.inputGradient(net, line);
};
const sizes = chapter.pick({ normal: [2, 4, 8, 12, 16, 24, 40], smoke: [2, 24] });
const alike = (kind: Kind) =>
  chapter.seeds(
    8,
    (seed) => sizes.map((depth) => math.autocorrelation(slopes(kind, depth, seed))),
    "nets along a line",
  );
const shattered = { none: await alike({}), plain: await alike(plain), residual: await alike(residual) };

// %% {"id": "shatter-figure"}
show(
  plot.curves(
    [
      { name: "plain, no norm", role: "random", x: sizes, runs: shattered.none },
      {
        name: "plain",
        role: "plain",
        x: sizes,
        runs: shattered.plain,
        theory: sizes.map((depth) => power(0.5, depth)),
      },
      {
        name: "residual",
        role: "residual",
        x: sizes,
        runs: shattered.residual,
        theory: sizes.map((depth) => 1 / Math.sqrt(depth)),
      },
    ],
    {
      title: "How alike are the gradients of neighbouring inputs, by depth? (8 seeds)",
      x: "depth L (weight layers)",
      y: "autocorrelation of the slope",
    },
  ),
);

// %% {"id": "likeness"}
const of = (runs: readonly number[][], depth: number) => runs.map((run) => run[sizes.indexOf(depth)]);
const apart = (runs: readonly number[][]) =>
  of(shattered.residual, 24).map((value, seed) => value - of(runs, 24)[seed]);
table([
  { net: "plain, no norm", "L = 24": of(shattered.none, 24) },
  { net: "plain", "L = 24": of(shattered.plain, 24) },
  { net: "residual", "L = 24": of(shattered.residual, 24) },
]);

// %% {"id": "claim-shatters"}
await claim("04.shatters", {
  says: "At 24 layers the gradients of a plain net with normalisation are noise, those of a residual net are not.",
  values: apart(shattered.plain),
  unit: "correlation",
  atLeast: 0.3,
  control: () => apart(shattered.none), // normalisation removed
});

// %% {"id": "traces"}
const position = Array.from(
  { length: line.points },
  (_, place) => line.from + (4 * place) / (line.points - 1),
);
const trace = (kind: Kind, depth: number) => {
  const values = Array.from(slopes(kind, depth, chapter.child("trace")));
  const most = Math.max(...values.map(Math.abs));
  return [values.map((value) => value / most)];
};
const traced = (kind: Kind, role: "plain" | "residual", name: string, depth: number) =>
  plot.curves([{ name: name, role: role, x: position, runs: trace(kind, depth) }], {
    title: name,
    x: "input x",
    y: `slope, ${name}`,
  });
show(
  plot.linked(traced(plain, "plain", "plain", 24), traced(residual, "residual", "residual", 24), {
    title:
      "What does the slope of 24 layers look like along a line of inputs? (one net each, largest slope 1)",
  }),
);

// %% [markdown] {"id": "shatter-finding"}
// Read the upper figure from left to right: a plain net's slopes lose their likeness layer by layer, until at 24 layers a neighbour says nothing about the next input. A step that helps one example is noise for another: the gradient is **shattered**. With skips they stay alike. The lower figure shows the same as it looks along the line, for one net of each kind.
// Balduzzi and others derive, for the correlation of two inputs' gradients, a decay of $2^{-L}$ in plain nets and of $1/\sqrt{L}$ in residual ones: the dashed lines. The measured lines lie *above* them, since neighbours on a line of 256 inputs start out nearly equal; plain nets get down to zero all the same, residual ones stay. And the plain net *without* normalisation shatters far less: at 24 layers its slopes are almost as much alike as the residual net's. Whoever repeats the experiment and leaves normalisation out sees little, which explains failed attempts. (The two plain nets differ in one more thing: each layer here has random biases, which normalisation takes out again.)
// What this does not show: all nets here are untrained, and have one input. That shattering is *why* plain nets fail is the best explanation that we have measured, no proof. The plain net without normalisation warns you: it hardly shatters, and degrades at 50 layers nevertheless.

// %% [markdown] {"id": "ex-2-text", "tags": ["exercise"], "exercise": {"id": "04.2", "kind": "interpret", "difficulty": 3, "minutes": 4}}
// ### Exercise 04.2 · What does the skip repair?
// *Difficulty 3 of 5, 4 minutes.* In both nets, with normalisation, the error signal grew on its way back; one trained. What do the measurements say?
//
// - **a** Skips stop the gradient from vanishing.
// - **b** Skips keep the gradients of similar inputs similar, so that steps for different examples do not cancel.
// - **c** Skips add parameters.
// - **d** Skips make the net shallower, since most layers end up unused.

// %% {"id": "ex-2", "tags": ["exercise"]}
// SOLUTION
const repaired = "b";
// EXERCISE
// const repaired: "a" | "b" | "c" | "d" = lesson.todo("04.2");
// END
await check("04.2", repaired);

// %% [markdown] {"id": "slices-text"}
// ### The ground on which training ends
// *2 minutes.* Stand where training ended, and walk in a straight line: change all weights along one random direction, in which each unit's part is as long as its weights, so that at distance 1 every unit has moved by its own length. How does the training loss change? Such a **slice** is often shown with the words that skips make the ground smooth and flat. Here are the nets of the first figure, each along a direction of its own.

// %% {"id": "slices"}
const slice = ({ measures }: train.ExperimentResult) => measures.lossSlice as readonly number[];
show(
  plot.curves(
    arms.map(({ kind, depth, ...line }) => ({
      ...line,
      x: probe.sliceDistances,
      runs: among(race, kind, depth).map(slice),
    })),
    {
      title: "How does the loss rise around the place where training ended? (5 seeds)",
      x: "distance along a random direction",
      y: "training loss (nats)",
      logY: true,
      references: guessing,
    },
  ),
);

// %% {"id": "claim-plateau"}
const half = [-0.5, 0.5].map((distance) => probe.sliceDistances.indexOf(distance));
const rise = (kind: Kind, depth: number) =>
  among(race, kind, depth).map((one) => {
    const there = slice(one)[probe.sliceDistances.indexOf(0)];
    return math.mean(half.map((place) => math.log10(slice(one)[place] / there)));
  });
await claim("04.plateau", {
  says: "Half a length from where training ended, the loss has risen by more with 32 residual layers than with 32 plain ones.",
  values: minus(rise(residual, 32), rise(plain, 32)),
  unit: "powers of ten",
  atLeast: 0.3,
  control: () => minus(rise(residual, 4), rise(plain, 4)), // four layers
});

// %% [markdown] {"id": "slices-finding"}
// With 4 layers the two valleys are much alike. With 32 it is the *residual* net that stands in a steep, even valley; the plain one stands on a plateau at the height of guessing, and wherever it goes from there, the loss hardly changes. The usual picture, "skips make the ground flat", is not what is seen here. The trouble of the plain net is not that the ground is rough along such a line, but that it says nothing.
// Heights are no fair measure, though: the sum of a residual net has grown over thirty layers, so its outputs are larger, and so is the loss when they are wrong.

// %% [markdown] {"id": "explode-text"}
// ## Where the skip is the trouble
// *9 minutes.* Take normalisation away and keep the skips. Each layer adds a branch of about the size of what came in, as in the table of the smallest case. In a second kind of net divide each branch by $\sqrt{30}$, the root of the number of branches: if branches are independent, thirty of them then add up to the size of one.

// %% {"id": "explode"}
const unscaled: Kind = { skip: true };
const scaled: Kind = { skip: true, branchScale: 1 / Math.sqrt(30) };
const bare = starts.flatMap((seed) =>
  [unscaled, scaled].map((kind) => spec(kind, 32, seed, ["firstActivationStd", "firstPathShares"])),
);
const ran = await lesson.watch(
  bare,
  (come) =>
    plot.curves(
      [
        ...lines({ name: "branch as it is", role: "first" }, among(come, unscaled)),
        ...lines({ name: "branch / √30", role: "second" }, among(come, scaled)),
      ],
      { title: "Do 32 residual layers train without normalisation? (5 seeds)", ...lossAxes },
    ),
  { noun: "net" },
);

// %% {"id": "explode-figure"}
const spread = ({ measures }: train.ExperimentResult) =>
  (measures.firstActivationStd as readonly number[]).slice(0, -1);
show(
  plot.curves(
    [
      { name: "branch as it is", role: "first", runs: among(ran, unscaled).map(spread) },
      { name: "branch / √30", role: "second", runs: among(ran, scaled).map(spread) },
    ],
    {
      title: "How do activations grow through 32 residual layers, before training? (5 seeds)",
      x: "layer (1 = first, 31 = last hidden)",
      y: "standard deviation of the activation",
      logY: true,
    },
  ),
);
const grown = (kind: Kind) =>
  among(ran, kind).map((one) => math.log10(spread(one)[spread(one).length - 1] / spread(one)[0]));
table(
  [unscaled, scaled].map((kind) => ({
    branch: kind === unscaled ? "as it is" : "/ √30",
    "growth (powers of ten)": grown(kind),
    "training accuracy (%)": among(ran, kind).map(fit),
  })),
);

// %% {"id": "claim-explode"}
await claim("04.branches-explode", {
  says: "Without normalisation, unscaled branches make activations explode through 32 residual layers.",
  values: grown(unscaled),
  unit: "powers of ten",
  atLeast: 2.5,
  control: () => grown(scaled),
});

// %% {"id": "claim-scaling"}
const halved: Kind = { skip: true, branchScale: 1 / Math.sqrt(2) };
const shallow = await train.sweep(
  starts.flatMap((seed) => [unscaled, halved].map((kind) => spec(kind, 4, seed))),
);
const fitOf = (results: Results, kind: Kind) => among(results, kind).map(fit);
await claim("04.scaling-cures", {
  says: "Divided by the root of their number, the branches let the net train without normalisation.",
  values: minus(fitOf(ran, scaled), fitOf(ran, unscaled)),
  unit: "points",
  atLeast: 12,
  control: () => minus(fitOf(shallow, halved), fitOf(shallow, unscaled)), // two branches, which do not explode
});

// %% [markdown] {"id": "explode-finding"}
// The upper figure is the training, the lower one the state before it. The usual story, "a skip lets the signal pass", fails here: it lets it *grow*, by more than six powers of ten, and nothing is learnt. Divided by the root of the number of branches, activations grow by about one power of ten, and the net trains, without normalisation. (One power of ten is more than independent branches would give: after a ReLU nothing is negative, so branches do not cancel.) Schemes such as Fixup, SkipInit and ReZero build on this. It trains less well than the normalised residual net of the first figure: scaling replaces part of what normalisation does.

// %% [markdown] {"id": "ex-3-text", "tags": ["exercise"], "exercise": {"id": "04.3", "kind": "design", "difficulty": 3, "minutes": 7}}
// ### Exercise 04.3 · Thirty layers without normalisation
// *Difficulty 3 of 5, 7 minutes.* A residual net of 30 layers of 24 units, no normalisation, 500 signals, 200 steps. Choose `branchScale` (from 0.05 to 1) and `learningRate` so that its training accuracy is at least 40 %, beyond doubt over four starts that you have not seen.

// %% {"id": "ex-3", "tags": ["exercise"]}
// SOLUTION
const recipe: { branchScale: number; learningRate: number } = { branchScale: 0.1, learningRate: 0.01 };
// EXERCISE
// const recipe: { branchScale: number; learningRate: number } = lesson.todo("04.3");
// END
await check("04.3", recipe);

// %% [markdown] {"id": "paths-text"}
// ## A crowd of paths
// *9 minutes.* Unfold a residual net. At every sum a signal may have come through the branch or have passed it by. A **path** is one such choice at each of $n$ branches, so there are $2^n$ paths; its **length** is the number of branches that it goes through. $\binom{n}{k}$ paths have length $k$: with $n = 3$ there are 1, 3, 3 and 1 of length 0 to 3, and with $n = 30$ most of the thousand million have a length near 15.

// %% [markdown] {"id": "ex-4-text", "tags": ["exercise"], "exercise": {"id": "04.4", "kind": "implement", "difficulty": 3, "minutes": 6}}
// ### Exercise 04.4 · Count the paths
// *Difficulty 3 of 5, 6 minutes.* One layer is taken out of a residual net of `branches` branches. Write `left(branches, length)`: how many paths through exactly `length` branches are left?
// Example: `left(3, 1)` is 2: of the three paths through one branch, the one through the missing branch is gone.

// %% {"id": "ex-4", "tags": ["exercise"]}
function left(branches: number, length: number): number {
  // SOLUTION
  let paths = 1;
  for (let taken = 1; taken <= length; taken++) {
    paths = (paths * (branches - taken)) / taken;
  }
  return paths;
  // EXERCISE
  // return lesson.todo("04.4");
  // END
}
await check("04.4", left);

// %% [markdown] {"id": "predict-d-text"}
// ### Which paths does the gradient take?
// The gradient comes back along all of them at once. The smallest case once more, two branches: $(1 + w)(1 + w) = 1 + 2w + w^2$. The paths of length 0, 1 and 2 bring $1$, $2w$ and $w^2$; with $w = 0.5$ that is 44 %, 44 % and 11 % of the gradient, on 25 %, 50 % and 25 % of the paths. If branches pass on less than what goes around them, **short paths carry more than their number.**
// In a net every path brings a vector, and all vectors add up to the gradient. `probe.pathShares` adds them by length, all $2^{30}$ of them, and gives the part of each sum that points along the gradient: the shares add up to 100 %.
//
// By count the mean length in 30 branches is 15. In the trained, normalised residual net, by how many branches is the mean shorter when each length is weighted by its share of the gradient?

// %% {"id": "predict-d", "tags": ["predict"]}
predict("04.d", null, { claim: "04.short-paths", unit: "branches" });

// %% {"id": "paths"}
const shares = (name: string) => (result: train.ExperimentResult) =>
  (result.measures[name] as readonly number[]).map((share) => 100 * share);
const normal = among(race, residual, 32);
const gradients = [
  {
    name: "no norm, branch as it is",
    role: "first",
    runs: among(ran, unscaled).map(shares("firstPathShares")),
  },
  {
    name: "no norm, branch / √30",
    role: "second",
    runs: among(ran, scaled).map(shares("firstPathShares")),
  },
  { name: "norm, before training", role: "batchNorm", runs: normal.map(shares("firstPathShares")) },
  { name: "norm, trained", role: "residual", runs: normal.map(shares("pathShares")) },
] as const;
const census = theory.pathCensus(30).map((share) => 100 * share);
const lengths = census.map((_, length) => length);
show(
  plot.curves(
    gradients.map((line, place) => ({
      ...line,
      x: lengths,
      ...(place === 0 ? { theory: census } : {}),
    })),
    {
      title:
        "How long are the paths that the gradient takes? (30 branches, 5 seeds; theory: all paths, by count)",
      x: "branches on the path",
      y: "share of the gradient (%)",
    },
  ),
);

// %% {"id": "lengths"}
const meanLength = (run: readonly number[]) =>
  run.reduce((sum, share, length) => sum + (share * length) / 100, 0);
table([
  { net: "by count", "mean length of a path": meanLength(census) },
  ...gradients.map(({ name, runs }) => ({
    net: name,
    "mean length of a path": runs.map(meanLength),
  })),
]);

// %% {"id": "claim-paths"}
await claim("04.short-paths", {
  says: "The gradient of a trained residual net takes paths that are much shorter than paths are by count.",
  values: gradients[3].runs.map((run) => meanLength(census) - meanLength(run)),
  unit: "branches",
  atLeast: 4,
  control: () => gradients[0].runs.map((run) => meanLength(census) - meanLength(run)), // branches as large as what passes
});

// %% [markdown] {"id": "paths-finding"}
// The dashed line is the count. Where branches are as large as what goes around them, the gradient nearly follows it. Where they are scaled or normalised, it comes through three or four of thirty branches, and training makes its paths shorter still. A reason is at hand: a normalised branch is divided by the size of a sum that grows from layer to layer, so a later branch counts for less of it.
// So a net of 32 layers is trained mostly through paths of a few branches, and plain nets of a few layers, as you saw, do not shatter. Veit and others found the like in a residual net of 110 layers, where paths of 10 to 34 layers brought most of the gradient. They sampled single paths and added up their sizes; here all paths are added as vectors, so that what cancels does cancel, and a share can fall a little below 0.
// It does not follow that the net is shallow, or that its far layers are idle: every branch stands on many short paths.

// %% [markdown] {"id": "deletion-text"}
// ## Layers taken out, layers in disorder
// *9 minutes.* Half of all paths avoid any given branch, and of the short ones most do: of those through 3 of 30 branches, nine in ten. So a residual net should survive when one of its layers is taken out, and even when layers trade places. A plain net, which has a single path, should not. Train both with 10 layers, take out each hidden layer in turn, then put all of them in another order. No net is trained again after that.

// %% {"id": "apart-train"}
const examples = data.mnist1d().train.take(count);
const stretch = chapter.pick({ normal: 15, smoke: 5 });
const inBlocks = (loss: readonly number[]) =>
  Array.from({ length: Math.floor(loss.length / stretch) }, (_, place) =>
    math.mean(loss.slice(stretch * place, stretch * (place + 1))),
  );
type Line = Pick<plot.Series, "name" | "role" | "x"> & { runs: number[][] };
/** Trains nets in this notebook, where they can be taken apart; a figure of their losses grows meanwhile. */
function trainer(title: string, all: readonly Line[]) {
  let growing: number[] = [];
  const view = lesson.live(() => {
    const drawn = [...all, { name: "running", role: "random", runs: [growing] } as const]
      .filter(({ runs }) => runs.length > 0 && runs[0].length > 0)
      .map((one) => ({ x: one.runs[0].map((_, place) => stretch * (place + 1)), ...one }));
    return plot.curves(drawn, { title, ...lossAxes, references: guessing });
  });
  const onStep = ({ history }: train.FitProgress) => {
    growing = inBlocks(history.loss);
    view.update();
  };
  const run = async (net: tf.LayersModel, seed: number, line: Line) => {
    const how = spec(plain, 10, seed).train;
    const { loss } = await train.fit(net, examples, { ...how, seed, onStep, every: stretch });
    growing = [];
    line.runs.push(inBlocks(loss));
  };
  return { run, end: () => view.end() };
}

// %% {"id": "apart"}
const hidden = [2, 3, 4, 5, 6, 7, 8, 9];
const orders = (seed: number): Record<string, readonly number[]> => ({
  "one pair swapped": [2, 3, 4, 6, 5, 7, 8, 9],
  "all pairs swapped": [3, 2, 5, 4, 7, 6, 9, 8],
  "at random": math.rng(seed).shuffle(hidden),
  backwards: [...hidden].reverse(),
});
/** Shares (%) of a net's training accuracy that are left without each hidden layer, and in other orders. */
async function takenApart(net: tf.LayersModel, seed: number) {
  const score = async (order: readonly number[]) =>
    (await train.evaluate(probe.rewire(net, order), examples)).accuracy;
  const whole = await score(hidden);
  const kept: number[] = [];
  for (const layer of hidden) kept.push((await score(hidden.filter((one) => one !== layer))) / whole);
  const ordered: number[] = [];
  for (const order of Object.values(orders(seed))) ordered.push((await score(order)) / whole);
  return { kept: kept.map((share) => 100 * share), ordered: ordered.map((share) => 100 * share) };
}

// %% {"id": "deletion"}
const small = (kind: Kind, depth: number, seed: number) =>
  nn.mlp({ ...kind, depth, width: 32, inputs: 40, activation: "relu", init: "heNormal", seed });
type Apart = Awaited<ReturnType<typeof takenApart>>;
interface Dissected extends Line {
  readonly kind: Kind;
  readonly apart: Apart[];
}
const tenLayers: Dissected[] = [
  { name: "plain", role: "plain", kind: plain, runs: [], apart: [] },
  { name: "residual", role: "residual", kind: residual, runs: [], apart: [] },
];
const training = trainer(
  "Ten layers, before they are taken apart: how does the loss fall? (5 seeds)",
  tenLayers,
);
await chapter.seeds(5, async (seed) => {
  for (const line of tenLayers) {
    const net = small(line.kind, 10, seed);
    await training.run(net, seed, line);
    line.apart.push(await takenApart(net, seed));
  }
});
training.end();

// %% {"id": "deletion-figure"}
const by = (of: "kept" | "ordered", groups: readonly unknown[]) =>
  tenLayers.map(({ name, role, apart }) => ({
    name: name,
    role: role,
    values: groups.map((_, place) => apart.map((one) => one[of][place])),
  }));
const y = "share of the accuracy kept (%)";
show(
  plot.bars(by("kept", hidden), {
    title: "What is left of the training accuracy without one layer? (10 layers, 5 seeds)",
    x: "layer taken out",
    y: y,
    groups: hidden.map(String),
  }),
);

// %% {"id": "claim-deletion"}
const median = ({ kept }: Apart) => math.quantile(kept, 0.5);
/** By how much more a residual net keeps than the plain one of the same seed. */
const moreKept = (share: (one: Apart) => number) =>
  minus(tenLayers[1].apart.map(share), tenLayers[0].apart.map(share));
table(
  tenLayers.map(({ name, apart }) => ({
    net: name,
    "left without one layer, median layer (%)": apart.map(median),
  })),
);
await claim("04.deletion", {
  says: "Without one layer a residual net keeps more of its accuracy than a plain one.",
  values: moreKept(median),
  unit: "points",
  atLeast: 15,
  control: () => moreKept(({ kept }) => kept[0]), // without layer 2, which both nets need
});

// %% {"id": "order"}
const names = Object.keys(orders(0));
show(
  plot.bars(by("ordered", names), {
    title: "What is left when layers 2 to 9 run in another order? (10 layers, 5 seeds)",
    x: "order",
    y: y,
    groups: names,
  }),
);

// %% {"id": "claim-order"}
await claim("04.order", {
  says: "With two neighbouring layers swapped, a residual net keeps more of its accuracy than a plain one.",
  values: moreKept(({ ordered }) => ordered[0]),
  unit: "points",
  atLeast: 18,
  control: () => moreKept(({ ordered }) => ordered[2]), // all layers, at random
});

// %% [markdown] {"id": "deletion-finding"}
// Each bar is the accuracy that is left, as a share of that net's own accuracy; a net that guesses keeps 15 to 20 %. **Taken out:** the residual net keeps most of its accuracy without any one of its later layers; the plain one is left with little more than guessing. Early layers matter more than late ones: without layer 2 both nets are lost. **In disorder:** with one pair swapped the residual net keeps 86 %, with all neighbours swapped still 44 %, where the plain net is at guessing. But in a random order, or backwards, the residual net is lost as well.
// So layers of a residual net can be missed one by one, and moved by one place; they cannot be mixed. Each adds to a sum that those before it have prepared. "An ensemble of shallow nets" is too strong a picture for it.

// %% [markdown] {"id": "ex-5-text", "tags": ["exercise"], "exercise": {"id": "04.5", "kind": "debug", "difficulty": 3, "minutes": 6}}
// ### Exercise 04.5 · A residual net that does not train
// *Difficulty 3 of 5, 6 minutes.* "I added skips to all layers, and took care that the sum cannot explode," says a colleague. His net has batch normalisation and 32 layers. Here is his code, its training, and what the microscope shows.

// %% {"id": "colleague"}
function colleague(depth: number, seed: number): tf.LayersModel {
  const net = small(plain, depth, seed);
  const through = (layer: number, h: tf.SymbolicTensor) =>
    ["layer", "norm", "activation"]
      .map((part) => net.getLayer(`${part}${layer}`))
      .reduce((x, part) => part.apply(x) as tf.SymbolicTensor, h);
  let h = through(1, net.inputs[0]);
  for (let layer = 2; layer < depth; layer++) {
    h = tf.layers.average().apply([h, through(layer, h)]) as tf.SymbolicTensor;
  }
  const outputs = net.getLayer(`layer${depth}`).apply(h) as tf.SymbolicTensor;
  return tf.model({ inputs: net.inputs, outputs });
}

// %% {"id": "colleague-train"}
const his: Line = { name: "colleague", role: "first", runs: [] };
const others: Line[] = [
  { name: "plain", role: "plain", ...losses(among(race, plain, 32)) },
  { name: "residual", role: "residual", ...losses(normal) },
];
const watched = trainer("Does the colleague's net of 32 layers train? (3 seeds)", [...others, his]);
const looked = await chapter.seeds(3, async (seed) => {
  const net = colleague(32, seed);
  const { deltaNorm } = probe.record(net, examples.take(100));
  await watched.run(net, seed, his);
  const { accuracy } = await train.evaluate(net, examples);
  return { fit: 100 * accuracy, reach: math.log10(deltaNorm[0] / deltaNorm[30]) };
});
watched.end();
table(
  [
    { name: "plain", fit: accuracies(plain, 32), reach: reach(among(race, plain, 32)) },
    { name: "residual", fit: accuracies(residual, 32), reach: reach(normal) },
    { name: "colleague", fit: looked.map((one) => one.fit), reach: looked.map((one) => one.reach) },
  ].map((row) => ({
    "32 layers": row.name,
    "training accuracy (%)": row.fit,
    "growth of δ on its way back (powers of ten)": row.reach,
  })),
);

// %% [markdown] {"id": "ex-5-more"}
// The error signal does not vanish, and still the net hardly learns. How much of what layer 1 made arrives at the end without going through a branch? Write `forward(x, branches)` as it should be, with numbers instead of vectors: each layer's branch is computed from what came into that layer.
// Example: with two branches that double, `forward(1, branches)` is `9`; his way gives 2.25.

// %% {"id": "ex-5", "tags": ["exercise"]}
function forward(x: number, branches: readonly ((h: number) => number)[]): number {
  // SOLUTION
  let h = x;
  for (const branch of branches) {
    h = h + branch(h);
  }
  return h;
  // EXERCISE
  // return lesson.todo("04.5");
  // END
}
await check("04.5", forward);

// %% [markdown] {"id": "stochastic-text"}
// ## Layers that are sometimes not there
// *2 minutes.* If a net survives without any one layer, why not train it so? **Stochastic depth** (Huang and others) leaves each branch out of a training step with a probability that grows from layer to layer, here up to one half in the last one. In use all branches are there, each multiplied by the probability with which it took part.

// %% {"id": "stochastic"}
const sometimes: Kind = { ...residual, survival: 0.5 };
const thrown = await lesson.watch(
  starts.map((seed) => spec(sometimes, 32, seed)),
  (come) =>
    plot.curves(
      [
        ...lines({ name: "always there", role: "residual" }, normal),
        ...lines({ name: "sometimes", role: "second" }, come),
      ],
      { title: "Does a net of 32 layers learn from what is left of it? (5 seeds)", ...lossAxes },
    ),
  { noun: "net" },
);
table(
  [normal, thrown].map((results) => ({
    layers: results === normal ? "always there" : "sometimes",
    "training (%)": results.map(fit),
    "test (%)": results.map(({ accuracy }) => 100 * accuracy.test),
  })),
);

// %% [markdown] {"id": "stochastic-finding"}
// In the figure the loss is that of training steps, with branches missing; the table is measured with all of them. Read the intervals: on this small problem and in 300 steps stochastic depth fits the training examples less well and gains no clear advantage on the test. Its published gains are for nets of hundreds of layers that train for hours.

// %% [markdown] {"id": "teacher-end", "tags": ["teacher"]}
// **Teacher · last ten minutes.** Let the class list what the skip repaired (direction, short paths) and what it did not (size, without scaling). **If time is short** skip stochastic depth and the ground on which training ends; show the linked view at 4, 16 and 50 only. **Usual errors:** calling degradation overfitting; "skips prevent vanishing"; forgetting that unscaled branches explode; taking "short paths" for "the net is shallow".

// %% [markdown] {"id": "claims-text"}
// ## What was claimed, and what you measured
// *1 minute.*

// %% {"id": "claims"}
chapter.claims();

// %% [markdown] {"id": "recall-text"}
// ## What stays
// *3 minutes.* Answer in your own words before you open an answer.

// %% {"id": "recall"}
lesson.recall("04");

// %% [markdown] {"id": "references"}
// ## Simplified here, and where to read on
// - Fully connected layers of width 32 and blocks of one layer; the nets of He and others are convolutional, with blocks of two layers and a projection where the size changes.
// - The shattered gradients were measured before training, along one line of inputs; the paths with the statistics of one batch, held fixed.
// - One random direction for each net is a thin slice of the ground; Li and others draw planes.
//
// He, Zhang, Ren and Sun 2015, arXiv:1512.03385 (residual learning) and 2016, arXiv:1603.05027 (identity mappings) · Veit, Wilber and Belongie 2016, arXiv:1605.06431 (paths, deletion, shuffling) · Li and others 2018, arXiv:1712.09913 (slices through the loss) · Huang and others 2016, arXiv:1603.09382 (stochastic depth) · Balduzzi and others 2017, arXiv:1702.08591 (shattered gradients) · Zhang, Dauphin and Ma 2019, arXiv:1901.09321 (Fixup) · De and Smith 2020, arXiv:2002.10444 (scaled branches)
