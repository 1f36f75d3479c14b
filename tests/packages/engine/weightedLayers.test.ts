import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

type Op = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) => tf.Tensor;

/** A layer, the shape of its input, and the operations that it stands for. */
interface Case {
  readonly layer: tf.layers.Layer;
  readonly shape: number[];
  readonly separate: Op;
}

/** The activations that the kernels finish with, and some that follow as operations. */
const activations: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  linear: (x) => x,
  relu: (x) => x.relu(),
  sigmoid: (x) => x.sigmoid(),
  tanh: (x) => x.tanh(),
  relu6: (x) => tf.minimum(6, x.relu()),
  elu: (x) => x.elu(),
  softmax: (x) => x.softmax(),
};

const small = fc.integer({ min: 1, max: 6 });
const cases = fc
  .record({
    kind: fc.constantFrom("dense", "denseOfSequences", "conv1d", "conv2d"),
    activation: fc.constantFrom(...Object.keys(activations)),
    useBias: fc.boolean(),
    batch: fc.integer({ min: 1, max: 3 }),
    length: fc.integer({ min: 3, max: 12 }),
    channels: small,
    outputs: fc.oneof(small, fc.constantFrom(8, 25)),
    kernelSize: fc.integer({ min: 1, max: 3 }),
    strides: fc.integer({ min: 1, max: 2 }),
    dilationRate: fc.integer({ min: 1, max: 2 }),
    padding: fc.constantFrom("same", "valid"),
  })
  .filter(({ strides, dilationRate }) => strides === 1 || dilationRate === 1)
  .filter(({ length, kernelSize, dilationRate }) => length > (kernelSize - 1) * dilationRate);

type Parameters = typeof cases extends fc.Arbitrary<infer P> ? P : never;

function caseOf({ kind, activation, useBias, outputs, batch, length, channels, ...geometry }: Parameters): Case {
  const { kernelSize, strides, dilationRate, padding } = geometry as { padding: "same" } & typeof geometry;
  const activate = activations[activation];
  const common = { activation: activation as "relu", useBias };
  const add = (x: tf.Tensor, bias: tf.Tensor) => (useBias ? x.add(bias) : x);
  if (kind.startsWith("dense")) {
    return {
      layer: tf.layers.dense({ ...common, units: outputs }),
      shape: kind === "dense" ? [batch, channels] : [batch, length, channels],
      separate: (x, kernel, bias) => {
        const product = tf.matMul(x.reshape([-1, channels]), kernel).reshape([...x.shape.slice(0, -1), outputs]);
        return activate(add(product, bias));
      },
    };
  }
  const config = { ...common, filters: outputs, kernelSize, strides, dilationRate, padding };
  return kind === "conv1d"
    ? {
        layer: tf.layers.conv1d(config),
        shape: [batch, length, channels],
        separate: (x, kernel, bias) =>
          activate(
            add(tf.conv1d(x as tf.Tensor3D, kernel as tf.Tensor3D, strides, padding, "NWC", dilationRate), bias),
          ),
      }
    : {
        layer: tf.layers.conv2d(config),
        shape: [batch, length, length - 1 + kernelSize, channels],
        separate: (x, kernel, bias) =>
          activate(
            add(tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, strides, padding, "NHWC", dilationRate), bias),
          ),
      };
}

const bits = (tensor: tf.Tensor) => Buffer.from(tensor.dataSync().buffer).toString("hex");
const random = (shape: number[], seed: number) => tf.tensor(values(tf.util.sizeFromShape(shape), seed), shape);

test("a layer gives the bits of its separate operations, and so do its gradients", () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 1000 }), (parameters, seed) => {
      tf.tidy(() => {
        const { layer, shape, separate } = caseOf(parameters);
        layer.build(shape);
        layer.setWeights(layer.weights.map((weight, index) => random(weight.shape as number[], seed + index)));
        const x = random(shape, seed + 7);
        const y = layer.apply(x) as tf.Tensor;
        const slope = random(y.shape, seed + 8);
        const expected = tf.valueAndGrads((...args) => separate(...(args as [tf.Tensor, tf.Tensor, tf.Tensor])));
        const reference = expected([x, ...layer.getWeights()], slope);
        expect(y.shape).toEqual(reference.value.shape);
        expect(bits(y)).toBe(bits(reference.value));
        const dx = tf.grad((input) => layer.apply(input) as tf.Tensor)(x, slope);
        expect(bits(dx)).toBe(bits(reference.grads[0]));
        const loss = (): tf.Scalar => (layer.apply(x) as tf.Tensor).mul(slope).sum();
        const { grads } = tf.variableGrads(loss);
        layer.trainableWeights.forEach((weight, index) => {
          expect(bits(grads[weight.name])).toBe(bits(reference.grads[1 + index]));
        });
        for (const weight of layer.weights) weight.dispose();
      });
    }),
    { numRuns: 120 },
  );
});

test("gradients of gradients take tfjs's own operations", () => {
  const layer = tf.layers.dense({ units: 3, activation: "tanh" });
  layer.build([2, 4]);
  const x = random([2, 4], 1);
  const [kernel, bias] = layer.getWeights();
  const twice = (f: (input: tf.Tensor) => tf.Tensor) =>
    tf.grad((input) =>
      tf
        .grad((inner) => f(inner).square())(input)
        .sum(),
    )(x);
  const expected = twice((input) => tf.matMul(input, kernel).add(bias).tanh());
  expect(bits(twice((input) => layer.apply(input) as tf.Tensor))).toBe(bits(expected));
});

test("a call hook is called, with the input", () => {
  const layer = tf.layers.dense({ units: 3 });
  const seen: unknown[] = [];
  layer.setCallHook((inputs) => seen.push(inputs));
  const x = random([2, 4], 1);
  layer.apply(x);
  expect(seen).toEqual([x]);
});
