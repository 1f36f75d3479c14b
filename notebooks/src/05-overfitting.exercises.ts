import { data, nn, train, type lesson } from "deepen";

const shown: lesson.ChoiceExercise = {
  id: "05.1",
  kind: "interpret",
  title: "What was shown",
  solution: "b",
  options: {
    a: {
      text: "The network has too many parameters to generalise.",
      explanation:
        "With true labels the same network, with as many parameters, read most new digits. The number of parameters was the same in both runs; the gap was not.",
    },
    b: {
      text: "Counting parameters cannot explain why it generalises: it could have learnt anything by heart, and with true labels did not end there.",
      explanation:
        "Any explanation that looks only at the network and not at the data gives the same answer for both runs, and one of the two answers is wrong (Zhang and others, 2017).",
    },
    c: {
      text: "More training steps would have closed the gap.",
      explanation:
        "The labels of new digits have nothing to do with dice that were thrown for old ones. No step can help.",
    },
    d: {
      text: "Training accuracy measures how well the network understands its examples.",
      explanation: "It was perfect where there was nothing to understand.",
    },
  },
  hints: [
    "What was the same in both runs, and what differed?",
    "The number of parameters was the same. Can it explain a difference?",
    "It cannot: so whatever explains the small gap must involve the labels.",
  ],
  solutionText: {
    code: `const shown = "b";`,
    reason:
      "The network can fit any labelling of these pictures, so its size puts no bound on the gap. That it generalises with true labels must come from the data together with the way of training.",
  },
  right: ["b"],
};

type Drop = [outputs: readonly number[], chances: readonly number[], rate: number];

const dropout: lesson.FunctionExercise<Drop, number[]> = {
  id: "05.2",
  kind: "implement",
  title: "Dropout",
  solution: (outputs, chances, rate) => outputs.map((output, unit) => (chances[unit] < rate ? 0 : output / (1 - rate))),
  inputs: [
    [[2], [0.9], 0.5],
    [[2], [0.1], 0.5],
    [[3], [0.5], 0.5],
    [[3, -6], [0.7, 0.3], 0.25],
    [[2, 4], [0.1, 0.9], 0.5],
    [[1, 2, 3, 4], [0.1, 0.3, 0.5, 0.95], 0.8],
    [[1, 2], [0, 0.4], 0],
  ],
  random: (uniform) => {
    const units = 1 + Math.floor(uniform() * 6);
    const list = (): number[] => Array.from({ length: units }, () => uniform());
    return [list().map((value) => 4 * value - 2), list(), 0.9 * uniform()];
  },
  hints: [
    "Go through the units: which two things can happen to an output?",
    "It becomes 0 if its chance is below the rate; else it is divided by 1 − rate.",
    "`outputs.map((output, unit) => (chances[unit] < rate ? 0 : output / (1 - rate)))`",
  ],
  solutionText: {
    code: "return outputs.map((output, unit) => (chances[unit] < rate ? 0 : output / (1 - rate)));",
    reason:
      "A unit stays with probability 1 − rate; dividing by that keeps the expected input of the next layer, so that nothing has to change when dropout is switched off for testing.",
  },
  right: [
    (outputs, chances, rate) => {
      const result: number[] = [];
      for (let unit = 0; unit < outputs.length; unit++) {
        if (chances[unit] >= rate) result.push(outputs[unit] * (1 / (1 - rate)));
        else result.push(0);
      }
      return result;
    },
    (outputs, chances, rate) => outputs.map((output, unit) => (Number(chances[unit] >= rate) * output) / (1 - rate)),
  ],
  wrong: [
    {
      name: "not scaled",
      answer: (outputs, chances, rate) => outputs.map((output, unit) => (chances[unit] < rate ? 0 : output)),
      message:
        "The outputs that stay keep their size, so the next layer gets less in training than in testing. Divide them by 1 − rate.",
    },
    {
      name: "the others dropped",
      answer: (outputs, chances, rate) =>
        outputs.map((output, unit) => (chances[unit] < rate ? output / (1 - rate) : 0)),
      message: "You keep the units whose chance is below the rate; those are the ones to drop.",
    },
    {
      name: "divided by the rate",
      answer: (outputs, chances, rate) => outputs.map((output, unit) => (chances[unit] < rate ? 0 : output / rate)),
      message: "A unit stays with probability 1 − rate, not rate: divide by that.",
    },
    {
      name: "multiplied instead of divided",
      answer: (outputs, chances, rate) =>
        outputs.map((output, unit) => (chances[unit] < rate ? 0 : output * (1 - rate))),
      message:
        "Multiplying by 1 − rate is what the first form of dropout did at *test* time. In training, what stays must be made larger.",
    },
    {
      name: "dropped at the rate itself",
      answer: (outputs, chances, rate) =>
        outputs.map((output, unit) => (chances[unit] <= rate ? 0 : output / (1 - rate))),
      message: "A unit whose chance equals the rate stays: only those *below* it are dropped.",
    },
    {
      name: "none dropped",
      answer: (outputs, _chances, rate) => outputs.map((output) => output / (1 - rate)),
      message: "Nothing is dropped: units whose chance is below the rate give 0.",
    },
    {
      name: "taken out of the list",
      answer: (outputs, chances, rate) =>
        outputs.filter((_, unit) => chances[unit] >= rate).map((output) => output / (1 - rate)),
      message:
        "You take dropped units out of the list. They stay in their places, as 0: the next layer has a weight for each.",
    },
    {
      name: "divided by the root",
      answer: (outputs, chances, rate) =>
        outputs.map((output, unit) => (chances[unit] < rate ? 0 : output / Math.sqrt(1 - rate))),
      message:
        "You divide by the root of 1 − rate, which keeps the expected *square*. The expected sum needs 1 − rate itself.",
    },
    {
      name: "divided by 1, less the rate",
      answer: (outputs, chances, rate) => outputs.map((output, unit) => (chances[unit] < rate ? 0 : output / 1 - rate)),
      message: "`output / 1 - rate` divides first and subtracts then. Write `output / (1 - rate)`.",
    },
    {
      name: "divided by the share that stayed",
      answer: (outputs, chances, rate) => {
        const stayed = chances.filter((chance) => chance >= rate).length / chances.length;
        return outputs.map((output, unit) => (chances[unit] < rate ? 0 : output / stayed));
      },
      message:
        "You divide by the share that happened to stay. Divide by 1 − rate, the share to expect: else a unit's output would depend on the luck of its neighbours.",
    },
  ],
};

function kept(losses: readonly number[], patience: number): number {
  let best = 0;
  for (let look = 1; look < losses.length; look++) {
    if (losses[look] < losses[best]) best = look;
    if (look - best === patience) break;
  }
  return best;
}

const stopping: lesson.FunctionExercise<[losses: readonly number[], patience: number], number> = {
  id: "05.3",
  kind: "implement",
  title: "Early stopping",
  solution: kept,
  inputs: [
    [[3], 1],
    [[3, 2], 1],
    [[2, 3], 1],
    [[2, 2], 1],
    [[5, 3, 4, 1], 1],
    [[5, 4, 4, 6, 1], 2],
    [[5, 4, 4, 3, 1], 2],
    [[5, 4, 6, 5, 3, 4, 2], 3],
    [[5, 6, 4, 6, 3, 6, 2], 2],
    [[3, 5, 4, 6, 1], 2],
    [[2, 7, 6, 5, 4, 1], 3],
    [[1, 2, 3, 4, 5, 0], 5],
    [[1, 2, 3, 4, 5, 0], 4],
  ],
  random: (uniform) => [
    Array.from({ length: 1 + Math.floor(12 * uniform()) }, () => Math.floor(8 * uniform())),
    1 + Math.floor(4 * uniform()),
  ],
  hints: [
    "Remember the number of the best look. When does a new one take its place, and when is it time to go?",
    "A look takes the best's place only if its loss is smaller. Training ends when the look is `patience` looks after the best.",
    "In a loop over the looks from 1: `if (losses[look] < losses[best]) best = look; if (look - best === patience) break;`",
  ],
  solutionText: {
    code: `let best = 0;
for (let look = 1; look < losses.length; look++) {
  if (losses[look] < losses[best]) best = look;
  if (look - best === patience) break;
}
return best;`,
    reason:
      "The number of looks since the best is all that patience needs, so no counter has to be kept and reset. An equal loss is no improvement. What comes after the end was never computed, however good it would have been.",
  },
  right: [
    (losses, patience) => {
      let best = 0;
      let bad = 0;
      for (const [look, loss] of losses.entries()) {
        if (look === 0) continue;
        if (loss < losses[best]) {
          best = look;
          bad = 0;
        } else bad += 1;
        if (bad === patience) return best;
      }
      return best;
    },
    (losses, patience) => {
      for (let best = 0; ;) {
        const next = losses.findIndex((loss, look) => look > best && loss < losses[best]);
        if (next < 0 || next - best > patience) return best;
        best = next;
      }
    },
  ],
  wrong: [
    {
      name: "best of all",
      answer: (losses) => losses.indexOf(Math.min(...losses)),
      message: "That is the best of all looks. Training ended before some of them: nobody saw those.",
    },
    {
      name: "patience never reset",
      answer: (losses, patience) => {
        let best = 0;
        let bad = 0;
        for (let look = 1; look < losses.length && bad < patience; look++) {
          if (losses[look] < losses[best]) best = look;
          else bad += 1;
        }
        return best;
      },
      message: "You count bad looks over the whole training. Only those *in a row* count: a new best starts anew.",
    },
    {
      name: "equal counts as better",
      answer: (losses, patience) => {
        let best = 0;
        for (let look = 1; look < losses.length; look++) {
          if (losses[look] <= losses[best]) best = look;
          if (look - best === patience) break;
        }
        return best;
      },
      message: "An equal loss is no better than the best: it must use up patience.",
    },
    {
      name: "compared with the look before",
      answer: (losses, patience) => {
        let [best, bad] = [0, 0];
        for (let look = 1; look < losses.length && bad < patience; look++) {
          if (losses[look] < losses[best]) best = look;
          bad = losses[look] < losses[look - 1] ? 0 : bad + 1;
        }
        return best;
      },
      message: "You compare each look with the one before it. Patience compares it with the best so far.",
    },
    {
      name: "the look at which training ended",
      answer: (losses, patience) => {
        let best = 0;
        for (let look = 1; look < losses.length; look++) {
          if (losses[look] < losses[best]) best = look;
          if (look - best === patience) return look;
        }
        return losses.length - 1;
      },
      message: "That is where training ended. Kept are the weights of the *best* look before.",
    },
    {
      name: "one look too many",
      answer: (losses, patience) => kept(losses, patience + 1),
      message: "You go on one look too long. Training ends as soon as `patience` looks in a row were no better.",
    },
    {
      name: "one look too few",
      answer: (losses, patience) => kept(losses, Math.max(1, patience - 1)),
      message: "You stop one look too soon: `patience` looks in a row may be no better.",
    },
    {
      name: "never patient",
      answer: (losses) => kept(losses, 1),
      message: "You stop at the first look that is no better, whatever `patience` says.",
    },
    {
      name: "the best of the first looks",
      answer: (losses, patience) => {
        const seen = losses.slice(0, patience + 1);
        return seen.indexOf(Math.min(...seen));
      },
      message:
        "You look at the first `patience + 1` losses only. Each new best gives training `patience` further looks.",
    },
    {
      name: "the largest loss",
      answer: (losses, patience) =>
        kept(
          losses.map((loss) => -loss),
          patience,
        ),
      message: "You keep the *largest* loss. The best look has the smallest.",
    },
    {
      name: "the last look",
      answer: (losses) => losses.length - 1,
      message: "That is the last look of all. Training may have ended before, and the best may lie further back.",
    },
    {
      name: "counted from 1",
      answer: (losses, patience) => kept(losses, patience) + 1,
      message: "The right look, but looks are counted from 0.",
    },
    {
      name: "the loss instead of the look",
      answer: (losses, patience) => losses[kept(losses, patience)],
      message: "That is the best loss. Asked for is the number of the look that had it.",
    },
  ],
};

interface Remedy {
  readonly steps: number;
  readonly dropout: number;
  readonly shift: number;
}

async function scoreOf({ steps, dropout: rate, shift }: Remedy, seed: number, digits: Digits): Promise<number> {
  const few = data.subset(digits.train, { count: 300, seed });
  const model = nn.mlp({ depth: 3, width: 128, activation: "relu", init: "heNormal", seed, dropout: rate });
  await train.fit(model, data.withLabelNoise(few, { fraction: 0.4, seed }), {
    steps,
    batchSize: 50,
    optimizer: { kind: "adam", learningRate: 0.001 },
    augment: { kind: "shift", by: shift },
    seed,
  });
  const { accuracy } = await train.evaluate(model, digits.test);
  model.dispose();
  return 100 * accuracy;
}
type Digits = Awaited<ReturnType<typeof data.mnist>>;

/** Test accuracy without a remedy, by seed. */
const bare = new Map<number, number>();

/** Points gained over no remedy, for five starts that the chapter does not use. */
async function gains(remedy: Remedy): Promise<number[]> {
  const digits = await data.mnist();
  const found: number[] = [];
  for (const seed of [901, 902, 903, 904, 905]) {
    if (!bare.has(seed)) bare.set(seed, await scoreOf({ steps: 300, dropout: 0, shift: 0 }, seed, digits));
    found.push((await scoreOf(remedy, seed, digits)) - bare.get(seed)!);
  }
  return found;
}

const design: lesson.DesignExercise<Remedy> = {
  id: "05.4",
  kind: "design",
  title: "Your own remedy",
  solution: { steps: 150, dropout: 0.3, shift: 1 },
  shape(answer) {
    const { steps, dropout: rate, shift } = (answer ?? {}) as Partial<Record<keyof Remedy, unknown>>;
    if (!Number.isInteger(steps) || (steps as number) < 1 || (steps as number) > 300)
      return "`steps`: a whole number from 1 to 300";
    if (!(typeof rate === "number" && rate >= 0 && rate < 1)) return "`dropout`: a number from 0 to below 1";
    if (!Number.isInteger(shift) || (shift as number) < 0 || (shift as number) > 27)
      return "`shift`: a whole number of pixels from 0 to 27";
    return undefined;
  },
  measure: gains,
  atLeast: 4,
  unit: "points gained",
  hints: [
    "Noise is learnt last. Which of the three settings decides how much of it is learnt at all, and which two make it harder to learn by heart?",
    "Together they bring more than each alone. Take a little of each, and give the network the steps that learning takes longer then.",
    "About 150 steps, a dropout rate of 0.3, and a shift of 1 pixel do.",
  ],
  solutionText: {
    code: `const remedy: { steps: number; dropout: number; shift: number } = {
  steps: 150,
  dropout: 0.3,
  shift: 1,
};`,
    reason:
      "Stopping early leaves much of the noise unlearnt; dropout and shifting make it harder to learn by heart, so that the moment to stop matters less. Both also slow the learning of digits: with more of them, 150 steps are too few.",
  },
  right: [
    { steps: 300, dropout: 0.5, shift: 1 },
    { steps: 200, dropout: 0.3, shift: 1 },
  ],
  wrong: [
    {
      name: "no remedy",
      answer: { steps: 300, dropout: 0, shift: 0 },
      matches: ({ steps, dropout: rate, shift }) => steps >= 200 && rate < 0.1 && shift === 0,
      message: "That is the network you are to beat: it trains long enough to learn the noise by heart.",
    },
    {
      name: "too few steps",
      answer: { steps: 5, dropout: 0.3, shift: 1 },
      matches: ({ steps }) => steps < 30,
      message: "It stops before it has learnt the digits.",
    },
    {
      name: "too much dropout",
      answer: { steps: 100, dropout: 0.9, shift: 0 },
      matches: ({ dropout: rate }) => rate > 0.7,
      message: "With so few units left in a step, 300 steps do not teach it the digits either.",
    },
    {
      name: "shifted out of sight",
      answer: { steps: 100, dropout: 0, shift: 12 },
      matches: ({ shift }) => shift > 5,
      message: "Shifted that far, digits leave the picture, and new digits never stand there.",
    },
  ],
};

type Cut = [count: number, copies: number, trained: number];
const cut = (count: number, copies: number, trained: number): number[][] => {
  const training: number[] = [];
  const validation: number[] = [];
  for (let original = 0; original < count; original++) {
    if (original >= trained) validation.push(original);
    else training.push(...Array<number>(copies).fill(original));
  }
  return [training, validation];
};
const repeated = (numbers: readonly number[], copies: number): number[] =>
  numbers.flatMap((number) => Array<number>(copies).fill(number));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const copies: lesson.FunctionExercise<Cut, number[][]> = {
  id: "05.5",
  kind: "debug",
  title: "Too good",
  solution: cut,
  inputs: [
    [2, 1, 1],
    [2, 2, 1],
    [3, 2, 2],
    [5, 3, 2],
    [4, 2, 4],
    [4, 3, 0],
    [7, 4, 5],
  ],
  random: (uniform) => {
    const count = 1 + Math.floor(8 * uniform());
    return [count, 1 + Math.floor(4 * uniform()), Math.floor((count + 1) * uniform())];
  },
  hints: [
    "How can a copy of a training digit be a fair question in validation?",
    "Decide for each original, once, on which side it stands; copy afterwards, and only for training.",
    "Loop over the originals: `if (original >= trained) validation.push(original); else training.push(...Array<number>(copies).fill(original));`",
  ],
  solutionText: {
    code: `const training: number[] = [];
const validation: number[] = [];
for (let original = 0; original < count; original++) {
  if (original >= trained) validation.push(original);
  else training.push(...Array<number>(copies).fill(original));
}
return [training, validation];`,
    reason:
      "A network that has learnt one copy by heart knows its sisters, so copies on both sides measure memory. Whatever belongs together (copies, frames of a film, pictures of one patient) is cut as one. Validation takes originals, since new digits will not be shifted either.",
  },
  right: [
    (count, times, trained) => [repeated(upTo(trained), times), upTo(count).slice(trained)],
    (count, times, trained) => [
      upTo(trained * times).map((place) => Math.floor(place / times)),
      upTo(count - trained).map((place) => trained + place),
    ],
  ],
  wrong: [
    {
      name: "copied before the cut",
      answer: (count, times, trained) => {
        const all = upTo(count * times).map((place) => place % count);
        return [all.slice(0, trained * times), all.slice(trained * times)];
      },
      message:
        "You copy first and cut afterwards: copies of one original stand on both sides, which is the colleague's error.",
    },
    {
      name: "copies counted as originals",
      answer: (count, times, trained) => {
        const all = repeated(upTo(count), times);
        return [all.slice(0, trained), all.slice(trained)];
      },
      message:
        "`trained` counts originals: you cut the list of copies after that many copies, through the middle of a digit.",
    },
    {
      name: "in another order",
      answer: (count, times, trained) => [
        upTo(trained * times).map((place) => place % trained),
        upTo(count).slice(trained),
      ],
      message: "The right numbers in another order: each original stands `copies` times *in a row*.",
    },
    {
      name: "validation copied, too",
      answer: (count, times, trained) => [repeated(upTo(trained), times), repeated(upTo(count).slice(trained), times)],
      message: "The sides are right, but validation should hold each original once, as new digits come.",
    },
    {
      name: "nothing copied",
      answer: (count, _times, trained) => [upTo(trained), upTo(count).slice(trained)],
      message: "The cut is right; the copies for training are missing.",
    },
    {
      name: "one original too many",
      answer: (count, times, trained) => cut(count, times, Math.min(count, trained + 1)),
      message:
        "One original too many stands on the training side: those numbered *below* `trained`, so not `trained` itself.",
    },
    {
      name: "one copy too many",
      answer: (count, times, trained) => cut(count, times + 1, trained),
      message: "Each training original stands one time too often: `copies` times in all, the original included.",
    },
    {
      name: "counted from 1",
      answer: (count, times, trained) => cut(count, times, trained).map((side) => side.map((number) => number + 1)),
      message: "The originals are numbered from 0.",
    },
    {
      name: "validation numbered anew",
      answer: (count, times, trained) => [repeated(upTo(trained), times), upTo(count - trained)],
      message: "The training list is right. Validation originals keep their numbers, from `trained` on.",
    },
    {
      name: "all in validation",
      answer: (count, times, trained) => [repeated(upTo(trained), times), upTo(count)],
      message:
        "The training list is right, but validation holds the training originals as well: that is the leak again.",
    },
    {
      name: "a list for each original",
      answer: (count, times, trained) => [
        upTo(trained).map((number) => Array<number>(times).fill(number)) as unknown as number[],
        upTo(count).slice(trained),
      ],
      message:
        "You made a list for each original. Asked is one list of numbers: `flat()` makes it, or `push(...copies)`.",
    },
    {
      name: "sides exchanged",
      answer: (count, times, trained) => [upTo(count).slice(trained), repeated(upTo(trained), times)],
      message: "Return the training list first.",
    },
  ],
};

/** The chapter's exercises. */
export const exercises: readonly lesson.Exercise[] = [shown, dropout, stopping, design, copies];

/** What should stay. */
export const recall: readonly lesson.RecallQuestion[] = [
  {
    question: "What does a training accuracy of 100 % say about a network?",
    answer:
      "That it can tell its examples apart. It reached 100 % with labels by dice, too, where nothing could be learnt.",
  },
  { question: "What is the gap?", answer: "Training accuracy minus test accuracy." },
  {
    question: "Why can the number of parameters not explain why a network generalises?",
    answer:
      "The same network generalises with true labels and learns random ones by heart; the number is the same in both.",
  },
  {
    question: "When does depth cost test accuracy, and when hardly?",
    answer:
      "Fully connected and at fixed width, most with very few examples: 12 points with 50 digits, two to three with 500 and more.",
  },
  {
    question: "A deeper convolutional network had a wider gap and a better test accuracy. How can both be?",
    answer:
      "Training and test accuracy both rose, the first more than the second. The gap says how they differ, not how good the network is.",
  },
  {
    question: "Why are the outputs that dropout keeps divided by 1 − rate?",
    answer: "So that the next layer expects the same sum with dropout and without it.",
  },
  {
    question: "When is a comparison of remedies fair?",
    answer:
      "When all of them, the bare network included, may try as many settings, chosen on validation examples, and are judged on others.",
  },
  {
    question: "Why does early stopping help with noise in the labels?",
    answer:
      "What examples have in common is learnt first, their noise last. Early on, the network knows the rule and little of the noise.",
  },
  {
    question: "At which number of features is the test error worst, and why?",
    answer: "At about as many as there are examples. Then there is exactly one fit, and it takes weights of any size.",
  },
  {
    question: "What removes the peak?",
    answer: "Anything that keeps weights small: a little ridge penalty, or many more features.",
  },
];
