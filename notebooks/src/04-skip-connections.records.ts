import type { train } from "deepen";

type Model = Partial<Extract<train.ExperimentSpec["model"], { readonly kind: "mlp" }>>;

const seeds = [0, 1, 2, 3, 4];

const depths = [2, 4, 8, 16, 32, 50];

const spec = (model: Model, learningRate: number, seed: number): train.ExperimentSpec => ({
  data: { kind: "mnist1d", train: 1000, test: 500 },
  model: { kind: "mlp", depth: 16, width: 32, activation: "relu", init: "heNormal", ...model },
  train: { steps: 300, batchSize: 50, optimizer: { kind: "adam", learningRate }, schedule: { kind: "cosine" } },
  seed,
});

/** Plain and residual nets, with batch normalisation and without, by depth; with the error signal of each layer at the start. */
const depth = [{}, { norm: "batch" }, { norm: "batch", skip: true }].flatMap((model) =>
  depths.flatMap((layers) =>
    seeds.map((seed) => ({
      ...spec({ ...(model as Model), depth: layers }, 0.003, seed),
      measures: ["firstDeltaNorm"],
    })),
  ),
);

/** Plain and residual nets, with batch normalisation, by depth and learning rate. */
const rates = [false, true].flatMap((skip) =>
  depths.flatMap((layers) =>
    [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1].flatMap((rate) =>
      seeds.map((seed) => spec({ norm: "batch", skip, depth: layers }, rate, seed)),
    ),
  ),
);

export const records = { depth, rates };
