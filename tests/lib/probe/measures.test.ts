import { mnist1d } from "../../../lib/src/data/mnist1d";
import { features } from "../../../lib/src/probe/features";
import { linearProbe } from "../../../lib/src/probe/linearProbe";
import { lossSlice } from "../../../lib/src/probe/lossSlice";
import { sliceDistances } from "../../../lib/src/probe/measures";
import { pathShares } from "../../../lib/src/probe/pathShares";
import { convNet } from "../../../lib/src/nn/convNet";
import { mlp } from "../../../lib/src/nn/mlp";
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

test("lossSlice is the loss along the direction of its seed, pathShares what all paths bring", async () => {
  const residual = mlp({ depth: 4, width: 5, inputs: 40, activation: "relu", init: "heNormal", skip: true, seed: 1 });
  await withModel(residual, async (model) => {
    const slice = await lossSlice(model, data.train, { seed: 7, distances: sliceDistances });
    expect(await measureOf("lossSlice").take(model, data, 7)).toEqual(slice);
    const shares = pathShares(model, data.train);
    for (const name of ["pathShares", "firstPathShares"]) {
      expect(await measureOf(name).take(model, data, 7)).toEqual(shares);
    }
  });
});

test('what has "first" in its name is taken before training, all else after it', () => {
  for (const name of ["linearProbe", "answers", "lossSlice", "pathShares"]) expect(measureOf(name).when).toBe("after");
  for (const name of ["firstDeltaNorm", "firstPathShares"]) expect(measureOf(name).when).toBe("before");
});
