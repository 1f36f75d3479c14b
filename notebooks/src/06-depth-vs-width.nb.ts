// %% [markdown] {"id": "title"}
// # 06 · Depth against width
// *You have 2,000 parameters. Should they stand in one wide layer, in many narrow ones, or somewhere between?*
//
// **You will**
// - find the best depth for a budget, and learn what bends the curve down on its left and on its right;
// - separate what depth itself buys from the receptive field that comes with it;
// - ask again with multiply-accumulates and with seconds in place of parameters, and see who wins then.
//
// **Needs** chapter 00; from chapter 02 what a convolution and a linear probe are; chapter 04 helps. **Time** 60 minutes with its exercises, about two of them computing.

// %% {"id": "imports"}
import { data, math, plot, theory, train, lesson } from "deepen";
const { show, table, predict, claim, check } = lesson;
const chapter = await lesson.begin("06-depth-vs-width", { seed: 6 });

// %% [markdown] {"id": "budget-text"}
// ## One budget, many shapes
// *5 minutes.*
//
// **Depth** $L$ counts the layers of weights, the output layer included; **width** $H$ is the number of units in each hidden layer. A deeper network with layers of the same width is also a larger one, so comparing them says nothing about depth alone. To compare fairly, fix a **budget** and let the width follow from the depth.
//
// The smallest case, by hand: 40 inputs, 10 outputs, every unit with a bias. Depth 2 has $41 H + 10 (H + 1) = 51 H + 10$ parameters. A budget of 2,000 allows $H = 39$: that makes 1,999.
// Depth 3 has $41 H + (H + 1) H + 10 (H + 1) = H^2 + 52 H + 10$. Now $H = 25$ makes 1,935, and $H = 26$ would make 2,038.

// %% [markdown] {"id": "ex-1-text", "tags": ["exercise"], "exercise": {"id": "06.1", "kind": "implement", "difficulty": 1, "minutes": 4}}
// ### Exercise 06.1 · Count the parameters
// *Difficulty 1 of 5, 4 minutes.* Write `parameters(sizes)` for a fully connected network. `sizes` has the number of inputs, of units in each hidden layer, and of outputs; every unit that is not an input has a bias.
// Example: `parameters([40, 25, 25, 10])` is `1935`.

// %% {"id": "ex-1", "tags": ["exercise"]}
function parameters(sizes: readonly number[]): number {
  // SOLUTION
  let total = 0;
  for (let layer = 1; layer < sizes.length; layer++) {
    total += (sizes[layer - 1] + 1) * sizes[layer];
  }
  return total;
  // EXERCISE
  // return lesson.todo("06.1");
  // END
}
await check("06.1", parameters);

// %% [markdown] {"id": "nets-text"}
// ## The networks
// *9 minutes.*
//
// The examples are MNIST-1D: ten digits as signals of 40 points, 4,000 for training and 1,000 for testing. The networks are convolutional. Each layer has kernels of 3, batch normalisation and ReLU; the first two move on by two points, so that 40 positions become 10; then every channel is averaged over positions, and one dense layer answers.
// Here are all that fit into 2,000 parameters. Three more columns come with them: **multiply-accumulates** (one multiplication and one addition each, for one signal), **activations** (numbers that a signal leaves in memory for the way back), and the **receptive field**, the number of input points that one position of the last convolution sees (beyond 40 it reaches over the ends, into padding).

// %% {"id": "nets"}
interface Net {
  readonly depth: number;
  readonly strides?: readonly number[]; // of the first layers; 2, 2 unless given
  readonly kernelSize?: number;
  readonly skip?: boolean;
}
const shapeOf = ({ depth, strides = [2, 2], kernelSize = 3 }: Net) => ({
  inputShape: [40, 1],
  depth,
  strides: strides.slice(0, depth - 1),
  kernelSize,
  norm: "batch" as const,
});
/** The most channels that a network can have within a budget. */
const channelsOf = (net: Net, budget = 2000, of: keyof theory.Cost = "parameters") =>
  theory.widest(budget, (channels) => theory.convNetCost({ ...shapeOf(net), channels: channels })[of]);

const depths = [2, 3, 4, 5, 7, 9, 13, 19];
table(
  depths.map((depth) => {
    const channels = channelsOf({ depth });
    return {
      depth: depth,
      channels: channels,
      ...theory.convNetCost({ ...shapeOf({ depth }), channels }),
      "receptive field": theory.receptiveField(shapeOf({ depth })).at(-1)!,
    };
  }),
  { digits: 5 },
);

// %% [markdown] {"id": "predict-a-text"}
// All of them will get the same 500 steps. Which depth would you buy? And the left end of the range: by how many points of test accuracy will depth 4, with 16 channels, be ahead of depth 2, with 132?

// %% {"id": "predict-a", "tags": ["predict"]}
predict("06.a", null, { claim: "06.middle-beats-shallow", unit: "points" });

// %% {"id": "train"}
const digits = chapter.pick({ normal: {}, smoke: { train: 400, test: 100 } });
const full = chapter.pick({ normal: 500, smoke: 10 });
const setting = {
  batchSize: 100,
  optimizer: { kind: "adam", learningRate: 0.005 },
  schedule: { kind: "cosine" }, // the learning rate ends at 0
} as const;

// %% {"id": "plan"}
interface Plan {
  readonly model: train.ExperimentSpec["model"];
  readonly steps?: number;
}
const plan = (net: Net, channels = channelsOf(net), steps = full): Plan => {
  const { depth, strides, kernelSize, norm } = shapeOf(net);
  const size = { depth, channels, strides, kernelSize };
  return { model: { kind: "convNet", ...size, norm, skip: net.skip ?? false }, steps: steps };
};

// %% [markdown] {"id": "sweep-call"}
// An experiment is plain data: which examples, which network, how it trains, which seed. `lesson.watch` runs a list of them side by side on your processor's cores, draws what has come so far, and gives the results in the order of the list. `train.across` makes lines of them: over depth, one line for each seed.

// %% {"id": "run"}
type Result = train.ExperimentResult;
interface RunOptions {
  readonly seeds?: number;
  readonly name?: string; // other names, other seeds
  readonly measures?: readonly string[];
}
/** Results by plan, in each by seed. Meanwhile the figure grows that `draw` makes of those that have come. */
async function run(
  plans: readonly Plan[],
  draw: (come: readonly Result[]) => plot.Figure,
  { seeds = 3, name = "run", measures = [] }: RunOptions = {},
): Promise<Result[][]> {
  const count = chapter.pick({ normal: seeds, smoke: 2 });
  const specs = Array.from({ length: count }, (_, index) =>
    plans.map(({ model, steps = full }) => ({
      data: { kind: "mnist1d", ...digits } as const,
      model,
      train: { ...setting, steps },
      seed: chapter.child(`${name} ${index}`),
      measures: measures,
    })),
  );
  const results = await lesson.watch(specs.flat(), draw);
  return plans.map((_, place) => results.filter((_, index) => index % plans.length === place));
}

// %% {"id": "sweep"}
const depthOf = ({ spec: { model } }: Result) => ("depth" in model ? model.depth : NaN);
const trained = ({ accuracy }: Result) => 100 * accuracy.train;
const tested = ({ accuracy }: Result) => 100 * accuracy.test;
const depthAxis = { x: "depth (layers of weights)", y: "test accuracy (%)" };
const lists = await run(
  depths.map((depth) => plan({ depth })),
  (come) =>
    plot.curves(
      [
        { name: "test", role: "residual", ...train.across(come, depthOf, tested) },
        { name: "training", role: "plain", ...train.across(come, depthOf, trained) },
      ],
      {
        ...depthAxis,
        title: "2,000 parameters: how deep should they stand? (500 steps, 5 seeds)",
        y: "accuracy (%)",
        references: [{ name: "guessing", y: 10 }],
      },
    ),
  { seeds: 5, measures: ["linearProbe", "answers"] },
);
const narrow = Object.fromEntries(depths.map((depth, index) => [depth, lists[index]]));

// %% [markdown] {"id": "slider-text"}
// An inverted U. How did each of them get there? Move the slider.

// %% {"id": "slider"}
const steps = narrow[4][0].curve.map(({ step }) => step);
show(
  plot.frames(
    depths.map((depth) => ({
      label: String(depth),
      figure: plot.curves(
        [
          {
            name: "training",
            role: "plain",
            x: steps,
            runs: narrow[depth].map(({ curve }) => curve.map(({ accuracy }) => 100 * accuracy)),
          },
        ],
        { title: `depth ${depth}`, x: "step", y: "accuracy on the batches (%)" },
      ),
    })),
    { title: "How does each depth learn? (2,000 parameters, 5 seeds)", slider: "depth", start: "13" },
  ),
);

// %% [markdown] {"id": "sweep-text"}
// To know whether the U has to do with convolutions, here are fully connected networks with the same number of parameters, batch normalisation too, trained in the same way on the same signals.

// %% {"id": "dense"}
type Results = readonly Result[];
interface Dense {
  readonly norm?: "batch";
  readonly skip?: boolean;
}
function dense(depth: number, budget: number, { norm, skip = false }: Dense): Plan {
  const width = theory.widest(
    budget,
    (size) => theory.mlpCost({ depth, width: size, inputs: 40, norm }).parameters,
  );
  return { model: { kind: "mlp", depth, width, activation: "relu", init: "heNormal", norm, skip } };
}
const compared = [2, 4, 13];
const line = (name: string, role: "plain" | "residual", results: Results) => ({
  ...{ name, role },
  ...train.across(results, depthOf, tested),
});
const flat = await run(
  compared.map((depth) => dense(depth, 2000, { norm: "batch" })),
  (come) =>
    plot.curves(
      [
        line("convolutional", "residual", compared.map((depth) => narrow[depth]).flat()),
        line("fully connected", "plain", come),
      ],
      { ...depthAxis, title: "Is it the same without convolutions? (2,000 parameters, 5 seeds)" },
    ),
  { seeds: 5 },
);

// %% {"id": "claim-shallow"}
const test = (results: Results) => results.map(tested);
const training = (results: Results) => results.map(trained);
const minus = (a: readonly number[], b: readonly number[]) => a.map((value, seed) => value - b[seed]);
table(
  compared.map((depth, index) => ({
    depth: depth,
    "convolutional, training": training(narrow[depth]),
    "convolutional, test": test(narrow[depth]),
    "fully connected, test": test(flat[index]),
  })),
);
await claim("06.middle-beats-shallow", {
  says: "At 2,000 parameters, depth 4 is far ahead of depth 2.",
  values: minus(test(narrow[4]), test(narrow[2])),
  unit: "points",
  atLeast: 13,
  control: () => minus(test(flat[1]), test(flat[0])), // layers that see the whole signal from the first one on
});

// %% {"id": "claim-deep"}
await claim("06.middle-beats-deep", {
  says: "Depth 4 is also far ahead of depth 13.",
  values: minus(test(narrow[4]), test(narrow[13])),
  unit: "points",
  atLeast: 10,
  control: () => minus(test(narrow[4]), test(narrow[5])), // one layer more is no harm
});

// %% [markdown] {"id": "sweep-finding"}
// Both arms are steep for convolutions. Fully connected networks have a small left arm only: from depth 2 to depth 4 they gain 5.84 points where the convolutional ones gain 38.0, since their first layer sees the whole signal already. What the left arm is about, then, has to do with how much a convolution sees.
// Depth is no virtue by itself and no vice. At a budget, it is a trade.

// %% [markdown] {"id": "teacher-opening", "tags": ["teacher"]}
// **Teacher · opening, 10 minutes.** Let everybody buy a depth before the run; write the distribution on the board. Afterwards, ask for the reason of *each* arm separately; do not accept one reason for both.
// **Usual errors:** "deep overfits" for the right arm (the training curve refutes it); "wide is stronger" for the left one.

// %% [markdown] {"id": "ex-3-text", "tags": ["exercise"], "exercise": {"id": "06.2", "kind": "implement", "difficulty": 3, "minutes": 6}}
// ## The left arm: what a layer can see
// *10 minutes.*
//
// A position of the first convolution sees 3 points. A position of the second sees 3 positions of the first; with a stride of 2 these stand two points apart, so together they see 7 points. And so on.
//
// ### Exercise 06.2 · How far does it see?
// *Difficulty 3 of 5, 6 minutes.* Write `receptive(kernels, strides)`: the number of input points that one position of the last convolution depends on. The lists go from the first layer to the last.
// Example: `receptive([3, 3, 3], [2, 2, 1])` is `15`.

// %% {"id": "ex-3", "tags": ["exercise"]}
function receptive(kernels: readonly number[], strides: readonly number[]): number {
  // SOLUTION
  let field = 1;
  let step = 1;
  for (let layer = 0; layer < kernels.length; layer++) {
    field += (kernels[layer] - 1) * step;
    step *= strides[layer];
  }
  return field;
  // EXERCISE
  // return lesson.todo("06.2");
  // END
}
await check("06.2", receptive);

// %% [markdown] {"id": "field-text"}
// Depth and receptive field grow together, so the sweep cannot tell which of them did it. Part them: give one convolution (depth 2) or two (depth 3) kernels from 1 to 7, always 2,000 parameters. A kernel of 1 sees a single point, however many layers there are.

// %% {"id": "field"}
const kernels = [1, 3, 5, 7];
const nets = [2, 3].flatMap((depth) => kernels.map((kernelSize) => ({ depth, kernelSize })));
const fieldOf = (net: Net) => theory.receptiveField(shapeOf(net)).at(-1)!;
const seen = ({ spec: { model } }: Result) =>
  model.kind === "convNet" ? fieldOf({ depth: model.depth, kernelSize: model.kernelSize }) : NaN;
const fields = (come: Results) =>
  [2, 3].map((depth) => ({
    name: `depth ${depth}`,
    depth: depth,
    ...train.across(
      come.filter((result) => depthOf(result) === depth),
      seen,
      tested,
    ),
  }));
const byNet = await run(
  nets.map((net) => plan(net)),
  (come) =>
    plot.curves(
      fields(come).filter(({ runs }) => runs.length > 0),
      {
        title: "Is it the receptive field, or is it the depth? (2,000 parameters, 3 seeds)",
        x: "receptive field of the last convolution (points)",
        y: "test accuracy (%)",
      },
    ),
);

// %% {"id": "claim-field"}
const kernel = (depth: number, size: number) =>
  test(byNet[nets.findIndex((net) => net.depth === depth && net.kernelSize === size)]);
table(
  kernels.map((size) => ({
    kernel: size,
    "field, depth 2": fieldOf({ depth: 2, kernelSize: size }),
    "test, depth 2 (%)": kernel(2, size),
    "field, depth 3": fieldOf({ depth: 3, kernelSize: size }),
    "test, depth 3 (%)": kernel(3, size),
  })),
);
await claim("06.field-buys", {
  says: "At depth 2, kernels of 5 in place of 3 bring points with the same parameters.",
  values: minus(kernel(2, 5), kernel(2, 3)),
  unit: "points",
  atLeast: 3,
  control: () => minus(kernel(2, 7), kernel(2, 5)), // wide enough already
});

// %% {"id": "claim-beyond"}
await claim("06.depth-beyond-field", {
  says: "With the same field (7 points) and the same parameters, depth 3 is far ahead of depth 2.",
  values: minus(kernel(3, 3), kernel(2, 7)),
  unit: "points",
  atLeast: 8,
  control: () => minus(kernel(3, 1), kernel(2, 1)), // the same layer more, where no layer sees a neighbour
});

// %% [markdown] {"id": "field-finding"}
// Both are needed. A wider field helps depth 2 a little, and then no more: a single convolution finds pieces of a signal, and averaging them over positions forgets how they were arranged. A second convolution puts pieces together, which is worth far more than the same points seen at once. And a second layer without any field is worth nothing.
// The line of depth 3 falls at the right: its wide kernels are paid for with channels.

// %% [markdown] {"id": "microscope-text"}
// ### Under the microscope
// Where in a network does the knowledge appear? A linear probe (chapter 02) reads the digit from each layer's activations, averaged over positions; beside it stands what each layer can see.

// %% {"id": "microscope"}
const looked = [4, 7, 13];
const upTo = (depth: number) => Array.from({ length: depth - 1 }, (_, layer) => layer + 1);
const known = (results: Results) =>
  results.map(({ measures }) =>
    (measures.linearProbe as readonly number[]).map((share) => 100 * share),
  );
const x = "layer (convolutions, from the input)";
show(
  plot.linked(
    plot.curves(
      looked.map((depth) => ({
        name: `depth ${depth}`,
        depth: depth,
        x: upTo(depth),
        runs: known(narrow[depth]).map((layers) => layers.slice(0, -1)),
      })),
      { title: "Knowledge", x: x, y: "digits read by a probe (%)" },
    ),
    plot.curves(
      looked.map((depth) => ({
        name: `depth ${depth}`,
        depth: depth,
        x: upTo(depth),
        runs: [theory.receptiveField(shapeOf({ depth }))],
      })),
      { title: "Sight", x: x, y: "receptive field (points)" },
    ),
    { title: "What does a layer know, and what does it see? (2,000 parameters, 5 seeds)" },
  ),
);
table(
  looked.map((depth) => ({
    depth: depth,
    "read after layer 1 (%)": known(narrow[depth]).map((layers) => layers[0]),
    "after layer 3 (%)": known(narrow[depth]).map((layers) => layers[2]),
    "after the last convolution (%)": known(narrow[depth]).map((layers) => layers.at(-2)!),
  })),
);

// %% [markdown] {"id": "microscope-finding"}
// In all three networks the layers see equally much at the same place, and from below to above they know more. But the more layers share the budget, the less each adds: in the narrowest network the first layers add nothing, and what they do not pass on no later layer can find.

// %% [markdown] {"id": "ex-5-text", "tags": ["exercise"], "exercise": {"id": "06.3", "kind": "interpret", "difficulty": 2, "minutes": 3}}
// ## The right arm
// *10 minutes.*
//
// ### Exercise 06.3 · The right arm
// *Difficulty 2 of 5, 3 minutes.* Look at both lines of the first figure again. Why is depth 13 so much worse than depth 4?
//
// - **a** It overfits: deep networks learn their examples by heart.
// - **b** It has too few parameters.
// - **c** It has not been trained well: with so many narrow layers, these steps do not even bring it to fit its training signals.
// - **d** Deep networks cannot represent this task.

// %% {"id": "ex-5", "tags": ["exercise"]}
// SOLUTION
const answer = "c";
// EXERCISE
// const answer: "a" | "b" | "c" | "d" = lesson.todo("06.3");
// END
await check("06.3", answer);

// %% {"id": "claim-untrained"}
const gap = (results: Results) => minus(training(results), test(results));
await claim("06.deep-end-untrained", {
  says: "On its training signals, too, depth 13 is far behind depth 4.",
  values: minus(training(narrow[4]), training(narrow[13])),
  unit: "points",
  atLeast: 10,
  control: () => minus(gap(narrow[13]), gap(narrow[4])), // what overfitting would widen
});

// %% [markdown] {"id": "predict-b-text"}
// If training is the trouble, a larger budget should help (wider layers train more easily), and so should **skip connections**, which add what came into a layer to what it gives (chapter 04). Take 8,000 parameters, with and without skips.
//
// Depth 19, 12 channels: by how many points of test accuracy will skips raise it?

// %% {"id": "predict-b", "tags": ["predict"]}
predict("06.b", null, { claim: "06.skips-lift-the-deep-end", unit: "points" });

// %% {"id": "record"}
const recorded = (await train.readRecord("06-depth")).results;
/** Recorded results of the widest networks within a budget. */
const ofRecord = (budget: number, skip: boolean) =>
  recorded.filter(({ spec: { model } }) => {
    if (model.kind !== "convNet" || model.skip !== skip) return false;
    return model.channels === channelsOf({ depth: model.depth }, budget);
  });
const of = (results: Results, depth: number) => results.filter((result) => depthOf(result) === depth);

// %% [markdown] {"id": "wide-text"}
// The lines of the next figure come from a **record**: 160 networks that the authors trained once, kept with their specifications. The rings are some of them, trained again here, now. An experiment is plain data, so with the same seeds the same numbers must come out, to the last digit.

// %% {"id": "wide"}
const large = (depth: number, skip: boolean) => plan({ depth, skip }, channelsOf({ depth }, 8000));
const isSkip = ({ spec: { model } }: Result) => "skip" in model && model.skip === true;
const withSkips = (come: Results, skip: boolean) => come.filter((result) => isSkip(result) === skip);
const lifted = (come: Results) => [
  line("8,000, skips", "residual", ofRecord(8000, true)),
  line("8,000, plain", "plain", ofRecord(8000, false)),
  { ...line("2,000, skips", "residual", ofRecord(2000, true)), role: "batchNorm" as const },
  { ...line("2,000, plain", "plain", ofRecord(2000, false)), role: "random" as const },
  { ...line("skips, run here", "residual", withSkips(come, true)), points: true },
  { ...line("plain, run here", "plain", withSkips(come, false)), points: true },
];
const wideLists = await run(
  [...[3, 5, 9, 19].map((depth) => large(depth, false)), large(5, true), large(19, true)],
  (come) =>
    plot.curves(
      lifted(come).filter(({ runs }) => runs.length > 0),
      {
        ...depthAxis,
        title: "What do parameters and skips do to the deep end? (lines: record; rings: run here)",
      },
    ),
  { seeds: 5 },
);

// %% {"id": "wide-equal"}
const wide = {
  plain: { 3: wideLists[0], 5: wideLists[1], 9: wideLists[2], 19: wideLists[3] },
  skip: { 5: wideLists[4], 19: wideLists[5] },
};
const repeated = wideLists.flat().filter((result) => {
  const { model, seed } = result.spec;
  const same = recorded.filter(
    ({ spec }) => spec.seed === seed && math.canonicalJson(spec.model) === math.canonicalJson(model),
  );
  return same.length === 1 && same[0].loss.test === result.loss.test;
});
table([
  {
    "networks run here": wideLists.flat().length,
    "with the record's loss, to the last digit": repeated.length,
  },
]);

// %% {"id": "claim-skips"}
table(
  depths.map((depth) => ({
    depth: depth,
    "2,000, plain (%)": test(of(ofRecord(2000, false), depth)),
    "2,000, skips (%)": test(of(ofRecord(2000, true), depth)),
    "8,000, plain (%)": test(of(ofRecord(8000, false), depth)),
    "8,000, skips (%)": test(of(ofRecord(8000, true), depth)),
  })),
  { caption: "From the record, 5 seeds" },
);
await claim("06.skips-lift-the-deep-end", {
  says: "At 8,000 parameters, skips raise the accuracy of depth 19.",
  values: minus(test(wide.skip[19]), test(wide.plain[19])),
  unit: "points",
  atLeast: 6,
  control: () => minus(test(wide.skip[5]), test(wide.plain[5])), // where training was no trouble
});

// %% {"id": "claim-budget"}
const gain = (depth: 3 | 5 | 9) => minus(test(wide.plain[depth]), test(narrow[depth]));
await claim("06.more-budget-deeper", {
  says: "Four times the parameters raise depth 9 more than depth 3.",
  values: minus(gain(9), gain(3)),
  unit: "points",
  atLeast: 4,
  control: () => minus(gain(5), gain(3)), // a depth that was near the top already
});

// %% [markdown] {"id": "wide-finding"}
// With four times the parameters the whole curve rises. Its top stays at depth 5, but the fall to its right begins later: depth 9 is 13 points below the top at 2,000 parameters, and two at 8,000. What a further layer costs depends on the budget.
// Skips lift the deep end: depth 19 at 8,000 parameters, where training was the trouble. Elsewhere the table's intervals overlap, and at depth 5 they bring nothing. (No skip fits before the third convolution, since the first two change the size of what passes: with depth 2 and 3 both columns are the same networks.) They do not turn the U into a rise: a network of 18 convolutions with 12 channels still has to live with 12 channels.

// %% [markdown] {"id": "unscaled-text"}
// ### Where the story fails
// "Skips make deep networks trainable." Try it with fully connected networks of 8,000 parameters and *no* batch normalisation: what came into a layer is added to what it gives, and nothing scales the sum.

// %% {"id": "unscaled"}
const denseDepths = [3, 6, 13];
const sums = await run(
  [false, true].flatMap((skip) => denseDepths.map((depth) => dense(depth, 8000, { skip }))),
  (come) =>
    plot.curves(
      [
        line("plain", "plain", withSkips(come, false)),
        line("skips, unscaled", "residual", withSkips(come, true)),
      ].filter(({ runs }) => runs.length > 0),
      {
        ...depthAxis,
        title: "Do skips help without normalisation? (fully connected, 8,000 parameters, 3 seeds)",
      },
    ),
);
const denseRuns = { plain: sums.slice(0, 3).map(test), skip: sums.slice(3).map(test) };
await claim("06.unscaled-skips-hurt", {
  says: "Without normalisation, skips make the fully connected network of depth 13 worse.",
  values: minus(denseRuns.plain[2], denseRuns.skip[2]),
  unit: "points",
  atLeast: 5,
  control: () => minus(denseRuns.plain[0], denseRuns.skip[0]), // a single sum, at depth 3
});

// %% [markdown] {"id": "unscaled-finding"}
// Each sum adds the variances of its two parts, so the variance of the activations at least doubles from layer to layer (after a ReLU nothing is negative: the parts do not cancel), and with it grows what a step changes. A skip is half of the remedy; the other half is something that keeps sums in scale, such as normalisation or a small factor on the branch (chapter 04).

// %% [markdown] {"id": "teacher-middle", "tags": ["teacher"]}
// **Teacher · half time.** Break here. On the board: two columns, *sees too little* and *is not trained*, and under each the experiment that showed it. Then ask what else could have been held fixed in place of parameters.

// %% [markdown] {"id": "predict-c-text"}
// ## Another budget, another winner
// *7 minutes.*
//
// Parameters are what a network needs on the disk. A chip counts multiply-accumulates, and you count seconds. Does it matter which one is held fixed?
//
// Two families: **halving** networks, as above, and **full** ones without strides, where every layer keeps 40 positions. Strides have no parameters, so at the same depth both have the same channels for 2,000 parameters. But a full network uses each weight 40 times and not 10.
// Fix 2,000 parameters, or fix 18,000 multiply-accumulates; look at depth 4. At fixed multiply-accumulates, by how many points is halving ahead of full? (Less than 0 if you think that full wins.)

// %% {"id": "predict-c", "tags": ["predict"]}
predict("06.c", null, { claim: "06.operations-change-the-winner", unit: "points" });

// %% {"id": "step-times"}
// Milliseconds a step with 2,000 parameters, batch 100, by depth; least of 80 measurements, on an Intel Xeon with Node 20.
const stepTimes: Record<"halving" | "full", Record<number, number>> = {
  halving: { 3: 0.99, 4: 0.87, 5: 1.04, 7: 1.22, 9: 1.45 },
  full: { 3: 2.5, 4: 2.25, 5: 2.8, 7: 3.28, 9: 3.92 },
};
const families = { halving: [2, 2], full: [] };
const tried = [3, 4, 5, 7, 9];
type Family = keyof typeof families;
const panelNames = {
  parameters: "2,000 parameters",
  operations: "18,000 operations",
  seconds: "0.435 seconds",
};
type Budget = keyof typeof panelNames;
function planFor(family: Family, depth: number, budget: Budget, most = full): Plan {
  const net = { depth, strides: families[family] };
  if (budget === "operations") return plan(net, channelsOf(net, 18000, "macs"), most);
  const steps = Math.round(435 / stepTimes[family][depth]); // 0.435 s: what depth 4, halving, takes for 500 steps
  return plan(net, channelsOf(net), budget === "seconds" ? Math.min(steps, most) : most);
}
const kinds: readonly Family[] = ["halving", "full"];
const channelsIn = ({ model }: Plan) => (model.kind === "convNet" ? model.channels : 0);
table(
  kinds.flatMap((family) =>
    [3, 4, 5, 7].map((depth) => ({
      family: family,
      depth: depth,
      "channels at 2,000 parameters": channelsIn(planFor(family, depth, "parameters")),
      "channels at 18,000 operations": channelsIn(planFor(family, depth, "operations")),
      "milliseconds a step": stepTimes[family][depth],
      "steps in 0.435 s": Math.round(435 / stepTimes[family][depth]),
    })),
  ),
);

// %% {"id": "budgets"}
const budgets: readonly Budget[] = ["parameters", "operations", "seconds"];
const key = (one: Pick<Plan, "model" | "steps">) => math.canonicalJson([one.model, one.steps ?? full]);
const ofPlan = (results: Results, one: Plan) =>
  results.filter(({ spec: { model, train } }) => key({ model, steps: train.steps }) === key(one));
const everywhere = (await train.readRecord("06-budgets")).results;
/** Recorded results of a family at a budget, five seeds a depth. */
function spent(budget: Budget, family: Family): Results {
  const plans = tried.map((depth) => planFor(family, depth, budget, 500));
  return plans.flatMap((one) => ofPlan(everywhere, one).slice(0, 5));
}
function budgetPanel(budget: Budget, come: Results) {
  const lines = kinds.flatMap((family) => {
    const role = family === "halving" ? "residual" : "plain";
    const own = ofPlan(come, planFor(family, 4, budget));
    return [
      line(family, role, spent(budget, family)),
      { ...line(`${family}, run here`, role, own), points: true },
    ];
  });
  return plot.curves(
    lines.filter(({ runs }) => runs.length > 0),
    {
      ...depthAxis,
      x: `depth, at ${panelNames[budget]}`,
      title: panelNames[budget],
      references: [{ name: "guessing", y: 10 }],
    },
  );
}

// %% {"id": "budgets-figure"}
const six = budgets.flatMap((budget) => kinds.map((family) => planFor(family, 4, budget)));
const different = six.filter(
  (one, place) => six.findIndex((other) => key(other) === key(one)) === place,
);
const bought = await run(
  different,
  (come) =>
    plot.smallMultiples(
      budgets.map((budget) => budgetPanel(budget, come)),
      { title: "Who wins, if something else is held fixed? (lines: record, 5 seeds; rings: run here)" },
    ),
  { seeds: 8 },
);
const here = (budget: Budget, family: Family) =>
  test(ofPlan(bought.flat(), planFor(family, 4, budget)));

// %% {"id": "claim-operations"}
const ahead = (budget: Budget) => minus(here(budget, "halving"), here(budget, "full"));
table(
  budgets.map((budget) => ({
    "held fixed": panelNames[budget],
    "halving, depth 4 (%)": here(budget, "halving"),
    "full, depth 4 (%)": here(budget, "full"),
  })),
);
await claim("06.operations-change-the-winner", {
  says: "At fixed multiply-accumulates, halving beats full, both of depth 4.",
  values: ahead("operations"),
  unit: "points",
  atLeast: 3,
  control: () => ahead("parameters"),
});

// %% {"id": "claim-seconds"}
await claim("06.seconds-change-the-winner", {
  says: "At fixed seconds, halving beats full, both of depth 4.",
  values: ahead("seconds"),
  unit: "points",
  atLeast: 4,
  control: () => ahead("parameters"),
});

// %% {"id": "best-depths"}
/** Test accuracies of a family at each depth, in the record. */
const byDepth = (budget: Budget, family: Family) =>
  Object.fromEntries(
    tried.map((depth) => [`depth ${depth} (%)`, test(of(spent(budget, family), depth))]),
  );
table(
  budgets.flatMap((budget) =>
    kinds.map((family) => ({ "held fixed": panelNames[budget], family, ...byDepth(budget, family) })),
  ),
  { caption: "From the record, 5 seeds" },
);

// %% [markdown] {"id": "budgets-finding"}
// With parameters fixed, full networks win: they use each weight at more positions and pay nothing for it. With operations fixed they must give up channels, with seconds they must give up steps, and halving networks win.
// The best *depth* moved as well. With parameters fixed, full networks of depth 5, 7 and 9 cannot be told apart; with seconds fixed, depth 4 is ahead, since it gets the most steps. That it gets more than depth 3 has a reason that no formula shows: its 16 channels suit a processor that takes numbers four at a time, 23 do not. A budget of seconds is a budget for one machine.
// So a sentence such as "A is better than B at the same size" is not finished before it says which size.

// %% [markdown] {"id": "errors-text"}
// ## The same accuracy, the same errors?
// *4 minutes.*
//
// At 2,000 parameters, depth 3 (two convolutions, 23 channels) and depth 7 (six, 10 channels) stand on opposite arms of the U with nearly the same accuracy. Do they fail on the same signals? Count the test signals on which two networks give different answers: two of depth 3, two of depth 7, one of each.

// %% {"id": "errors"}
const { labels } = data.mnist1d().test;
const answersOf = ({ measures }: Result) => measures.answers as readonly number[];
const ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const rightOn = (results: Results) =>
  ten.map((digit) =>
    results.map((result) => {
      const own = answersOf(result).filter((_, index) => labels[index] === digit);
      return (100 * own.filter((given) => given === digit).length) / own.length;
    }),
  );
const digitBars = (lists: Record<string, Results>, title: string) =>
  plot.bars(
    Object.entries(lists)
      .filter(([, results]) => results.length > 0)
      .map(([name, results]) => ({ name, values: rightOn(results) })),
    { title: title, x: "digit", y: "read rightly (%)", groups: ten.map(String) },
  );
const seven = { seeds: 7, measures: ["answers"] };
const [shallow, deep] = await run(
  [plan({ depth: 3 }), plan({ depth: 7 })],
  (come) =>
    digitBars(
      { "depth 3": of(come, 3), "depth 7": of(come, 7) },
      "Which digits does each depth read? (2,000 parameters, 7 seeds)",
    ),
  seven,
);

// %% {"id": "errors-apart"}
function differ(a: Result, b: Result): number {
  const others = answersOf(b);
  return (100 * answersOf(a).filter((given, index) => given !== others[index]).length) / others.length;
}
/** By network of the first list: how much it differs, on average, from those of the second that had another seed. */
const disagreement = (first: Results, second: Results) =>
  first.map((one, seed) =>
    math.mean(second.filter((_, other) => other !== seed).map((two) => differ(one, two))),
  );
const apart = {
  shallow: disagreement(shallow, shallow),
  deep: disagreement(deep, deep),
  mixed: disagreement(shallow, deep),
};
table([
  { pair: "depth 3 and depth 3", "different answers (%)": apart.shallow },
  { pair: "depth 7 and depth 7", "different answers (%)": apart.deep },
  { pair: "depth 3 and depth 7", "different answers (%)": apart.mixed },
]);

// %% {"id": "claim-errors"}
const [again] = await run(
  [plan({ depth: 3 })],
  (come) =>
    digitBars(
      { "depth 3": shallow, "depth 3, again": come },
      "And depth 3 once more, from other starts? (7 seeds)",
    ),
  { ...seven, name: "again" },
);
const excess = (mixed: readonly number[], a: readonly number[], b: readonly number[]) =>
  mixed.map((value, seed) => value - (a[seed] + b[seed]) / 2);
await claim("06.errors-differ", {
  says: "Networks of depth 3 and 7 disagree more than networks of one depth do on average.",
  values: excess(apart.mixed, apart.shallow, apart.deep),
  unit: "points",
  atLeast: 1.5,
  control: () => excess(disagreement(shallow, again), apart.shallow, disagreement(again, again)), // depth 3 and depth 3
});

// %% {"id": "claim-unsteady"}
await claim("06.narrow-is-unsteady", {
  says: "Two networks of depth 7 disagree with each other more than two of depth 3.",
  values: minus(apart.deep, apart.shallow),
  unit: "points",
  atLeast: 2.2,
  control: () => minus(disagreement(again, again), apart.shallow),
});

// %% [markdown] {"id": "errors-finding"}
// The same accuracy hides different errors: depth 7 reads 96 % of the eights, depth 3 only 87.5 %. (Depth 3 seems to be better at ones and fours. With seven networks that is not beyond doubt: among ten digits, one or two stand out by chance.) And deep, narrow networks depend more on their start (first weights and order of the signals): two of them disagree with each other almost as often as one of them with a shallow one.
// So "equally good" does not mean interchangeable. (Whether averaging a shallow and a deep network pays is another question, which was not measured here.)

// %% [markdown] {"id": "ex-7-text", "tags": ["exercise"], "exercise": {"id": "06.4", "kind": "design", "difficulty": 3, "minutes": 6}}
// ## Your turn
// *12 minutes.*
//
// ### Exercise 06.4 · A budget of your own
// *Difficulty 3 of 5, 6 minutes.* 4,000 parameters, halving networks as above, and only 250 steps, with twice the learning rate. Choose depth, channels, kernel size and skips so that the test accuracy is above 84 %, beyond doubt over five starts that you have not seen. `theory.convNetCost` counts for you.

// %% {"id": "ex-7", "tags": ["exercise"]}
// SOLUTION
const bet: { depth: number; channels: number; kernelSize: number; skip: boolean } = {
  depth: 4,
  channels: 24,
  kernelSize: 3,
  skip: false,
};
// EXERCISE
// const bet: { depth: number; channels: number; kernelSize: number; skip: boolean } = lesson.todo("06.4");
// END
await check("06.4", bet);

// %% [markdown] {"id": "ex-9-text", "tags": ["exercise"], "exercise": {"id": "06.5", "kind": "debug", "difficulty": 3, "minutes": 6}}
// ### Exercise 06.5 · Running out of positions
// *Difficulty 3 of 5, 6 minutes.* "Strides widen the field, so I halve at every layer." A colleague's network of depth 9 is far worse than the one above. The microscope shows where, and the table why: look at the positions that are left.

// %% {"id": "colleague"}
const eights = Array<number>(8).fill(2);
const byLayer = (name: string, role: "plain" | "residual", results: Results) => ({
  ...{ name, role, x: upTo(9) },
  runs: known(results).map((layers) => layers.slice(0, -1)),
});
const [broken] = await run(
  [plan({ depth: 9, strides: eights })],
  (come) =>
    plot.curves([byLayer("above", "residual", narrow[9]), byLayer("colleague", "plain", come)], {
      title: "Where does the colleague's network stop learning more? (depth 9, 5 seeds)",
      x: x,
      y: "digits read by a probe (%)",
    }),
  { seeds: 5, measures: ["linearProbe"] },
);

// %% {"id": "colleague-layers"}
const left = (strides: readonly number[]) => {
  let positions = 40;
  return strides.map((stride) => (positions = Math.ceil(positions / stride)));
};
table(
  eights.map((_, layer) => ({
    layer: layer + 1,
    "positions, colleague": left(eights)[layer],
    "read by a probe, colleague (%)": known(broken).map((layers) => layers[layer]),
    "positions, above": left([2, 2, 1, 1, 1, 1, 1, 1])[layer],
    "read by a probe, above (%)": known(narrow[9]).map((layers) => layers[layer]),
  })),
);

// %% [markdown] {"id": "ex-9-more"}
// Write `strides(convolutions, length, least)`: a stride of 2 for every layer after which at least `least` positions remain, else 1. With padding, $p$ positions become $p/2$, rounded up.
// Example: `strides(5, 40, 10)` is `[2, 2, 1, 1, 1]`.

// %% {"id": "ex-9", "tags": ["exercise"]}
function strides(convolutions: number, length: number, least: number): number[] {
  // SOLUTION
  const strides: number[] = [];
  let positions = length;
  for (let layer = 0; layer < convolutions; layer++) {
    const halved = Math.ceil(positions / 2);
    strides.push(halved >= least ? 2 : 1);
    if (halved >= least) positions = halved;
  }
  return strides;
  // EXERCISE
  // return lesson.todo("06.5");
  // END
}
await check("06.5", strides);

// %% [markdown] {"id": "teacher-end", "tags": ["teacher"]}
// **Teacher · last ten minutes.** Ask for the sentence that everybody takes home; it should contain the word *budget*. **If time is short** skip *The same accuracy, the same errors*. **Usual errors:** comparing depths at fixed width; reading a flat top as "depth does not matter"; taking the best depth here for a law.

// %% [markdown] {"id": "claims-text"}
// ## What was claimed, and what you measured

// %% {"id": "claims"}
chapter.claims();

// %% [markdown] {"id": "recall-text"}
// ## What stays
// *3 minutes.* Answer in your own words before you open an answer.

// %% {"id": "recall"}
lesson.recall("06");

// %% [markdown] {"id": "references"}
// ## Simplified here, and where to read on
// - One data set, one learning rate for all shapes. The best depth belongs to a budget of steps, too: with fewer of them the deepest networks lost most (compare the panels of parameters and of seconds). More than 500 steps were not tried.
// - Widths are whole numbers: most networks use more than nine tenths of their budget, the one of depth 19 three quarters.
// - The best depths in the table of budgets were chosen on the test signals, for both families alike; that flatters both a little.
//
// Zagoruyko and Komodakis 2016, arXiv:1605.07146 (wide residual networks) · Lu and others 2017, arXiv:1709.02540 (what width can represent) · Araujo, Norris and Sim 2019, *Computing receptive fields of convolutional neural networks*, Distill · Tan and Le 2019, arXiv:1905.11946 (scaling depth and width together) · Nguyen, Raghu and Kornblith 2021, arXiv:2010.15327 (wide and deep networks err differently) · Greydanus and Kobak 2024, arXiv:2011.14439 (MNIST-1D)
