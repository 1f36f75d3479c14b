import { ready, tf } from "../../../packages/engine/src/node";
import { type OpCase, opCases, opsWithoutGradient } from "./support/opCases";
import { values } from "./support/reference";
import { expectClose, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

/** The op's result, and the gradient of its product with fixed weights, so that each element counts differently. */
function valueAndGradient(op: OpCase): { readonly value: Float32Array; readonly gradient: Float32Array } {
  const v = tf.tensor2d(values(24, 11), [4, 6]);
  const value = op(v);
  const weighted = (x: tf.Tensor) => {
    const y = op(x);
    return y.mul(tf.tensor(values(y.size, 13), y.shape)).sum();
  };
  return {
    value: value.dataSync().slice() as Float32Array,
    gradient: tf.grad(weighted)(v).dataSync().slice() as Float32Array,
  };
}

test.each(Object.entries(opCases))("%s has the value and the gradient that the cpu backend has", async (_, op) => {
  const wasm = valueAndGradient(op);
  const cpu = await onCpu(() => valueAndGradient(op));
  // Both round in float32, in other orders and with other approximations of exp, log and the like.
  expectClose(wasm.value, cpu.value, 5e-6);
  expectClose(wasm.gradient, cpu.gradient, 5e-6);
});

test.each(Object.entries(opsWithoutGradient))("%s has its value and, as on cpu, no gradient", async (_, op) => {
  const value = () =>
    op(tf.tensor2d(values(24, 11), [4, 6]))
      .dataSync()
      .slice();
  expectClose(value(), await onCpu(value), 0);
  expect(() => valueAndGradient(op)).toThrow();
  await onCpu(() => {
    expect(() => valueAndGradient(op)).toThrow();
  });
});
