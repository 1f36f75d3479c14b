import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const activations = ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"] as const;

type Fused = Parameters<typeof tf.fused.matMul>[0];

/** The separate operations that the fused one stands for. */
function separate({ a, b, transposeA, transposeB, bias, activation, preluActivationWeights }: Fused): tf.Tensor {
  const product = tf.matMul(a, b, transposeA, transposeB);
  const sum = bias === undefined ? product : product.add(bias);
  switch (activation) {
    case "relu":
      return sum.relu();
    case "relu6":
      return sum.relu6();
    case "elu":
      return sum.elu();
    case "sigmoid":
      return sum.sigmoid();
    case "leakyrelu":
      return sum.leakyRelu(0.2);
    case "prelu":
      return sum.prelu(preluActivationWeights as tf.Tensor);
    default:
      return sum;
  }
}

const bits = (tensor: tf.Tensor) => Buffer.from(tensor.dataSync().buffer).toString("hex");

test("product, bias and activation in one give the bits of the three operations one by one", () => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.integer({ min: 1, max: 20 }),
        columns: fc.integer({ min: 1, max: 20 }),
        depth: fc.integer({ min: 1, max: 30 }),
        batch: fc.integer({ min: 1, max: 3 }),
        transposeA: fc.boolean(),
        transposeB: fc.boolean(),
        biasRank: fc.constantFrom(0, 1, 2),
        activation: fc.constantFrom(...activations),
      }),
      ({ rows, columns, depth, batch, transposeA, transposeB, biasRank, activation }) => {
        tf.tidy(() => {
          const tensor = (shape: number[], seed: number) =>
            tf.tensor(values(tf.util.sizeFromShape(shape), seed), shape).mul(4);
          const fused = {
            a: tensor([batch, ...(transposeA ? [depth, rows] : [rows, depth])], 3),
            b: tensor([batch, ...(transposeB ? [columns, depth] : [depth, columns])], 4),
            transposeA,
            transposeB,
            bias: biasRank === 0 ? undefined : tensor(biasRank === 1 ? [columns] : [rows, columns], 5),
            activation,
            preluActivationWeights: activation === "prelu" ? tensor([columns], 6) : undefined,
          } as Fused;
          const result = tf.fused.matMul(fused);
          expect(result.shape).toEqual([batch, rows, columns]);
          expect(bits(result)).toBe(bits(separate(fused)));
        });
      },
    ),
    { numRuns: 150 },
  );
});

test("the fused operation agrees with tfjs's cpu backend", async () => {
  const run = (activation: (typeof activations)[number]) =>
    tf.fused
      .matMul({
        a: tf.tensor2d(values(35, 1), [5, 7]),
        b: tf.tensor2d(values(77, 2), [7, 11]),
        bias: tf.tensor1d(values(11, 3)),
        activation,
        preluActivationWeights: tf.tensor1d(values(11, 4)),
      })
      .dataSync();
  const wasm = activations.map((activation) => run(activation));
  await tf.setBackend("cpu");
  const cpu = activations.map((activation) => run(activation));
  await tf.setBackend("wasm");
  activations.forEach((_, which) => {
    // Sums of 8 terms below 1 in float32, then exp of wasm's C library against JavaScript's.
    wasm[which].forEach((value, i) => expect(Math.abs(value - cpu[which][i])).toBeLessThan(4e-6));
  });
});

test("NaN passes through bias and activation as in the separate operations", () => {
  for (const activation of ["linear", "relu", "relu6", "elu", "sigmoid"] as const) {
    const fused = { a: tf.tensor2d([NaN, 1, -2, 3], [2, 2]), b: tf.tensor2d([1, 2, 3, 4], [2, 2]), activation };
    expect(bits(tf.fused.matMul(fused))).toBe(bits(separate(fused)));
  }
});

test("an activation that tfjs does not fuse is refused by name", () => {
  const inputs = { a: tf.zeros([1, 1, 1]), b: tf.zeros([1, 1, 1]) };
  expect(() => tf.engine().runKernel("_FusedMatMul", inputs, { activation: "tanh" })).toThrow(
    /expected activation linear, relu, .* got tanh/,
  );
});

test("kernels leave no data behind: a thousand calls keep every count", () => {
  const a = tf.tensor3d(values(60, 1), [3, 4, 5]);
  const b = tf.tensor3d(values(90, 2), [3, 6, 5]);
  const bias = tf.tensor2d(values(24, 3), [4, 6]);
  const counts = () => [tf.memory().numTensors, tf.memory().numDataBuffers, tf.engine().backend.numDataIds()];
  const before = counts();
  for (let call = 0; call < 1000; call++) {
    tf.fused.matMul({ a, b, transposeB: true, bias, activation: "elu" }).dispose();
  }
  expect(counts()).toEqual(before);
});
