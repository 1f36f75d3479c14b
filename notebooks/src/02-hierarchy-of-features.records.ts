import { math, type train } from "deepen";

/** Seeds of the chapter's first five runs, so that what a reader runs equals what stands here. */
const seeds = [0, 1, 2, 3, 4].map((run) => math.childSeed(2, `run ${run}`));

type Level = Extract<train.ExperimentSpec["data"], { readonly kind: "shapes" }>["label"];

const how = { batchSize: 64, steps: 250, optimizer: { kind: "adam", learningRate: 0.005 } } as const;

/** Three layers halve the picture: the second, and two more at equal distances above it. */
const halving = (depth: number): number[] =>
  Array.from({ length: depth - 1 }, (_, index) =>
    [0, 1, 2].some((third) => index === 1 + Math.floor((third * (depth - 2)) / 3)) ? 2 : 1,
  );

const pictures = (label: Level, depth: number, steps: number, seed: number): train.ExperimentSpec => ({
  data: { kind: "shapes", label },
  model: { kind: "convNet", depth, channels: 12, strides: halving(depth), norm: "batch" },
  train: { ...how, steps },
  seed,
  measures: ["firstLevelProbes", "levelProbes"],
});

/** Two layers halve the signal: the first, and one in the middle where there is one. */
const signals = (depth: number, seed: number): train.ExperimentSpec => ({
  data: { kind: "mnist1d" },
  model: {
    kind: "convNet",
    depth,
    channels: 24,
    kernelSize: 5,
    strides: Array.from({ length: depth - 1 }, (_, index) =>
      index === 0 || index === Math.floor(depth / 2) - 1 ? 2 : 1,
    ),
    norm: "batch",
  },
  train: { ...how, batchSize: 100 },
  seed,
  measures: ["firstLinearProbe", "linearProbe"],
});

const forSeeds = (make: (seed: number) => train.ExperimentSpec): train.ExperimentSpec[] => seeds.map(make);

/** What the layers know, by depth, by step of the training, by task; and the same of signals. */
export const records: Record<string, readonly train.ExperimentSpec[]> = {
  depth: [5, 6, 8, 12, 16].flatMap((depth) => forSeeds((seed) => pictures("arrangement", depth, 250, seed))),
  steps: [10, 25, 50, 100].flatMap((steps) => forSeeds((seed) => pictures("arrangement", 8, steps, seed))),
  signals: [3, 9, 17].flatMap((depth) => forSeeds((seed) => signals(depth, seed))),
};
