import { capture, ready, tf } from "../../../packages/engine/src/node";
import * as packing from "../../../packages/engine/src/capture/packing";
import type { WasmBackend } from "../../../packages/engine/src/internals";
import { addressParameters } from "../../../packages/engine/src/wasm.generated";
import { values } from "./support/reference";
import { bits } from "./support/tensors";

jest.mock("../../../packages/engine/src/capture/packing", (): unknown => ({
  __esModule: true,
  ...jest.requireActual<object>("../../../packages/engine/src/capture/packing"),
}));

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  jest.restoreAllMocks();
});

/** Twelve steps of a net of two layers: bits of the weights, and how the steps stood in the end. */
function train(captured: boolean): { weights: string[]; state: string; reason: string | undefined } {
  const first = tf.variable(tf.tensor2d(values(6 * 16, 1), [6, 16]));
  const second = tf.variable(tf.tensor2d(values(16 * 4, 2), [16, 4]));
  const optimizer = tf.train.adam(0.01);
  const loss = (x: tf.Tensor): tf.Scalar =>
    (x as tf.Tensor2D).matMul(first).relu().mul(0.5).matMul(second).square().mean();
  const ordinary = (x: tf.Tensor) => optimizer.minimize(() => loss(x), true, [first, second])!;
  const step = capture(ordinary, { optimizer });
  for (let i = 0; i < 12; i++) (captured ? step : ordinary)(tf.tensor2d(values(48, i + 1), [8, 6]));
  const [info] = captured ? step.info() : [];
  step.reset();
  return { weights: [first, second].map(bits), state: info?.state ?? "", reason: info?.reason };
}

/** The step must stay an ordinary one, and train as one. */
function expectCaught(): void {
  const { weights, state, reason } = train(true);
  expect({ state, reason }).toEqual({
    state: "ordinary",
    reason: expect.stringMatching(/other values|operation|computes in JavaScript/),
  });
  expect(weights).toEqual(train(false).weights);
}

test("without a fault the step is captured", () => {
  const { weights, state } = train(true);
  expect(state).toBe("captured");
  expect(weights).toEqual(train(false).weights);
});

test.each(["matMul", "reluGradient", "relu", "adam", "multiply", "square"] as const)(
  "a wrong table of addresses of %s is caught",
  (name) => {
    const table = addressParameters as Record<string, readonly number[]>;
    const right = table[name];
    table[name] = right.slice(0, -1);
    try {
      expectCaught();
    } finally {
      table[name] = right;
    }
  },
);

test("memory that overlaps is caught", () => {
  const { pack } = packing;
  jest.spyOn(packing, "pack").mockImplementation((uses) => {
    const { offsets, bytes } = pack(uses);
    return { offsets: new Map([...offsets.keys()].map((block) => [block, 0])), bytes };
  });
  expectCaught();
});

test("an operation that works past the recording is caught", () => {
  const kernel = tf.getKernel("Relu", "wasm");
  tf.unregisterKernel("Relu", "wasm");
  tf.registerKernel({
    ...kernel,
    kernelFunc({ inputs, backend: anyBackend }) {
      const backend = anyBackend as unknown as WasmBackend;
      const { x } = inputs as { x: tf.TensorInfo };
      const out = backend.makeOutput(x.shape, "float32");
      const at = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset / 4;
      const heap = new Float32Array(backend.wasm!.HEAPU8.buffer);
      for (let i = 0; i < tf.util.sizeFromShape(x.shape); i++) heap[at(out) + i] = Math.max(0, heap[at(x) + i]);
      return out;
    },
  });
  try {
    expectCaught();
  } finally {
    tf.unregisterKernel("Relu", "wasm");
    tf.registerKernel(kernel);
  }
});
