import { mnist1d } from "../../../lib/src/data/mnist1d";
import { features } from "../../../lib/src/probe/features";
import { linearProbe } from "../../../lib/src/probe/linearProbe";
import "../../../lib/src/probe/measures";
import { convNet } from "../../../lib/src/nn/convNet";
import { evaluate } from "../../../lib/src/train/evaluate";
import { measureOf } from "../../../lib/src/train/measure";
import { useEngine, withModel } from "../../support/engine";
import { fakeHost } from "../../support/fakeHost";

useEngine();
beforeEach(() => {
  fakeHost();
});

const whole = mnist1d();
const data = { train: whole.train.take(200), test: whole.test.take(100) };
const net = () => convNet({ inputShape: [40, 1], depth: 3, channels: 4, strides: [2, 2], norm: "batch", seed: 2 });

test("linearProbe is what a probe reads from each layer on the test examples", async () => {
  await withModel(net(), async (model) => {
    const [learnt, asked] = [await features(model, data.train), await features(model, data.test)];
    const expected = learnt.map((layer, index) =>
      linearProbe({ features: layer, labels: data.train.labels }, { features: asked[index], labels: data.test.labels }),
    );
    expect(expected).toHaveLength(3);
    expect(await measureOf("linearProbe").take(model, data, 1)).toEqual(expected);
  });
});

test("answers are classes, and as many of them are right as the accuracy says", async () => {
  await withModel(net(), async (model) => {
    const answers = (await measureOf("answers").take(model, data, 1)) as readonly number[];
    const right = answers.filter((given, index) => given === data.test.labels[index]).length;
    expect(answers).toHaveLength(100);
    expect(right / 100).toBeCloseTo((await evaluate(model, data.test)).accuracy, 12);
  });
});

test("both are taken after training", () => {
  expect([measureOf("linearProbe").when, measureOf("answers").when]).toEqual(["after", "after"]);
});
