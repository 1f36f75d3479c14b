import { tf } from "@deepen/engine";
import { type DataParts, loadData } from "../data/dataSpec";
import type { Examples } from "../data/examples";
import { toInputs } from "../train/batch";
import { registerMeasure } from "../train/measure";
import { features } from "./features";
import { linearProbe } from "./linearProbe";
import { lossSlice } from "./lossSlice";
import { pathShares } from "./pathShares";
import type { Profile } from "./profile";
import { record } from "./record";

/** Examples that a profile is taken on, and the gradient by paths. */
const most = 200;
const first = (examples: Examples, count = most): Examples => examples.take(Math.min(count, examples.count));

// Profiles of the untrained net, one number a weight layer, by the names that experiments ask for.
const profiles: Readonly<Record<string, keyof Omit<Profile, "layers">>> = {
  firstActivationStd: "activationStd",
  firstDeltaNorm: "deltaNorm",
  firstWeightGradientNorm: "weightGradientNorm",
};

for (const [name, part] of Object.entries(profiles)) {
  registerMeasure(name, {
    when: "before",
    take: (model, { train }) => record(model, first(train))[part],
  });
}

/** Examples that a linear probe is fitted to. */
const fitted = 2000;

/** Test accuracy (0 to 1) of a linear probe on each weight layer, output included. */
async function linearProbes(model: tf.LayersModel, { train, test }: DataParts): Promise<number[]> {
  return (await probesOf(model, [{ train, test }]))[0];
}

/** The same for each of several labellings of the same examples: features are taken once. */
async function probesOf(model: tf.LayersModel, labellings: readonly DataParts[]): Promise<number[][]> {
  const [{ train, test }] = labellings;
  const [known, asked] = [await features(model, first(train, fitted)), await features(model, test)];
  return labellings.map((labels) =>
    known.map((layer, index) =>
      linearProbe(
        { features: layer, labels: first(labels.train, fitted).labels },
        { features: asked[index], labels: labels.test.labels },
      ),
    ),
  );
}

const levels = ["strokes", "shapes", "arrangement"] as const;

/**
 * What a net of pictures of `data.shapes` knows of each level, whichever of them it learns: linear probes on the first
 * pictures of the set, as many as the experiment trains and tests on.
 */
async function levelProbes(model: tf.LayersModel, data: DataParts): Promise<Record<string, number[]>> {
  const labellings = await Promise.all(
    levels.map(async (label) => {
      const { train, test } = await loadData({ kind: "shapes", label, test: data.test.count }, 0);
      return { train: train.take(data.train.count), test };
    }),
  );
  const read = await probesOf(model, labellings);
  return Object.fromEntries(levels.map((level, index) => [level, read[index]]));
}

registerMeasure("firstLinearProbe", { when: "before", take: linearProbes });
registerMeasure("linearProbe", { when: "after", take: linearProbes });
registerMeasure("firstLevelProbes", { when: "before", take: levelProbes });
registerMeasure("levelProbes", { when: "after", take: levelProbes });

// The share of the gradient (0 to 1) that comes through paths of 0, 1, 2 … branches, of the untrained and the trained net.
for (const [name, when] of [
  ["firstPathShares", "before"],
  ["pathShares", "after"],
] as const) {
  registerMeasure(name, { when, take: (model, { train }) => pathShares(model, first(train)) });
}

/** Where the loss along a direction is measured: distances as in {@link lossSlice}. */
export const sliceDistances: readonly number[] = [-1, -0.75, -0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 0.75, 1];

// Loss (nats) of the trained net on training examples along a random direction, at `sliceDistances`.
registerMeasure("lossSlice", {
  when: "after",
  take: (model, { train }, seed) => lossSlice(model, first(train, 500), { seed, distances: sliceDistances }),
});

// The class that the trained net gives each test example.
registerMeasure("answers", {
  when: "after",
  take: (model, { test }) =>
    tf.tidy(() => {
      const logits = model.predict(toInputs(model, test)) as tf.Tensor;
      return Array.from(logits.argMax(-1).dataSync());
    }),
});
