import { loadData } from "../../../lib/src/data/dataSpec";
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

test("levelProbes is what a probe reads of all three levels from the first pictures, whatever is learnt", async () => {
  const parts = async (label: "strokes" | "shapes" | "arrangement") => {
    const { train, test } = await loadData({ kind: "shapes", label, test: 40 }, 0);
    return { train: train.take(60), test };
  };
  // Others than the first: the net may have been trained on any.
  const learnt = await loadData({ kind: "shapes", label: "shapes", train: 60, test: 40 }, 3);
  const model = convNet({ inputShape: [24, 24, 1], depth: 3, channels: 4, strides: [2, 2], classes: 3, seed: 2 });
  await withModel(model, async (net) => {
    const strokes = await parts("strokes");
    const [known, asked] = [await features(net, strokes.train), await features(net, strokes.test)];
    const read = async (label: "strokes" | "shapes" | "arrangement") => {
      const { train, test } = await parts(label);
      return known.map((layer, index) =>
        linearProbe({ features: layer, labels: train.labels }, { features: asked[index], labels: test.labels }),
      );
    };
    expect(await measureOf("levelProbes").take(net, learnt, 1)).toEqual({
      strokes: await read("strokes"),
      shapes: await read("shapes"),
      arrangement: await read("arrangement"),
    });
  });
}, 240_000);

test("levelProbes refuses a net that takes no such pictures", async () => {
  await withModel(net(), async (model) => {
    await expect(measureOf("levelProbes").take(model, data, 1)).rejects.toThrow(RangeError);
  });
});

test('what has "first" in its name is taken before training, all else after it', () => {
  for (const name of ["linearProbe", "levelProbes", "answers", "lossSlice", "pathShares"]) {
    expect(measureOf(name).when).toBe("after");
  }
  for (const name of ["firstDeltaNorm", "firstLinearProbe", "firstLevelProbes", "firstPathShares"]) {
    expect(measureOf(name).when).toBe("before");
  }
});
