import { models } from "../../../packages/engine/bench/models.cjs";
import { describe as describeEngine, ready, tf } from "../../../packages/engine/src/node";
import { inputOf, layerCases, netOf } from "./support/layerCases";
import { opCases } from "./support/opCases";
import { values } from "./support/reference";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

/**
 * The kernels of tfjs 4.22.0 whose C++ (tfjs-backend-wasm/src/cc) gives float32 to XNNPACK, which has other code for
 * other processors.
 */
const xnnpack = [
  "Abs",
  "Add",
  "AvgPool",
  "BatchMatMul",
  "Ceil",
  "ClipByValue",
  "Conv2D",
  "DepthwiseConv2dNative",
  "Elu",
  "Floor",
  "FusedConv2D",
  "FusedDepthwiseConv2D",
  "MaxPool",
  "Multiply",
  "Neg",
  "PadV2",
  "Prelu",
  "RealDiv",
  "Relu",
  "Relu6",
  "ResizeBilinear",
  "Round",
  "Sigmoid",
  "Softmax",
  "Square",
  "SquaredDifference",
  "Sub",
  "_FusedMatMul",
];

const f = Math.fround;

/** Rounds halves to even, as IEEE 754 does. */
const roundEven = (x: number): number => {
  const down = Math.floor(x);
  return x - down > 0.5 || (x - down === 0.5 && down % 2 !== 0) ? down + 1 : down;
};

/**
 * The ones that are not replaced: of each, all numbers are the results of single operations that IEEE 754 fixes to the
 * bit, in JavaScript as in XNNPACK on any processor.
 */
const harmless: Readonly<Record<string, { tensor: (x: tf.Tensor1D) => tf.Tensor; number: (x: number) => number }>> = {
  Abs: { tensor: tf.abs, number: Math.abs },
  Ceil: { tensor: tf.ceil, number: Math.ceil },
  Floor: { tensor: tf.floor, number: Math.floor },
  Neg: { tensor: tf.neg, number: (x) => -x },
  Round: { tensor: tf.round, number: roundEven },
  SquaredDifference: {
    tensor: (x) => tf.squaredDifference(x, tf.scalar(f(0.3))),
    number: (x) => f(f(x - f(0.3)) ** 2),
  },
  PadV2: { tensor: (x) => tf.pad(x, [[0, 0]]), number: (x) => x },
};

/** Replaced, but for some broadcasting, where tfjs's own still run: one operation each, as above. */
const arithmetic = {
  Add: [tf.add, (x: number, y: number) => x + y],
  Sub: [tf.sub, (x: number, y: number) => x - y],
  Multiply: [tf.mul, (x: number, y: number) => x * y],
  RealDiv: [tf.div, (x: number, y: number) => x / y],
} as const;

test("every kernel of XNNPACK is replaced, but for what IEEE 754 fixes, and the resizing of images", () => {
  const { kernels } = describeEngine();
  const left = xnnpack.filter((name) => !kernels.includes(name));
  expect(left.sort()).toEqual([...Object.keys(harmless), "ResizeBilinear"].sort());
});

const numbers = [...values(500, 3).map((value) => 40 * value), 0.5, 1.5, 2.5, -0.5, -2.5, 0, Infinity, -Infinity, NaN];

test.each(Object.entries(harmless))("%s has the bits of JavaScript", (_, { tensor, number }) => {
  const x = Float32Array.from(numbers);
  expect(Array.from(tensor(tf.tensor1d(x)).dataSync(), (y) => y + 0)).toEqual(Array.from(x, (one) => number(one) + 0));
});

test.each(Object.entries(arithmetic))("%s has the bits of JavaScript, in any broadcasting", (_, [tensor, number]) => {
  const [x, y] = [values(24, 5), values(12, 6)];
  const result = tensor(tf.tensor(x, [2, 1, 3, 4]), tf.tensor(y, [1, 3, 1, 4])).dataSync();
  expect(result).toHaveLength(72);
  result.forEach((value, at) => {
    const [i, j, k, l] = [Math.floor(at / 36), Math.floor(at / 12) % 3, Math.floor(at / 4) % 3, at % 4];
    expect(value).toBe(f(number(x[i * 12 + k * 4 + l], y[j * 4 + l])));
  });
});

test("ResizeBilinear has the bits of its three interpolations, each of two products' difference", () => {
  const x = values(2 * 3 * 4 * 5, 8);
  const [height, width] = [7, 9];
  const result = tf.image.resizeBilinear(tf.tensor4d(x, [2, 3, 4, 5]), [height, width]).dataSync();
  const between = (a: number, b: number, share: number) => f(a + f(f(b - a) * share));
  const place = (out: number, inSize: number, outSize: number) => {
    const at = f(out * f(inSize / outSize));
    const low = Math.floor(at);
    return [low, Math.min(low + 1, inSize - 1), f(at - low)];
  };
  result.forEach((value, index) => {
    const [image, row, column, channel] = [
      Math.floor(index / (height * width * 5)),
      Math.floor(index / (width * 5)) % height,
      Math.floor(index / 5) % width,
      index % 5,
    ];
    const [top, bottom, down] = place(row, 3, height);
    const [left, right, across] = place(column, 4, width);
    const pixel = (i: number, j: number) => x[((image * 3 + i) * 4 + j) * 5 + channel];
    const upper = between(pixel(top, left), pixel(top, right), across);
    const lower = between(pixel(bottom, left), pixel(bottom, right), across);
    expect(value).toBe(between(upper, lower, down));
  });
});

interface Binary {
  cwrap: (name: string, ...types: unknown[]) => (...args: unknown[]) => unknown;
}

/** The names of tfjs's compiled functions that run while `act` does. */
async function compiledFunctionsOf(act: () => Promise<void>): Promise<Set<string>> {
  const { backend } = tf.engine();
  const { wasm } = backend as unknown as { wasm: Binary };
  const called = new Set<string>();
  const { cwrap } = wasm;
  const setUp = () => {
    for (const { setupFunc } of tf.getKernelsForBackend("wasm")) setupFunc?.(backend);
  };
  wasm.cwrap = (name, ...types) => {
    const compiled = cwrap(name, ...types);
    return (...args) => {
      called.add(name);
      return compiled(...args);
    };
  };
  setUp();
  try {
    await act();
  } finally {
    wasm.cwrap = cwrap;
    setUp();
  }
  return called;
}

test("no step of training, of any layer, op or model, calls another kernel of XNNPACK", async () => {
  const called = await compiledFunctionsOf(async () => {
    for (const layerCase of Object.values(layerCases)) {
      const model = netOf(layerCase);
      model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
      await model.trainOnBatch(inputOf(layerCase, 2), tf.oneHot(tf.tensor1d([0, 2], "int32"), 3));
    }
    for (const op of Object.values(opCases)) {
      tf.grad((v: tf.Tensor) => op(v))(tf.tensor2d(values(24, 11), [4, 6]));
    }
    for (const { make } of Object.values(models)) await make(tf, 2).step();
  });
  expect(called.size).toBeGreaterThan(20);
  const fixed = [...Object.keys(harmless), ...Object.keys(arithmetic), "ResizeBilinear"];
  expect(xnnpack.filter((name) => called.has(name) && !fixed.includes(name))).toEqual([]);
});
