import { registerMeasure } from "../train/measure";
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
