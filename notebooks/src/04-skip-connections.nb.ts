// %% [markdown] {"id": "title"}
// # 04 · Skip connections
// *A path around each layer lets nets of fifty layers train. What does it repair, and what does it not?*
//
// **You will**
// - see a deep net fail on its *training* examples, and the same net with paths around its layers succeed;
// - look for the reason in the size of its gradients, and find that it is not there;
// - find it in their direction: along a line of inputs they turn to noise;
// - take layers out of a trained net, and count the paths that are left.
//
// **Needs** chapters 00 and 03, what batch normalisation does. **Time** 50 minutes, about one of them computing.

// %% {"id": "imports"}
import { data, math, nn, plot, probe, theory, train, lesson } from "deepen";
const { show, table, predict, claim, check } = lesson;
const chapter = await lesson.begin("04-skip-connections", { seed: 4 });

// %% [markdown] {"id": "predict-a-text"}
// ## A net that cannot even learn by heart
// A **plain** layer computes $h' = \mathrm{relu}(\mathrm{norm}(Wh))$. A **residual** layer adds what came in, $h' = h + \mathrm{relu}(\mathrm{norm}(Wh))$: the **skip connection**. What is added is the **branch**. Both have the same weights and cost the same.
// Take 1,000 signals of MNIST-1D and train 300 steps: width 32, batch normalisation, once with 4 and once with 32 layers, without skips.
//
// By how many points is the **training** accuracy of depth 4 above that of depth 32?

// %% {"id": "predict-a", "tags": ["predict"]}
predict("04.a", null, { claim: "04.degrades", unit: "points" });

// %% {"id": "setting"}
const steps = chapter.pick({ normal: 300, smoke: 10 });
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

// %% {"id": "race"}
const starts = await chapter.seeds(5, (seed) => seed);
const raced = [plain, residual].flatMap((kind) =>
  [4, 32].flatMap((depth) => starts.map((seed) => spec(kind, depth, seed, ["firstDeltaNorm"]))),
);
const progress = lesson.progress("training", raced.length, "net");
const race = await train.sweep(raced, { onResult: () => progress.advance() });
const trained = (kind: Kind, depth: number) =>
  race.filter(
    ({ spec: { model } }) =>
      model.kind === "mlp" && model.depth === depth && (model.skip ?? false) === (kind.skip ?? false),
  );
const accuracies = (kind: Kind, depth: number) =>
  trained(kind, depth).map(({ accuracy }) => 100 * accuracy.train);

// %% [markdown] {"id": "opening-text"}
// Six depths, five seeds each: a **record**, which the authors ran with this engine. Move the slider.

// %% {"id": "opening"}
const record = await train.readRecord("04-depth");
const depths = [2, 4, 8, 16, 32, 50];
const recorded = (kind: Kind, depth: number) =>
  record.results.filter(
    ({ spec: { model } }) =>
      model.kind === "mlp" &&
      model.depth === depth &&
      model.norm === kind.norm &&
      (model.skip ?? false) === (kind.skip ?? false),
  );
const curve = ({ curve: points }: train.ExperimentResult) => points.map(({ loss }) => loss);
const at = record.results[0].curve.map(({ step }) => step);
const losses = (depth: number) =>
  plot.curves(
    [
      { name: "plain", role: "plain", x: at, runs: recorded(plain, depth).map(curve) },
      { name: "residual", role: "residual", x: at, runs: recorded(residual, depth).map(curve) },
    ],
    { title: `${depth} layers`, x: "step", y: "training loss (nats)", logY: true },
  );
show(
  plot.frames(
    depths.map((depth) => ({ label: String(depth), figure: losses(depth) })),
    {
      title: "Does the training loss fall, with skips and without? (record: 5 seeds)",
      slider: "depth",
      start: "32",
    },
  ),
);

// %% {"id": "claim-degrades"}
const lost = (kind: Kind) =>
  accuracies(kind, 4).map((score, seed) => score - accuracies(kind, 32)[seed]);
table(
  [plain, residual].map((kind) => ({
    net: kind.skip === true ? "residual" : "plain",
    "depth 4": accuracies(kind, 4),
    "depth 32": accuracies(kind, 32),
  })),
  { units: { "depth 4": "%", "depth 32": "%" } },
);
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
// How well does each net of the record fit in the end? A plain net without normalisation stands beside them. The rings are yours, run a moment ago.

// %% {"id": "record"}
const fitted = (kind: Kind) =>
  [0, 1, 2, 3, 4].map((seed) =>
    depths.map((depth) => 100 * recorded(kind, depth)[seed].accuracy.train),
  );
const live = (kind: Kind) =>
  starts.map((_, seed) => [4, 32].map((depth) => accuracies(kind, depth)[seed]));
show(
  plot.curves(
    [
      { name: "plain, no norm", role: "random", x: depths, runs: fitted({}) },
      { name: "plain", role: "plain", x: depths, runs: fitted(plain) },
      { name: "residual", role: "residual", x: depths, runs: fitted(residual) },
      { name: "plain, yours", role: "plain", points: true, x: [4, 32], runs: live(plain) },
      { name: "residual, yours", role: "residual", points: true, x: [4, 32], runs: live(residual) },
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
const recordedDeep = record.results.filter(
  ({ spec: { model, seed } }) => model.kind === "mlp" && model.depth === 16 && seed === 0,
);
const again = await train.sweep(recordedDeep.map(({ spec: one }) => one));
table(
  again.map(({ loss }, place) => ({
    net: ["plain, no norm", "plain", "residual"][place],
    "loss, record": recordedDeep[place].loss.train,
    "loss, here": loss.train,
    "same to the last bit": loss.train === recordedDeep[place].loss.train ? "yes" : "no",
  })),
);

// %% [markdown] {"id": "record-finding"}
// With 2 and with 4 layers plain and residual nets are alike: **here a skip connection brings nothing.** With 8 they begin to part, with 16 the plain net has lost half of what it had, with 32 it is near guessing. The plain net *without* normalisation degrades later: normalisation alone makes a deep plain net worse here, not better.

// %% [markdown] {"id": "by-hand-text"}
// ## The smallest case
// One unit, no activation: a plain layer computes $h' = wh$, a residual one $h' = h + wh$. What comes out changes with what goes in by $w^L$ or by $(1 + w)^L$. Take $w = 0.5$.

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

// %% [markdown] {"id": "ex-1-text", "tags": ["exercise"], "exercise": {"id": "04.1", "kind": "implement", "difficulty": 2, "minutes": 5}}
// ### Exercise 04.1 · Build the block
// *Difficulty 2 of 5, 5 minutes.* Write `block(x, branch, scale)`: the branch is computed from `x`, multiplied by `scale`, and added to `x`, unit by unit.
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
// ## Is it the size of the gradient?
// Chapter 03 measured the error signal $\delta$, the gradient of the loss at a layer's pre-activations. Guess for the *plain* net of 32 layers with normalisation, before training: by how many powers of ten is $\delta$ in the first layer larger (+) or smaller (−) than in the last hidden one?

// %% {"id": "predict-b", "tags": ["predict"]}
predict("04.b", null, { claim: "04.does-not-vanish", unit: "powers of ten" });

// %% {"id": "microscope"}
const delta = ({ measures }: train.ExperimentResult) =>
  (measures.firstDeltaNorm as readonly number[]).slice(0, -1);
const reach = (results: readonly train.ExperimentResult[]) =>
  results.map((result) => math.log10(delta(result)[0] / delta(result)[delta(result).length - 1]));
const sigmoid = await train.sweep(
  starts.map((seed) => {
    const { model, train: how, ...rest } = spec({}, 32, seed, ["firstDeltaNorm"]);
    return {
      ...rest,
      model: { ...(model as Extract<typeof model, { kind: "mlp" }>), activation: "sigmoid" as const },
      train: { ...how, steps: 1 },
    };
  }),
);
const profile = plot.depthProfile(
  [
    { name: "plain", role: "plain", runs: trained(plain, 32).map(delta) },
    { name: "residual", role: "residual", runs: trained(residual, 32).map(delta) },
  ],
  {
    y: "norm of the error signal δ",
    log: true,
    title: "How large is the error signal in each layer, before training? (32 layers, 5 seeds)",
  },
);
show(profile);
await claim("04.does-not-vanish", {
  says: "With batch normalisation the gradient of a plain net of 32 layers does not vanish: it grows.",
  values: reach(trained(plain, 32)),
  unit: "powers of ten",
  atLeast: 0.8,
  control: () => reach(sigmoid), // a net of chapter 03, whose gradient does vanish
});

// %% [markdown] {"id": "microscope-finding"}
// In both nets the error signal *grows* on its way back, by about two powers of ten. Nothing vanishes, and the lines are much alike; their level differs, which Adam, the optimiser here, divides out. One of the nets trains and the other does not. So the size of the gradient does not explain it.

// %% [markdown] {"id": "predict-c-text"}
// ## Its direction: shattered gradients
// A net with a single input $x$ draws a curve. Its slope at $x$ is the gradient that learning uses. Take 256 inputs from −2 to 2 and ask how alike the slopes of *neighbours* are: their **autocorrelation**, 1 if each is like the next, 0 if they are noise.
// At 24 layers, by how much is it larger in the residual net than in the plain one?

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

// %% {"id": "claim-shatters"}
const of = (runs: readonly number[][], depth: number) => runs.map((run) => run[sizes.indexOf(depth)]);
const apart = (runs: readonly number[][]) =>
  of(shattered.residual, 24).map((value, seed) => value - of(runs, 24)[seed]);
table([
  { net: "plain, no norm", "L = 24": of(shattered.none, 24) },
  { net: "plain", "L = 24": of(shattered.plain, 24) },
  { net: "residual", "L = 24": of(shattered.residual, 24) },
]);
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
// A plain net's slopes lose their likeness layer by layer until a neighbour says nothing about the next input: a step that helps one example is noise for another. With skips they stay alike.
// Balduzzi and others derive, for the correlation of two inputs' gradients, a decay of $2^{-L}$ in plain nets and of $1/\sqrt{L}$ in residual ones: the dashed lines. The measured lines lie *above* them, since neighbours on a line of 256 inputs start out nearly equal; plain nets get down to zero all the same, residual ones stay. And the plain net *without* normalisation does not shatter at all: whoever repeats the experiment and leaves normalisation out sees nothing, which explains failed attempts.

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

// %% [markdown] {"id": "explode-text"}
// ## Where the skip is the trouble
// Take normalisation away and keep the skips. Each layer adds a branch of about the size of what came in, as in the table above.

// %% {"id": "explode"}
const unscaled: Kind = { skip: true };
const scaled: Kind = { skip: true, branchScale: 1 / Math.sqrt(30) };
const bare = [unscaled, scaled].flatMap((kind) =>
  starts.map((seed) => spec(kind, 32, seed, ["firstActivationStd"])),
);
const ran = await train.sweep(bare);
const group = (kind: Kind) => ran.slice(kind === unscaled ? 0 : starts.length).slice(0, starts.length);

// %% {"id": "explode-figure"}
const spread = ({ measures }: train.ExperimentResult) =>
  (measures.firstActivationStd as readonly number[]).slice(0, -1);
show(
  plot.depthProfile(
    [
      { name: "branch as it is", role: "plain", runs: group(unscaled).map(spread) },
      { name: "branch / √30", role: "residual", runs: group(scaled).map(spread) },
    ],
    {
      y: "standard deviation of the activation",
      log: true,
      title: "How do activations grow through 32 residual layers without normalisation? (5 seeds)",
    },
  ),
);
const grown = (kind: Kind) =>
  group(kind).map((result) =>
    math.log10(spread(result)[spread(result).length - 1] / spread(result)[0]),
  );
table(
  [unscaled, scaled].map((kind) => ({
    branch: kind === unscaled ? "as it is" : "/ √30",
    "growth (powers of ten)": grown(kind),
    "training accuracy": group(kind).map(({ accuracy }) => 100 * accuracy.train),
  })),
  { units: { "training accuracy": "%" } },
);

// %% {"id": "claim-explode"}
await claim("04.branches-explode", {
  says: "Without normalisation, unscaled branches make activations explode through 32 residual layers.",
  values: grown(unscaled),
  unit: "powers of ten",
  atLeast: 2.5,
  control: () => grown(scaled),
});
await claim("04.scaling-cures", {
  says: "Divided by the root of their number, the branches let the net train without normalisation.",
  values: group(scaled).map(
    ({ accuracy }, seed) => 100 * (accuracy.train - group(unscaled)[seed].accuracy.train),
  ),
  unit: "points",
  atLeast: 12,
  control: () =>
    group(unscaled).map(
      ({ accuracy }, seed) =>
        100 * (accuracy.train - group(unscaled)[(seed + 1) % starts.length].accuracy.train),
    ),
});

// %% [markdown] {"id": "explode-finding"}
// The usual story, "a skip lets the signal pass", fails here: it lets it *grow*, and nothing is learnt. Divided by the root of the number of branches, activations grow by about one power of ten instead of six, and the net trains, without normalisation. Schemes such as Fixup, SkipInit and ReZero build on this.

// %% [markdown] {"id": "ex-3-text", "tags": ["exercise"], "exercise": {"id": "04.3", "kind": "design", "difficulty": 3, "minutes": 8}}
// ### Exercise 04.3 · Thirty layers without normalisation
// *Difficulty 3 of 5, 8 minutes.* A residual net of 30 layers of 24 units, no normalisation, 500 signals, 200 steps. Choose `branchScale` (from 0.05 to 1) and `learningRate` so that its training accuracy is at least 40 %, beyond doubt over four starts that you have not seen.

// %% {"id": "ex-3", "tags": ["exercise"]}
// SOLUTION
const recipe: { branchScale: number; learningRate: number } = { branchScale: 0.1, learningRate: 0.01 };
// EXERCISE
// const recipe: { branchScale: number; learningRate: number } = lesson.todo("04.3");
// END
await check("04.3", recipe);

// %% [markdown] {"id": "paths-text"}
// ## A crowd of paths
// With $n$ branches that are each taken or passed by, a signal has $2^n$ ways through the net; $\binom{n}{k}$ of them go through $k$ branches.

// %% {"id": "paths"}
const census = [6, 12, 30].map((branches) => theory.pathCensus(branches).map((share) => 100 * share));
show(
  plot.curves(
    census.map((shares, place) => ({
      name: `${shares.length - 1} branches`,
      depth: [6, 12, 30][place],
      x: shares.map((_, length) => length),
      runs: [shares],
    })),
    {
      title: "How long are the paths through a residual net?",
      x: "branches on the path",
      y: "share of all paths (%)",
    },
  ),
);

// %% [markdown] {"id": "ex-4-text", "tags": ["exercise"], "exercise": {"id": "04.4", "kind": "implement", "difficulty": 3, "minutes": 7}}
// ### Exercise 04.4 · Count the paths
// *Difficulty 3 of 5, 7 minutes.* One layer is taken out of a residual net of `branches` branches. Write `left(branches, length)`: how many paths through exactly `length` branches are left?
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

// %% [markdown] {"id": "deletion-text"}
// Half of all paths avoid any given branch. So a residual net should survive when one of its layers is taken out, and a plain net, which has a single path, should not. Train both with 10 layers, and take out each hidden layer in turn.

// %% {"id": "deletion"}
const examples = data.mnist1d().train.take(count);
async function without(kind: Kind, seed: number) {
  const net = nn.mlp({
    depth: 10,
    width: 32,
    inputs: 40,
    activation: "relu",
    init: "heNormal",
    seed: seed,
    ...kind,
  });
  const schedule = { kind: "cosine" } as const;
  const optimizer = { kind: "adam", learningRate: 0.003 } as const;
  await train.fit(net, examples, { steps: steps, batchSize: 50, optimizer, schedule, seed: seed });
  const hidden = [2, 3, 4, 5, 6, 7, 8, 9];
  const score = async (order: readonly number[]) =>
    100 * (await train.evaluate(probe.rewire(net, order), examples)).accuracy;
  const whole = await score(hidden);
  const kept: number[] = [];
  for (const layer of hidden) kept.push((await score(hidden.filter((one) => one !== layer))) / whole);
  const swapped = (await score([3, 2, 5, 4, 7, 6, 9, 8])) / whole;
  return { kept: kept.map((share) => 100 * share), swapped: 100 * swapped };
}
const cut = {
  plain: await chapter.seeds(5, (seed) => without(plain, seed), "plain"),
  residual: await chapter.seeds(5, (seed) => without(residual, seed), "residual"),
};

// %% {"id": "deletion-figure"}
const bar = (runs: typeof cut.plain) =>
  [2, 3, 4, 5, 6, 7, 8, 9].map((_, layer) => runs.map(({ kept }) => kept[layer]));
show(
  plot.bars(
    [
      { name: "plain", role: "plain", values: bar(cut.plain) },
      { name: "residual", role: "residual", values: bar(cut.residual) },
    ],
    {
      title: "What is left of the training accuracy without one layer? (10 layers, 5 seeds)",
      x: "layer taken out",
      y: "share of the accuracy kept (%)",
      groups: [2, 3, 4, 5, 6, 7, 8, 9].map(String),
    },
  ),
);
const middle = (runs: typeof cut.plain) => runs.map(({ kept }) => math.quantile(kept, 0.5));
table([
  {
    net: "plain",
    "one taken out (median)": middle(cut.plain),
    "neighbours swapped": cut.plain.map((run) => run.swapped),
  },
  {
    net: "residual",
    "one taken out (median)": middle(cut.residual),
    "neighbours swapped": cut.residual.map((run) => run.swapped),
  },
]);
await claim("04.deletion", {
  says: "Without one layer a residual net keeps more of its accuracy than a plain one.",
  values: middle(cut.residual).map((share, seed) => share - middle(cut.plain)[seed]),
  unit: "points",
  atLeast: 15,
  control: () =>
    middle(cut.plain).map((share, seed) => share - middle(cut.plain)[(seed + 1) % cut.plain.length]),
});

// %% [markdown] {"id": "deletion-finding"}
// The residual net keeps most of its accuracy without any of its later layers; the plain one, which has 10 % to guess with, is left with little more. Swapping neighbours costs the residual net about half, and the plain one nearly all. Early layers matter more than late ones: without layer 2 both nets are lost.
// A path that is missing is one of many, in a residual net. This does not say that the layers are useless: each adds a little to a sum.

// %% [markdown] {"id": "ex-5-text", "tags": ["exercise"], "exercise": {"id": "04.5", "kind": "debug", "difficulty": 3, "minutes": 7}}
// ### Exercise 04.5 · A skip from the wrong place
// *Difficulty 3 of 5, 7 minutes.* A colleague's "residual" net trains no better than a plain one. His loop is `h = x + branch(h)`: each skip starts from the net's *input*, so that what an early layer made reaches the end through all later branches only. Write `forward(x, branches)` in which each layer's branch is computed from what came into that layer and added to it. Numbers instead of vectors will do.
// Example: with two branches that double, `forward(1, branches)` is `9`.

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

// %% [markdown] {"id": "rates-text"}
// ## Was the learning rate unfair?
// Perhaps the plain net only needs another learning rate. A second record: depth 16, six rates, five seeds.

// %% {"id": "rates"}
const tried = await train.readRecord("04-rates");
const rates = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];
const byRate = (skip: boolean) =>
  [0, 1, 2, 3, 4].map((seed) =>
    rates.map((rate) => {
      const found = tried.results.find(
        ({ spec: { model, train: how, seed: own } }) =>
          model.kind === "mlp" &&
          own === seed &&
          model.skip === skip &&
          how.optimizer.learningRate === rate,
      );
      return 100 * found!.accuracy.train;
    }),
  );
show(
  plot.curves(
    [
      { name: "plain", role: "plain", x: rates, runs: byRate(false) },
      { name: "residual", role: "residual", x: rates, runs: byRate(true) },
    ],
    {
      title: "Which learning rates train 16 layers? (record: 5 seeds)",
      x: "learning rate of Adam",
      y: "training accuracy (%)",
      logX: true,
      references: [{ name: "guessing", y: 10 }],
    },
  ),
);
const best = (skip: boolean) => byRate(skip).map((run) => Math.max(...run));
await claim("04.no-rate-saves", {
  says: "At its own best learning rate, the plain net of 16 layers still fits worse than the residual one.",
  values: best(true).map((score, seed) => score - best(false)[seed]),
  unit: "points",
  atLeast: 10,
  control: () => accuracies(residual, 4).map((score, seed) => score - accuracies(plain, 4)[seed]), // four layers
});

// %% [markdown] {"id": "rates-finding"}
// No rate saves the plain net: at its best one it fits less than the residual net does at three of the six.

// %% [markdown] {"id": "stochastic-text"}
// ## Layers that are sometimes not there
// If a net survives without any one layer, why not train it so? **Stochastic depth** leaves each branch out in a training step with a probability that grows with depth, here up to one half in the last one.

// %% {"id": "stochastic"}
const kinds: Record<string, Kind> = { always: residual, sometimes: { ...residual, survival: 0.5 } };
const thrown = await train.sweep(
  Object.values(kinds).flatMap((kind) => starts.map((seed) => spec(kind, 32, seed))),
);
table(
  Object.keys(kinds).map((layers, place) => {
    const own = thrown.slice(place * starts.length, (place + 1) * starts.length);
    return {
      layers: layers,
      training: own.map(({ accuracy }) => 100 * accuracy.train),
      test: own.map(({ accuracy }) => 100 * accuracy.test),
    };
  }),
  { units: { training: "%", test: "%" } },
);

// %% [markdown] {"id": "stochastic-finding"}
// Read the intervals: on this small problem and in 300 steps it fits the training examples less well and gains no clear advantage on the test. Its published gains are for nets of hundreds of layers that train for hours.

// %% [markdown] {"id": "teacher-end", "tags": ["teacher"]}
// **Teacher · last ten minutes.** Let the class list what the skip repaired (direction) and what it did not (size, without scaling). **If time is short** skip stochastic depth and the learning rates. **Usual errors:** calling degradation overfitting; "skips prevent vanishing"; forgetting that unscaled branches explode.

// %% [markdown] {"id": "claims-text"}
// ## What was claimed, and what you measured

// %% {"id": "claims"}
chapter.claims();

// %% [markdown] {"id": "recall-text"}
// ## What stays
// Answer in your own words before you open an answer.

// %% {"id": "recall"}
lesson.recall("04");

// %% [markdown] {"id": "references"}
// ## Simplified here, and where to read on
// - Fully connected layers of width 32 and blocks of one layer; the nets of He and others are convolutional, with blocks of two layers and a projection where the size changes.
// - The shattered gradients were measured before training, along one line of inputs.
//
// He, Zhang, Ren and Sun 2015, arXiv:1512.03385 (residual learning) and 2016, arXiv:1603.05027 (identity mappings) · Veit, Wilber and Belongie 2016, arXiv:1605.06431 (paths, deletion) · Huang and others 2016, arXiv:1603.09382 (stochastic depth) · Balduzzi and others 2017, arXiv:1702.08591 (shattered gradients) · Zhang, Dauphin and Ma 2019, arXiv:1901.09321 (Fixup) · De and Smith 2020, arXiv:2002.10444 (scaled branches)
