import { tf } from "@deepen/engine";
import { toInputs } from "../train/batch";
import { registerMeasure } from "../train/measure";
import { features } from "./features";
import { linearProbe } from "./linearProbe";
import type { Profile } from "./profile";
import { record } from "./record";

/** Examples that a profile is taken on: the first ones. */
const most = 200;

// Profiles of the untrained net, one number a weight layer, by the names that experiments ask for.
const profiles: Readonly<Record<string, keyof Omit<Profile, "layers">>> = {
  firstActivationStd: "activationStd",
  firstDeltaNorm: "deltaNorm",
  firstWeightGradientNorm: "weightGradientNorm",
};

for (const [name, part] of Object.entries(profiles)) {
  registerMeasure(name, {
    when: "before",
    take: (model, { train }) => record(model, train.take(Math.min(most, train.count)))[part],
  });
}

/** Examples that a linear probe is fitted to. */
const fitted = 2000;

// Test accuracy (0 to 1) of a linear probe on each weight layer of the trained net, output included.
registerMeasure("linearProbe", {
  when: "after",
  async take(model, { train, test }) {
    const learnt = train.take(Math.min(fitted, train.count));
    const [known, asked] = [await features(model, learnt), await features(model, test)];
    return known.map((layer, index) =>
      linearProbe({ features: layer, labels: learnt.labels }, { features: asked[index], labels: test.labels }),
    );
  },
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
