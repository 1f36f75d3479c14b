import { math, nn, type train } from "deepen";

/** Seeds of the chapter's first five runs, so that what a reader runs equals what stands here. */
const seeds = [0, 1, 2, 3, 4].map((run) => math.childSeed(3, `run ${run}`));

type Optimizer = train.ExperimentSpec["train"]["optimizer"];

const spec = (model: train.ExperimentSpec["model"], optimizer: Optimizer, seed: number): train.ExperimentSpec => ({
  data: { kind: "mnist", train: 2000, test: 1000 },
  model,
  train: { steps: 120, batchSize: 64, optimizer },
  seed,
});

/** Networks of tanh units by depth and weight variance, on both sides of the edge of chaos at about 1.76. */
const trainability = [4, 8, 16, 32].flatMap((depth) =>
  [0.5, 1, 1.5, 1.76, 2.5, 4].flatMap((variance) => {
    const start = { activation: "tanh", init: nn.scaledNormal(variance), biasStd: Math.sqrt(0.05) } as const;
    const model = { kind: "mlp", depth, width: 64, ...start } as const;
    return seeds.map((seed) => spec(model, { kind: "sgd", learningRate: 0.01, momentum: 0.9 }, seed));
  }),
);

/** Six ReLU layers, without batch normalisation and with it, by learning rate. */
const rates = (["none", "batch"] as const).flatMap((norm) =>
  [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3].flatMap((learningRate) => {
    const model = { kind: "mlp", depth: 6, width: 100, activation: "relu", init: "heNormal", norm } as const;
    return seeds.map((seed) => spec(model, { kind: "sgd", learningRate }, seed));
  }),
);

export const records = { trainability, rates };
