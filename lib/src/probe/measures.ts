import { tf } from "@deepen/engine";
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

// Test accuracy (0 to 1) of a linear probe on each weight layer of the trained net, output included.
registerMeasure("linearProbe", {
  when: "after",
  async take(model, { train, test }) {
    const learnt = first(train, fitted);
    const [known, asked] = [await features(model, learnt), await features(model, test)];
    return known.map((layer, index) =>
      linearProbe({ features: layer, labels: learnt.labels }, { features: asked[index], labels: test.labels }),
    );
  },
});

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
