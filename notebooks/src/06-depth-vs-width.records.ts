import { math, theory, type train } from "deepen";

/** Seeds of the chapter's first five runs, so that what a reader runs equals what stands here. */
const seeds = [0, 1, 2, 3, 4].map((run) => math.childSeed(6, `run ${run}`));

interface Net {
  readonly depth: number;
  readonly strides: readonly number[];
  readonly skip?: boolean;
  readonly steps?: number;
}

/** The widest network within a budget, once for each seed. */
function experiments(net: Net, budget: number, of: "parameters" | "macs" = "parameters"): train.ExperimentSpec[] {
  const { depth, skip = false, steps = 500 } = net;
  const strides = net.strides.slice(0, depth - 1);
  const shape = { depth, strides, kernelSize: 3, norm: "batch" } as const;
  const channels = theory.widest(
    budget,
    (width) => theory.convNetCost({ ...shape, inputShape: [40, 1], channels: width })[of],
  );
  return seeds.map((seed) => ({
    data: { kind: "mnist1d" },
    model: { kind: "convNet", ...shape, channels, skip },
    train: {
      batchSize: 100,
      optimizer: { kind: "adam", learningRate: 0.005 },
      schedule: { kind: "cosine" },
      steps,
    },
    seed,
  }));
}

const halving = [2, 2];
const depths = [2, 3, 4, 5, 7, 9, 13, 19];

/**
 * Milliseconds a step with 2,000 parameters and batches of 100, by depth; least of 80 measurements of 20 steps, on an
 * Intel Xeon with Node 20. The chapter has the same table.
 */
const stepTimes = {
  halving: { 3: 0.99, 4: 0.87, 5: 1.04, 7: 1.22, 9: 1.45 },
  full: { 3: 2.5, 4: 2.25, 5: 2.8, 7: 3.28, 9: 3.92 },
} as const;
const stepsIn435 = (time: number): number => Math.round(435 / time);

const families = ["halving", "full"] as const;
const tried = [3, 4, 5, 7, 9] as const;
const stridesOf = { halving, full: [] } as const;

/** The chapter's sweeps in full. */
export const records: Record<string, readonly train.ExperimentSpec[]> = {
  depth: [2000, 8000].flatMap((budget) =>
    [false, true].flatMap((skip) => depths.flatMap((depth) => experiments({ depth, strides: halving, skip }, budget))),
  ),
  budgets: families.flatMap((family) => {
    const nets = tried.map((depth) => ({ depth, strides: stridesOf[family] }));
    return [
      ...nets.flatMap((net) => experiments(net, 2000)),
      ...nets.flatMap((net) => experiments(net, 18_000, "macs")),
      ...nets.flatMap((net) => experiments({ ...net, steps: stepsIn435(stepTimes[family][net.depth]) }, 2000)),
    ];
  }),
};
