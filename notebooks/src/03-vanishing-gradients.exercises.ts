import { nn, theory, train, type lesson } from "deepen";

/** One unit a layer: the deltas of layers 1 to L from the weights, the slopes of the hidden units and the last delta. */
function deltas(weights: readonly number[], slopes: readonly number[], last: number): number[] {
  const result = [last];
  for (let l = slopes.length - 1; l >= 0; l--) {
    result.unshift(slopes[l] * weights[l + 1] * result[0]);
  }
  return result;
}

type Chain = [weights: readonly number[], slopes: readonly number[], last: number];

const chain: lesson.FunctionExercise<Chain, number[]> = {
  id: "03.1",
  kind: "implement",
  title: "Hand the delta down a chain",
  solution: deltas,
  inputs: [
    [[5], [], 2],
    [[1, 2], [0.5], 1],
    [[1, 2, 3], [0.25, 0.5], 1],
    [[7, -2, 3, 0.5], [0.25, 0.5, 0.125], -4],
    [[1, 1, 1, 1, 1], [0.25, 0.25, 0.25, 0.25], 1],
    [[1, 2, 0, 3], [0.25, 0.5, 1], 1],
  ],
  random: (uniform) => {
    const depth = 2 + Math.floor(uniform() * 6);
    const weights = Array.from({ length: depth }, () => 4 * uniform() - 2);
    const slopes = Array.from({ length: depth - 1 }, () => uniform() / 4);
    return [weights, slopes, 2 * uniform() - 1];
  },
  hints: [
    "Start from the only delta you know, the last one, and walk down. What does one step multiply by?",
    "$\\delta_l = \\sigma'(z_l)\\, w_{l+1}\\, \\delta_{l+1}$: the slope of the layer you arrive at, the weight of the layer you come from.",
    "In a loop with `l` from `slopes.length - 1` down to 0: `result.unshift(slopes[l] * weights[l + 1] * result[0])`. The arrays count from 0, so `weights[l + 1]` leads out of the hidden unit with slope `slopes[l]`.",
  ],
  solutionText: {
    code: `const result = [last];
for (let l = slopes.length - 1; l >= 0; l--) {
  result.unshift(slopes[l] * weights[l + 1] * result[0]);
}
return result;`,
    reason:
      "A push on $z_l$ reaches the loss only through $h_l = \\phi(z_l)$ and then through $z_{l+1} = w_{l+1} h_l + b_{l+1}$. The first step multiplies by the slope of layer $l$, the second by the weight of layer $l+1$. " +
      "The weight $w_1$ takes no part: it stands below the first delta. That is why depth $L$ gives $L - 1$ factors.",
  },
  right: [
    (weights, slopes, last) =>
      slopes.reduceRight<number[]>((found, slope, l) => [slope * weights[l + 1] * found[0], ...found], [last]),
    function recursive(weights, slopes, last): number[] {
      if (slopes.length === 0) return [last];
      const above = recursive(weights.slice(1), slopes.slice(1), last) as number[];
      return [slopes[0] * weights[1] * above[0], ...above];
    },
    (weights, slopes, last) => {
      const found = new Float64Array(weights.length).fill(last);
      for (let l = weights.length - 2; l >= 0; l--) found[l] = found[l + 1] * weights[l + 1] * slopes[l];
      return Array.from(found);
    },
  ],
  wrong: [
    {
      name: "weight of its own layer",
      answer: (weights, slopes, last) => {
        const result = [last];
        for (let l = slopes.length - 1; l >= 0; l--) result.unshift(slopes[l] * weights[l] * result[0]);
        return result;
      },
      message:
        "You multiplied by the weight that leads *into* the unit. The delta comes back through the weight that leads *out* of it, $w_{l+1}$; the weight of the first layer takes no part.",
    },
    {
      name: "slopes left out",
      answer: (weights, slopes, last) => {
        const result = [last];
        for (let l = slopes.length - 1; l >= 0; l--) result.unshift(weights[l + 1] * result[0]);
        return result;
      },
      message:
        "The weights are right, the slopes are missing: this is the delta of a chain of *linear* units. Each hidden unit also multiplies by $\\phi'(z_l)$, its entry of `slopes`.",
    },
    {
      name: "weights left out",
      answer: (_weights, slopes, last) => {
        const result = [last];
        for (let l = slopes.length - 1; l >= 0; l--) result.unshift(slopes[l] * result[0]);
        return result;
      },
      message:
        "The slopes are right, the weights are missing. A factor is slope times weight, $\\phi'(z_l)\\, w_{l+1}$, and large weights can make up for small slopes.",
    },
    {
      name: "listed from the last layer",
      answer: (weights, slopes, last) => deltas(weights, slopes, last).reverse(),
      message:
        "The numbers are right, their order is not: `result[0]` must be the first layer's delta, and the last entry is `last`.",
    },
    {
      name: "last delta left out",
      answer: (weights, slopes, last) => deltas(weights, slopes, last).slice(0, -1),
      message:
        "The last layer has a delta too, `last` itself: the list has one entry for each weight, output included.",
    },
    {
      name: "slope of the layer above",
      answer: (weights, slopes, last) => {
        const result = [last];
        for (let l = slopes.length - 1; l >= 0; l--) result.unshift((slopes[l + 1] ?? 1) * weights[l + 1] * result[0]);
        return result;
      },
      message:
        "Your slopes are one layer too high. Between $\\delta_{l+1}$ and $\\delta_l$ stands the unit of layer $l$, so its own slope $\\phi'(z_l)$ counts.",
    },
    {
      name: "factors not accumulated",
      answer: (weights, slopes, last) => [...slopes.map((slope, l) => slope * weights[l + 1] * last), last],
      message:
        "Each of your deltas starts from `last` again. A delta starts from the one just above it: the factors multiply up along the chain.",
    },
    {
      name: "factors instead of deltas",
      answer: (weights, slopes, last) => [...slopes.map((slope, l) => slope * weights[l + 1]), last],
      message:
        "Those are the factors, one for each step. A delta is the product of *all* factors above it, times `last`: multiply on from the delta just above.",
    },
    {
      name: "factors from the wrong end",
      answer: (weights, slopes, last) => {
        const result = [last];
        for (let l = 0; l < slopes.length; l++) result.unshift(slopes[l] * weights[l + 1] * result[0]);
        return result;
      },
      message:
        "Your loop takes the factors from the first layer up, but the deltas from the last layer down: the delta below `last` gets the factor of the lowest step. Let `l` run from `slopes.length - 1` down to 0.",
    },
    {
      name: "walked upwards",
      answer: (weights, slopes, last) => {
        const result = [last];
        for (let l = 0; l < slopes.length; l++) result.push(slopes[l] * weights[l + 1] * result[l]);
        return result;
      },
      message:
        "You walk from the first layer to the last, as activations do. The only delta that you know is that of the last layer: start there, and put each new delta in *front* of the list.",
    },
    {
      name: "added instead of multiplied",
      answer: (weights, slopes, last) => {
        const result = [last];
        for (let l = slopes.length - 1; l >= 0; l--) result.unshift(slopes[l] * weights[l + 1] + result[0]);
        return result;
      },
      message:
        "You *add* slope times weight to the delta above. Along a chain derivatives multiply: $\\delta_l = \\phi'(z_l)\\, w_{l+1}\\, \\delta_{l+1}$.",
    },
    {
      name: "one step too few",
      answer: (weights, slopes, last) => deltas(weights, slopes, last).slice(Math.min(1, slopes.length)),
      message:
        "Your loop stops one step early: the first layer's delta is missing. Arrays count from 0, so the last step is that with `l` = 0: `l >= 0`, not `l > 0`.",
    },
    {
      name: "one step too many",
      answer: (weights, slopes, last) => {
        const found = deltas(weights, slopes, last);
        return [weights[0] * found[0], ...found];
      },
      message:
        "You went one step too far, through the first weight as well. Below it stands the input, which has no delta: the list has one entry for each weight.",
    },
    {
      name: "last taken for 1",
      answer: (weights, slopes) => deltas(weights, slopes, 1),
      message: "Your chain starts from 1. It starts from the delta that you are given, `last`.",
    },
    {
      name: "sizes without signs",
      answer: (weights, slopes, last) => deltas(weights, slopes, last).map(Math.abs),
      message: "The sizes are right, the signs are lost. A delta has a sign: it says which way the loss moves.",
    },
    {
      name: "weight gradients",
      answer: (weights, slopes, last) => deltas(weights, slopes, last).map((delta, l) => delta * weights[l]),
      message:
        "You multiplied each delta by its own layer's weight once more. The delta of layer $l$ ends at $z_l$: the weight that leads into it takes no part.",
    },
  ],
};

const ratio: lesson.ChoiceExercise = {
  id: "03.2",
  kind: "interpret",
  title: "A flat line",
  solution: "c",
  options: {
    a: {
      text: "The error signal reaches the first layer as strong as it was at the last.",
      explanation:
        "That would show in the middle panel, and there it is not so: the deltas shrink from right to left. A weight gradient is not the error signal; it is that signal times the activation below.",
    },
    b: {
      text: "Glorot's weights make every layer's gradient the same, which is what they are for.",
      explanation:
        "Glorot's variance was derived for units that are linear near 0, and a ReLU halves what passes through it. He's weights give a line as flat as this one, only far higher: flatness is not what tells the two apart.",
    },
    c: {
      text: "Activations shrink on the way up and deltas on the way down; their product is equally small at every layer.",
      explanation:
        "The gradient of $W_l$ is $\\delta_l$ times $h_{l-1}$. The first layer has a large input and a tiny delta, the last a large delta and a tiny input. Look at the height of the line, not at its slope.",
    },
    d: {
      text: "Only the activations vanish; going backwards nothing is lost.",
      explanation:
        "The middle panel shows the deltas, and they lose as much on their way down as the activations do on their way up: both pass the same weights and the same half-closed ReLUs.",
    },
  },
  hints: [
    "Look at all three panels, and at the heights of the lines as well as at their slopes.",
    "The weight gradient of layer $l$ is $\\delta_l\\, h_{l-1}^\\top$: two numbers multiply.",
    "At the first layer: which of the two factors is tiny? And at the last layer?",
  ],
  solutionText: {
    code: `const flatLine = "c";`,
    reason:
      "Two slopes of opposite sign cancel in the product. A ratio of first to last weight gradient is blind to it; so is any picture that is scaled to its own maximum. Draw the three quantities apart, on an absolute, logarithmic axis.",
  },
  right: ["c"],
};

const keepVariance: lesson.FunctionExercise<[fanIn: number, leak: number], number> = {
  id: "03.3",
  kind: "implement",
  title: "Keep the variance",
  solution: (fanIn, leak) => Math.sqrt(2 / ((1 + leak * leak) * fanIn)),
  inputs: [
    [2, 0],
    [1, 0.5],
    [8, 1],
    [128, 0],
    [784, 0.2],
    [25, 0.8],
  ],
  random: (uniform) => [1 + Math.floor(uniform() * 2000), Math.round(20 * uniform()) / 20],
  hints: [
    "A pre-activation is a sum of `fanIn` independent terms: what is its variance? Then: what do its positive half and its negative half bring to $E[h^2]$?",
    "$\\operatorname{Var} z = \\text{fanIn} \\cdot \\operatorname{Var} w \\cdot E[h^2]$. The positive half brings $\\tfrac12 \\operatorname{Var} z$; the negative one is multiplied by `leak` before it is squared. Solve for $\\operatorname{Var} w$.",
    "$\\operatorname{Var} w = 2 / ((1 + \\text{leak}^2) \\cdot \\text{fanIn})$; you are asked for its root: `Math.sqrt(2 / ((1 + leak * leak) * fanIn))`.",
  ],
  solutionText: {
    code: "return Math.sqrt(2 / ((1 + leak * leak) * fanIn));",
    reason:
      "One layer turns $E[h^2]$ into $\\text{fanIn} \\cdot \\operatorname{Var} w \\cdot E[h^2] \\cdot (1 + \\text{leak}^2) / 2$: half of the pre-activations keep their square, the others have it times $\\text{leak}^2$. The factor is 1 when $\\operatorname{Var} w = 2 / ((1 + \\text{leak}^2) \\cdot \\text{fanIn})$ (He and others, 2015); with a leak of 0 that is He's 2/fan-in, with a leak of 1, a straight line, LeCun's 1/fan-in. " +
      "Being off by a factor of 2 sounds harmless: over 29 hidden layers it is $2^{29}$ in the variance.",
  },
  right: [
    (fanIn, leak) => Math.SQRT2 / Math.sqrt(fanIn + fanIn * leak * leak),
    (fanIn, leak) => 1 / Math.sqrt(fanIn * (0.5 + (leak * leak) / 2)),
  ],
  wrong: [
    {
      name: "variance instead of its root",
      answer: (fanIn, leak) => 2 / ((1 + leak * leak) * fanIn),
      message: "That is the variance. The standard deviation is its square root: `std(8, 0)` must be 0.5.",
    },
    {
      name: "leak forgotten",
      answer: (fanIn) => Math.sqrt(2 / fanIn),
      message:
        "That is right for a leak of 0. With another one the negative half is not lost: it brings its square times leak².",
    },
    {
      name: "leak not squared",
      answer: (fanIn, leak) => Math.sqrt(2 / ((1 + leak) * fanIn)),
      message: "The leak multiplies $z$, so it multiplies $z^2$, whose mean is asked for, by leak².",
    },
    {
      name: "negative half taken away",
      answer: (fanIn, leak) => Math.sqrt(2 / ((1 - leak * leak) * fanIn)),
      message: "The negative half *adds* to the mean square, whatever its sign: 1 + leak².",
    },
    {
      name: "linear layers (LeCun)",
      answer: (fanIn) => Math.sqrt(1 / fanIn),
      message:
        "That keeps the variance of *linear* layers, a leak of 1. A smaller leak takes a part of $E[h^2]$ away; make up for it in the variance.",
    },
    {
      name: "bound of a uniform distribution",
      answer: (fanIn, leak) => Math.sqrt(6 / ((1 + leak * leak) * fanIn)),
      message:
        "That is the bound of He's *uniform* weights: a uniform distribution on ±a has variance a²/3. You were asked for the standard deviation.",
    },
    {
      name: "half the variance",
      answer: (fanIn, leak) => Math.sqrt(1 / (2 * (1 + leak * leak) * fanIn)),
      message:
        "The factor 2 went to the wrong side: the negative half is lost, or the most of it, so the weights have to give more, not less.",
    },
    {
      name: "2 left outside the root",
      answer: (fanIn, leak) => 2 / Math.sqrt((1 + leak * leak) * fanIn),
      message:
        "The 2 belongs under the root: doubling the variance multiplies the standard deviation by $\\sqrt 2$, not by 2.",
    },
    {
      name: "fan-in not inverted",
      answer: (fanIn, leak) => Math.sqrt((2 * fanIn) / (1 + leak * leak)),
      message: "More inputs make a larger sum, so each weight must get *smaller* with the fan-in.",
    },
    {
      name: "fan-in outside the root",
      answer: (fanIn, leak) => Math.sqrt(2 / (1 + leak * leak)) / fanIn,
      message:
        "The fan-in belongs under the root as well. A sum of `fanIn` independent terms has `fanIn` times the variance of one, so its standard deviation grows with $\\sqrt{\\text{fanIn}}$ only.",
    },
    {
      name: "variance of linear layers",
      answer: (fanIn) => 1 / fanIn,
      message:
        "Two things are missing: that is a *variance*, asked is its root; and it is the variance for linear layers, while a smaller leak takes a part of $E[h^2]$ away.",
    },
    {
      name: "upside down",
      answer: (fanIn, leak) => Math.sqrt(((1 + leak * leak) * fanIn) / 2),
      message: "Your fraction is upside down: more inputs make a larger sum, so each weight must get *smaller*.",
    },
    {
      name: "Glorot's variance",
      answer: (fanIn) => Math.sqrt(2 / (fanIn + 128)),
      message:
        "You averaged fan-in and fan-out, as Glorot did for linear units. Here only the way up counts, and what the negative half loses is to be made up for.",
    },
    {
      name: "always a width of 128",
      answer: (_fanIn, leak) => Math.sqrt(2 / ((1 + leak * leak) * 128)),
      message: "That is right for a width of 128, whatever is asked: use the `fanIn` that you are given.",
    },
    {
      name: "the same at every width",
      answer: () => 0.01,
      message:
        "A constant cannot do it: the sum over the inputs grows with the fan-in. At a width of 128, a constant 0.01 makes the signal 12 times smaller at every ReLU layer.",
    },
  ],
};

/** The weight variance at which a tanh net has χ₁ = 1. */
function edge(biasVariance: number): number {
  const known = edges.get(biasVariance);
  if (known !== undefined) return known;
  let low = 1;
  let high = 4;
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    const chi = theory.chi1("tanh", { weightVariance: middle, biasVariance });
    if (chi < 1) low = middle;
    else high = middle;
  }
  const found = (low + high) / 2;
  edges.set(biasVariance, found);
  return found;
}

/** By bias variance: a check asks for the same few again and again. */
const edges = new Map<number, number>();

const findEdge: lesson.FunctionExercise<[biasVariance: number], number> = {
  id: "03.4",
  kind: "implement",
  title: "Find the edge",
  solution: edge,
  inputs: [[0.1], [0.05], [0.5]],
  random: (uniform) => [0.01 + 0.49 * uniform()],
  randomCount: 1,
  tolerance: 1e-4,
  hints: [
    "You have a function that rises, and you look for the place where it passes 1. Start from two weight variances with the edge between them, and try the middle.",
    "Bisection: if χ₁ is below 1 in the middle, the edge lies above, so the middle becomes the new lower end; otherwise it becomes the upper end. Every round halves the interval.",
    'Inside a loop of 20 rounds: `const middle = (low + high) / 2; if (theory.chi1("tanh", { weightVariance: middle, biasVariance }) < 1) low = middle; else high = middle;`',
  ],
  solutionText: {
    code: `let low = 1;
let high = 4;
for (let step = 0; step < 20; step++) {
  const middle = (low + high) / 2;
  const chi = theory.chi1("tanh", { weightVariance: middle, biasVariance });
  if (chi < 1) low = middle;
  else high = middle;
}
return (low + high) / 2;`,
    reason:
      "χ₁ depends on the weight variance twice: as the factor in front, and through q*, which grows with it and pushes units to where tanh is flat. So there is no formula to solve, but χ₁ still rises throughout, and bisection needs no more than that. " +
      "Larger biases saturate units, so larger weights are needed to make up for the lost slope: the edge moves up with the bias variance.",
  },
  right: [
    (biasVariance) => {
      // Secant steps instead of bisection.
      const above = (weightVariance: number): number => theory.chi1("tanh", { weightVariance, biasVariance }) - 1;
      let [a, b] = [1.2, 2];
      for (let round = 0; round < 12 && Math.abs(above(b)) > 1e-9; round++) {
        [a, b] = [b, b - (above(b) * (b - a)) / (above(b) - above(a))];
      }
      return b;
    },
    (biasVariance) => {
      // Digit after digit.
      let found = 1;
      for (const step of [1, 0.1, 0.01, 0.001, 0.0001, 0.00001]) {
        while (theory.chi1("tanh", { weightVariance: found + step, biasVariance }) < 1) found += step;
      }
      return found;
    },
  ],
  wrong: [
    {
      name: "biases left out",
      answer: () => 1,
      message:
        "1 is the edge of a network *without* biases. Biases push units to where tanh is flatter, and the weights have to make up for the slope that is lost: the edge lies above 1.",
    },
    {
      name: "always the example",
      answer: () => 1.76,
      message:
        "That is the edge for a bias variance of 0.05, rounded, whatever is asked. Search anew for the `biasVariance` that you are given.",
    },
    {
      name: "the other half kept",
      answer: (biasVariance) => (edge(biasVariance) < 2.5 ? 4 : 1),
      message:
        "Yours ends at an end of the interval: it keeps the half *without* the edge. Where χ₁ is below 1 the edge lies above, so the middle becomes the new lower end.",
    },
    {
      name: "searched below 2 only",
      answer: (biasVariance) => Math.min(2, edge(biasVariance)),
      message:
        "Yours never passes 2, and with large biases the edge lies above it. A search finds only what lies between the ends it starts from: begin with a larger upper end.",
    },
    {
      name: "He's variance",
      answer: () => 2,
      message:
        '2 is the edge of a ReLU net, at any bias variance. Here the units are tanh, whose slope falls as q* grows: search with `theory.chi1("tanh", …)`.',
    },
    {
      name: "χ₁ instead of the variance",
      answer: (biasVariance) => theory.chi1("tanh", { weightVariance: 1, biasVariance }),
      message:
        "That is χ₁ at a weight variance of 1. You are not asked how large χ₁ is, but for the weight variance at which it is 1.",
    },
    {
      name: "standard deviation",
      answer: (biasVariance) => Math.sqrt(edge(biasVariance)),
      message: "That is σ_w, the standard deviation. Asked is the weight *variance* σ_w²: do not take the root.",
    },
    {
      name: "bias variance given as its root",
      answer: (biasVariance) => edge(Math.sqrt(biasVariance)),
      message:
        "You handed the *root* of the bias variance to `theory.chi1`, or counted the bias twice: it takes the variance itself, as you get it.",
    },
    {
      name: "q* left out",
      answer: (biasVariance) => 1 / theory.slopeSecondMoment("tanh", biasVariance),
      message:
        "You took the slope at a variance of σ_b² alone. The pre-activations settle at q*, which the weights feed as well; `theory.chi1` looks for it.",
    },
  ],
};

/** What a learner may say of the faulty layer. */
interface Diagnosis {
  readonly layer: number;
  readonly fault: "weights too small" | "weights too large" | "biases far below zero" | "no activation function";
}

const faults: readonly Diagnosis["fault"][] = [
  "weights too small",
  "weights too large",
  "biases far below zero",
  "no activation function",
];

const why: Readonly<Record<string, string>> = {
  "weights too large":
    "The layer is right, the direction is not. Larger weights would make the activations *rise* at layer 7, and the deltas rise below it; here both fall.",
  "biases far below zero":
    "The layer is right. Biases far below zero would kill most of its units, and the deltas that pass through them would die; but then its own weight gradient would be small, too, and it is the largest of all.",
  "no activation function":
    "The layer is right. Without its ReLU the layer would let twice as much through, not ten times less.",
};

const layerThatLooksBest: lesson.ValueExercise = {
  id: "03.5",
  kind: "value",
  title: "The layer that looks best",
  solution: { layer: 7, fault: "weights too small" } satisfies Diagnosis,
  hints: [
    "Follow the two signals separately. At which layer does the activation break down on its way up? Between which two layers does the delta break down on its way down?",
    "$h_l$ is made by $W_l$, and $\\delta_l$ is $\\delta_{l+1}$ sent back through $W_{l+1}$. One and the same matrix stands between $h_6$ and $h_7$, and between $\\delta_7$ and $\\delta_6$.",
    "The weight gradient of layer $l$ is $\\delta_l$ times $h_{l-1}$: neither contains $W_l$ itself. So the faulty layer is the one whose own gradient has *not* changed.",
  ],
  solutionText: {
    code: `const diagnosis: { layer: number; fault: Fault } = { layer: 7, fault: "weights too small" };`,
    reason:
      "Activations fall tenfold from layer 6 to 7, and deltas fall tenfold from layer 7 to 6: the matrix $W_7$ is ten times too small. Every layer above sees a small input, every layer below a small delta, and so all weight gradients are a tenth of what they should be, but one: " +
      "$\\partial \\mathcal{L} / \\partial W_7 = \\delta_7 h_6^\\top$ contains no $W_7$. The culprit is the only layer with a sound gradient.",
  },
  right: [
    { layer: 7, fault: "weights too small" },
    { fault: "weights too small", layer: 7.0 },
  ],
  wrong: [
    ...faults
      .slice(1)
      .map((fault) => ({ name: `layer 7, ${fault}`, answer: { layer: 7, fault }, message: why[fault] })),
    ...faults.map((fault) => ({
      name: `layer 6, ${fault}`,
      answer: { layer: 6, fault },
      message:
        "Layer 6 is where you first see the small delta. But $\\delta_6$ is $\\delta_7$ after it came back through $W_7$: the matrix above it did that.",
    })),
    ...faults.map((fault) => ({
      name: `layer 8, ${fault}`,
      answer: { layer: 8, fault },
      message:
        "Layer 8 has the small gradient because its *input* is small. Who made that input? Look one layer further down.",
    })),
    ...faults.map((fault) => ({
      name: `layer 1, ${fault}`,
      answer: { layer: 1, fault },
      message:
        "The first layer differs from the others by its 784 inputs, which are larger in number; that is as it should be. Look for a *break* between neighbours.",
    })),
    ...faults.map((fault) => ({
      name: `layer 14, ${fault}`,
      answer: { layer: 14, fault },
      message:
        "The last layer differs from the others because it has ten units and no ReLU; that is as it should be. Look for a *break* between neighbours.",
    })),
    ...faults.flatMap((fault) =>
      [2, 3, 4, 5, 9, 10, 11, 12, 13].map((layer) => ({
        name: `layer ${layer}, ${fault}`,
        answer: { layer, fault },
        message:
          `Around layer ${layer} activations and deltas go on as they do at the layers next to it, so nothing happens *there*: ` +
          (layer < 7
            ? "its small gradient comes from a delta that was already small when it came from above. Follow the deltas up to where they break."
            : "its small gradient comes from an input that was already small when it came from below. Follow the activations down to where they break."),
      })),
    ),
  ],
};

interface Plan {
  readonly weightVariance: number;
  readonly learningRate: number;
  readonly clipNorm: number;
}

/** Training accuracy (%) of five starts that the chapter does not use. */
async function fits({ weightVariance, learningRate, clipNorm }: Plan): Promise<number[]> {
  const init = nn.scaledNormal(weightVariance);
  const results = await train.sweep(
    [901, 902, 903, 904, 905].map((seed) => ({
      data: { kind: "mnist", train: 500, test: 50 },
      model: { kind: "mlp", depth: 32, width: 48, activation: "tanh", init, biasStd: Math.sqrt(0.1) },
      train: { steps: 100, batchSize: 32, optimizer: { kind: "sgd", learningRate, momentum: 0.9 }, clipNorm },
      seed,
    })),
  );
  return results.map(({ accuracy }) => 100 * accuracy.train);
}

/** By what theory says that the norm of the deltas changes per layer, in two digits. */
const factorOf = ({ weightVariance }: Plan): string =>
  Math.sqrt(theory.chi1("tanh", { weightVariance, biasVariance: 0.1 })).toFixed(2);

const longestStep = ({ learningRate, clipNorm }: Plan): number => learningRate * clipNorm;

const thirtyTwo: lesson.DesignExercise<Plan> = {
  id: "03.6",
  kind: "design",
  title: "Make depth 32 learn",
  solution: { weightVariance: 1.99, learningRate: 0.01, clipNorm: 1 },
  shape(answer) {
    const plan = (answer ?? {}) as Partial<Record<keyof Plan, unknown>>;
    const limits = { weightVariance: [0.1, 10], learningRate: [1e-4, 3], clipNorm: [0.01, 1000] } as const;
    for (const [name, [least, most]] of Object.entries(limits)) {
      const value = plan[name as keyof Plan];
      if (!(typeof value === "number" && value >= least && value <= most)) {
        return `\`${name}\`: a number from ${String(least)} to ${String(most)}`;
      }
    }
    return undefined;
  },
  measure: fits,
  atLeast: 55,
  unit: "% of the training examples",
  hints: [
    "One of the three you need not try at all: theory names the weight variance at which deltas keep their size. You wrote a function for it.",
    "Put the bias variance of this network into `edge`, or try `theory.chi1` until it gives 1. Then look at the longest step that your plan allows: the rate times the bound. Which length is so short that 100 steps lead nowhere, and which so long that a single one does harm?",
    "A weight variance of 1.99, a rate of 0.01 and a bound of 1 do.",
  ],
  solutionText: {
    code: `const plan: Plan = { weightVariance: 1.99, learningRate: 0.01, clipNorm: 1 };`,
    reason:
      "At the edge a difference between two digits comes up, and the error comes down, through all 32 layers. What is left is the length of a step, at most rate times bound: 0.003 with 3, 0.01 with 1 and 0.03 with 0.3 all do. " +
      "Without a bound a rate of 0.01 gives 42 % in place of 64 %, and 0.03 leaves the network at guessing. Clipping does not make a better network here: without it a rate of 0.002 does as well. It makes the rate easier to choose.",
  },
  right: [
    { weightVariance: 1.99, learningRate: 0.003, clipNorm: 3 },
    { weightVariance: 1.99, learningRate: 0.03, clipNorm: 0.3 },
    { weightVariance: 2, learningRate: 0.02, clipNorm: 0.5 },
    { weightVariance: 1.99, learningRate: 0.002, clipNorm: 1000 },
  ],
  wrong: [
    {
      name: "below the edge",
      answer: { weightVariance: 1, learningRate: 0.01, clipNorm: 1 },
      matches: ({ weightVariance }) => weightVariance < 1.6,
      message: ({ input }) =>
        `With this weight variance and a bias variance of 0.1, the norm of the deltas is multiplied by √χ₁ = ${factorOf(input[0] as Plan)} at each of 31 hidden layers, and differences between digits shrink likewise on their way up. No rate and no bound that the authors tried made up for that.`,
    },
    {
      name: "beyond the edge",
      answer: { weightVariance: 4, learningRate: 0.01, clipNorm: 1 },
      matches: ({ weightVariance }) => weightVariance > 2.6,
      message: ({ input }) =>
        `This is the chaotic side: the norm of the deltas is multiplied by √χ₁ = ${factorOf(input[0] as Plan)} at each of 31 hidden layers. Clipping shortens the gradient, but its direction is that of a landscape where a small step changes everything.`,
    },
    {
      name: "steps too long",
      answer: { weightVariance: 1.99, learningRate: 0.03, clipNorm: 1000 },
      matches: (plan) => longestStep(plan) > 0.05 && plan.learningRate > 0.003,
      message:
        "The weight variance is good. But rate times bound is the longest step that the weights can take, and momentum can add up ten of them: yours may throw the weights far from where they began. Lower the rate or the bound.",
    },
    {
      name: "steps too short",
      answer: { weightVariance: 1.99, learningRate: 0.003, clipNorm: 0.3 },
      matches: (plan) => longestStep(plan) < 0.005 || plan.learningRate < 0.0015,
      message:
        "The weight variance is good. But with this rate and this bound, 100 steps lead nowhere yet: take longer ones.",
    },
  ],
};

/** The chapter's exercises. */
export const exercises: readonly lesson.Exercise[] = [
  chain,
  ratio,
  keepVariance,
  findEdge,
  layerThatLooksBest,
  thirtyTwo,
];

/** What should stay. */
export const recall: readonly lesson.RecallQuestion[] = [
  {
    question:
      "What is a delta, by which factor does a chain of single units hand it down one layer, and how many such factors has depth 30?",
    answer:
      "The gradient of the loss with respect to a pre-activation. From layer $l+1$ to layer $l$ it is multiplied by $\\sigma'(z_l)\\, w_{l+1}$: slope times weight. Depth 30 has 29 factors, one for each hidden layer.",
  },
  {
    question:
      "Activations, deltas, weight gradients: which travels up, which down, and which is a product of the others?",
    answer:
      "Activations travel up, deltas down. The gradient of $W_l$ is $\\delta_l\\, h_{l-1}^\\top$, a delta times the activation below it.",
  },
  {
    question: "A network's weight gradients have the same norm in every layer. What does that say about vanishing?",
    answer:
      "Nothing by itself. If activations shrink on the way up and deltas on the way down, the products are level, and all tiny. Look at the absolute size, and at the three quantities apart.",
  },
  {
    question: "Where does the 2 in He's variance 2/fan-in come from?",
    answer:
      "A ReLU sets the negative half of its inputs to 0, so $E[h^2]$ is half the variance of $z$; weights twice as variable make up for it.",
  },
  {
    question:
      "What is $\\chi_1$, what happens to deltas when it is below, at and above 1, and what does training make of it?",
    answer:
      "$\\sigma_w^2\\, E[\\phi'(z)^2]$ at the variance where the network settles: the factor of the squared delta norm per layer. Below 1 deltas vanish, at 1 (the edge of chaos) they keep their size, above 1 they explode. Thirty-two tanh layers learnt best near the edge, and far from it on either side not at all; with four layers it hardly mattered.",
  },
  {
    question: "Do sigmoids make gradients vanish?",
    answer:
      "Not by themselves: slope times weight does. With weights from N(0, 1) the 30-layer sigmoid network kept its gradient. It still did not learn: a gradient that arrives is necessary, not sufficient.",
  },
  {
    question: "What does batch normalisation cure at the start of training, and what does it cause with ReLU?",
    answer:
      "It resets the scale of every layer, so signals neither die nor grow on the way up, and differences between examples come back. With ReLU it multiplies the gradient by about 1.2 per layer on the way down.",
  },
  {
    question: "Why can a batch-normalised ReLU network of depth 20 train although its gradient explodes at the start?",
    answer:
      "The loss does not depend on the length of normalised weights. Steps along an oversized gradient make them longer, longer weights have smaller gradients, and after some twenty steps the growth per layer is nearly gone. At depth 50 the first layers overshoot so far that they hardly move afterwards.",
  },
  {
    question: "Two remedies against steps that are too long: what does each of them do?",
    answer:
      "Clipping scales the whole gradient down where its norm is above a bound, and keeps its direction. Batch normalisation makes the length of a layer's weights meaningless: an oversized step lengthens them, and the next one turns them less. Batch normalisation widened the range of rates at which six ReLU layers learn. Clipping to 1 rescued ten layers whose weights were too large, and cost twenty layers with batch normalisation most of what they learn: it shortens the gradients of all layers alike, and leaves their ratios.",
  },
  {
    question: "What does a float32 tool mean when it reports a gradient norm of 0?",
    answer:
      "Perhaps only that the squares were too small for float32. Look at the largest element, or sum in float64, before you call a gradient 0. A born-dead ReLU network's gradient really is 0.",
  },
];
