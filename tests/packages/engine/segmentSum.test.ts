import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { expectGradients, expectNothingLeft, expectTrainedAsOnCpu, expectWithin, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

test("every segment is the sum of its rows in their order, to the bit, and ids outside are left out", () => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.integer({ min: 0, max: 30 }),
        columns: fc.constantFrom(1, 2, 3, 4, 5, 8, 19),
        segments: fc.integer({ min: 1, max: 9 }),
        seed: fc.integer({ min: 1, max: 1e6 }),
      }),
      ({ rows, columns, segments, seed }) => {
        tf.tidy(() => {
          const x = values(rows * columns, seed);
          const ids = values(rows, seed + 1).map((value) => Math.floor(value * (segments + 1)));
          const expected = new Float32Array(segments * columns);
          ids.forEach((id, row) => {
            if (id < 0 || id >= segments) return;
            for (let c = 0; c < columns; c++) {
              const at = id * columns + c;
              expected[at] = Math.fround(expected[at] + x[row * columns + c]);
            }
          });
          const sums = tf.unsortedSegmentSum(tf.tensor2d(x, [rows, columns]), tf.tensor1d(ids, "int32"), segments);
          expect(sums.shape).toEqual([segments, columns]);
          expect(Array.from(sums.dataSync())).toEqual(Array.from(expected));
        });
      },
    ),
    { numRuns: 150 },
  );
});

test("sums and gradients of gather agree with tfjs's cpu backend, along every axis", async () => {
  const compute = () =>
    tf.tidy(() => {
      const x = tf.tensor3d(values(4 * 5 * 3, 1), [4, 5, 3]);
      const ids = tf.tensor1d([2, 0, 2, 1], "int32");
      const results: tf.Tensor[] = [tf.unsortedSegmentSum(x, ids, 3)];
      for (const axis of [0, 1, 2]) {
        const picked = tf.tensor2d([2, 0, 2, 1, 1, 1], [2, 3], "int32");
        const weights = tf.tensor(values(600, 2), [600]);
        const loss = (a: tf.Tensor) => {
          const gathered = tf.gather(a, picked, axis);
          return gathered.flatten().mul(weights.slice(0, gathered.size)).sum();
        };
        results.push(tf.grad((a) => loss(a))(x));
      }
      return results.map((tensor) => Array.from(tensor.dataSync()));
    });
  const wasm = compute();
  const cpu = await onCpu(compute);
  // At most six numbers below 1 are added.
  wasm.forEach((result, which) => expectWithin(result, cpu[which], 6 * 2 ** -23));
});

test("the gradient of gather agrees with finite differences", () => {
  const x = tf.tensor2d(values(15, 1), [5, 3]);
  const ids = tf.tensor1d([4, 0, 4, 2, 4, 2], "int32");
  const weights = tf.tensor2d(values(18, 2), [6, 3]);
  const loss = (a: tf.Tensor) => tf.gather(a, ids).mul(weights).sum();
  // Linear: what is left is the rounding of two losses below 18, over the step.
  expectGradients(loss, [x], { step: 0.5, bound: 1e-5 });
});

test("NaN and infinities spoil their own segment only", () => {
  const x = tf.tensor2d([NaN, 1, Infinity, 2, 3, -Infinity, 4, 5], [4, 2]);
  const sums = tf.unsortedSegmentSum(x, tf.tensor1d([0, 1, 1, 2], "int32"), 3);
  expect(Array.from(sums.dataSync())).toEqual([NaN, 1, Infinity, -Infinity, 4, 5]);
});

test("ids of any rank sum over all their axes, and what does not fit is refused by name", () => {
  const x = tf.tensor3d(values(12, 1), [2, 3, 2]);
  const ids = tf.tensor2d([0, 1, 0, 1, 0, 0], [2, 3], "int32");
  const run = (inputs: tf.NamedTensorMap) =>
    tf.engine().runKernel("UnsortedSegmentSum", inputs, { numSegments: 2 }) as tf.Tensor;
  const flat = run({ x: x.reshape([6, 2]), segmentIds: ids.flatten() });
  expect(Array.from(run({ x, segmentIds: ids }).dataSync())).toEqual(Array.from(flat.dataSync()));
  expect(() => run({ x, segmentIds: tf.zeros([3], "int32") })).toThrow(/begins with, got \[3\] for x of \[2,3,2\]/);
  expect(() => run({ x, segmentIds: tf.zeros([2]) })).toThrow(/expected int32 segment ids, got float32/);
  expect(() => run({ x: x.toInt(), segmentIds: ids })).toThrow(/expected float32 tensors, got int32/);
});

const net = () =>
  tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: 7, outputDim: 6, inputLength: 5, weights: [tf.tensor2d(values(42, 1), [7, 6])] }),
      tf.layers.conv1d({ filters: 4, kernelSize: 2, weights: [tf.tensor3d(values(48, 2), [2, 6, 4]), tf.zeros([4])] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, weights: [tf.tensor2d(values(48, 3), [16, 3]), tf.zeros([3])] }),
    ],
  });

const data = () =>
  [
    tf.tensor2d(
      values(20, 5).map((value) => Math.floor((value + 1) * 3.5)),
      [4, 5],
    ),
    tf.tensor(values(12, 6), [4, 3]),
  ] as const;

test("an embedding trained for four steps has the weights that the cpu backend gives", async () => {
  // The backends round differently: some 1e-7 a gradient, times four steps of rate 0.1 through three layers.
  await expectTrainedAsOnCpu(net, data, 2e-6);
});

test("two hundred training steps leave no tensor and no data behind", async () => {
  const model = net();
  model.compile({ optimizer: tf.train.sgd(0.001), loss: tf.losses.meanSquaredError as never }); // a function: steps stay ordinary
  await expectNothingLeft(model, data(), 200);
});
