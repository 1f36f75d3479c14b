import { readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { ready, tf } from "@deepen/engine";
import { data, math, nn, probe } from "deepen";

const source = path.resolve(__dirname, "..", "..", "notebooks", "src", "03-vanishing-gradients.nb.ts");

/** The profile that exercise 03.5 hands to the learner. */
function received(): Record<string, number[]> {
  const literal = /^const received = (\{[^;]*\});$/m.exec(readFileSync(source, "utf8"))?.[1] ?? "";
  return vm.runInNewContext(`(${literal})`) as Record<string, number[]>;
}

test("the profile of exercise 03.5 is that of a network whose seventh layer has a tenth of He's weights", async () => {
  expect((await ready()).engine).toBe("wasm");
  const batch = (await data.mnist()).train.take(256);
  const seed = math.childSeed(3, "diagnosis");
  const model = nn.mlp({ depth: 14, width: 128, activation: "relu", init: "heNormal", seed });
  const faulty = model.getLayer("layer7");
  const [kernel, bias] = faulty.getWeights();
  faulty.setWeights([tf.mul(kernel, 0.1), bias]);
  const { activationStd, deltaNorm, weightGradientNorm } = probe.record(model, batch);
  model.dispose();
  // The exercise prints two significant digits.
  const rounded = (values: readonly number[]): number[] => values.map((value) => Number(value.toPrecision(2)));
  expect(JSON.parse(JSON.stringify(received()))).toEqual({
    "activation std": rounded(activationStd),
    "delta norm": rounded(deltaNorm),
    "weight-gradient norm": rounded(weightGradientNorm),
  });
});
