import { math, type train } from "deepen";

/** The seeds that the chapter gives its first five runs. */
const seeds = [0, 1, 2, 3, 4].map((run) => math.childSeed(5, `run ${run}`));

const gap = [2, 4, 8, 12].flatMap((depth) =>
  [50, 100, 200, 500, 1000, 2000].flatMap((count) =>
    seeds.map((seed): train.ExperimentSpec => ({
      data: { kind: "mnist", train: count, test: 1000 },
      model: { kind: "mlp", depth, width: 128, activation: "relu", init: "heNormal" },
      train: { steps: 300, batchSize: 50, optimizer: { kind: "adam", learningRate: 0.001 } },
      seed,
    })),
  ),
);

const widths = [4, 8, 16, 24, 32, 48, 64, 80, 112, 160, 256, 400].flatMap((width) =>
  seeds.map((seed): train.ExperimentSpec => ({
    data: { kind: "mnist1d", train: 2000, labelNoise: 0.2 },
    model: { kind: "mlp", depth: 2, width, activation: "relu", init: "heNormal" },
    train: { steps: 6000, batchSize: 100, optimizer: { kind: "adam", learningRate: 0.003 }, every: 600 },
    seed,
  })),
);

/** The chapter's sweeps: the gap over depth and number of digits; networks of many widths trained for long on noise. */
export const records: Readonly<Record<string, readonly train.ExperimentSpec[]>> = { gap, widths };
