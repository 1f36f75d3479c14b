import { capture, ready, tf, type CaptureInfo } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { ordinaryScenarios, type Scenario, scenarios } from "./support/scenarios";
import { bits, counts } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const steps = 18;

function modelOf({ layers, optimizer, loss }: Scenario): tf.Sequential {
  let seed = 0;
  const model = tf.sequential({ layers: layers(() => tf.initializers.glorotUniform({ seed: ++seed })) });
  model.compile({ optimizer: optimizer?.() ?? tf.train.adam(0.01), loss: loss ?? "categoricalCrossentropy" });
  return model;
}

function batchOf({ shape, indices = false }: Scenario, size: number, step: number): [tf.Tensor, tf.Tensor] {
  const numbers = values(size * tf.util.sizeFromShape([...shape]), 100 + step);
  const x = indices ? numbers.map((value) => Math.floor(4.5 + 4.4 * value)) : numbers;
  const labels = Array.from({ length: size }, (_, i) => (i * 7 + step) % 4);
  return [tf.tensor(x, [size, ...shape]), tf.oneHot(tf.tensor1d(labels, "int32"), 4)];
}

/** tfjs's own function of one training step. */
function trainFunction(model: tf.Sequential): (data: tf.Tensor[]) => tf.Scalar[] {
  const core = (model as unknown as { model: { makeTrainFunction(): (data: tf.Tensor[]) => tf.Scalar[] } }).model;
  return core.makeTrainFunction();
}

/** Bits of all losses and of the final weights, and how the steps stood in the end. */
function courseOf(scenario: Scenario, captured: boolean): { bits: string[]; info: readonly CaptureInfo[] } {
  const model = modelOf(scenario);
  const ordinary = (x: tf.Tensor, y: tf.Tensor) => trainFunction(model)([x, y]);
  const repeated = capture(ordinary, { optimizer: model.optimizer });
  const losses: string[] = [];
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      scenario.between?.(model, step);
      const [x, y] = batchOf(scenario, scenario.batch?.(step) ?? 8, step);
      losses.push(bits((captured ? repeated : ordinary)(x, y)[0]));
    });
  }
  const info = repeated.info();
  repeated.reset();
  const weights = model.getWeights().map(bits);
  model.dispose();
  return { bits: [...losses, ...weights], info };
}

test.each(Object.entries(scenarios))("%s: repeated steps equal ordinary ones, to the bit", (_, scenario) => {
  const repeated = courseOf(scenario, true);
  expect(repeated.bits).toEqual(courseOf(scenario, false).bits);
  expect(repeated.info.map(({ state, reason }) => reason ?? state)).toEqual(repeated.info.map(() => "captured"));
  expect(repeated.info.length).toBeGreaterThan(0);
});

test.each(Object.entries(ordinaryScenarios))("%s: steps stay ordinary, and say why", (_, scenario) => {
  const { info } = courseOf(scenario, true);
  expect(info).toEqual([
    expect.objectContaining({ state: "ordinary", reason: expect.stringMatching(scenario.because) }),
  ]);
});

describe("a step that cannot be repeated stays ordinary and says why:", () => {
  const weights = () => tf.variable(tf.tensor1d([1, 2, 3, 4]));
  let count = 0;
  const kept: tf.Tensor[] = [];
  const cases: Record<string, [(x: tf.Tensor, v: tf.Variable) => tf.Tensor, RegExp]> = {
    "random numbers": [
      (x, v) =>
        x
          .mul(tf.randomNormal([4]))
          .mul(v)
          .sum(),
      /memory of 64 bytes/,
    ],
    "a value that is read": [
      (x, v) =>
        x
          .mul(v)
          .mul(x.sum().dataSync()[0] > 0 ? 1 : 2)
          .sum(),
      /reads values/,
    ],
    "a number that changes": [
      (x, v) =>
        x
          .mul(v)
          .mul(1 + count++)
          .sum(),
      /memory of 64 bytes/,
    ],
    "a new variable": [
      (x, v) => {
        tf.variable(tf.zeros([1]));
        return x.mul(v).sum();
      },
      /variable is made|outlive/,
    ],
    "a tensor that is kept": [
      (x, v) => {
        kept.push(tf.keep(x.mul(v)));
        return x.mul(v).sum();
      },
      /outlive/,
    ],
    "two ways in turns": [(x, v) => (count++ % 2 ? x.mul(v) : x.add(v)).sum(), /operation 0 was/],
    "an output without a size beforehand": [
      (x) => tf.image.nonMaxSuppression(tf.tensor2d([[0, 0, 1, 1]]), x.slice([0], [1]) as tf.Tensor1D, 1),
      /no size beforehand/,
    ],
    "indices that the step makes": [(x, v) => tf.gather(v, x.mul(0).toInt()).sum(), /indices of a gather/],
    "an optimizer that was not given": [
      (x, v) => tf.train.sgd(0.1).minimize(() => x.mul(v).sum(), true, [v])!,
      /give it as|outlive/,
    ],
  };

  test.each(Object.entries(cases))("%s", (_, [step, because]) => {
    const v = weights();
    const repeated = capture((x: tf.Tensor) => step(x, v));
    for (let round = 0; round < 5; round++) repeated(tf.tensor1d([1, 2, 3, 4]));
    const [{ state, reason }] = repeated.info();
    expect([state, reason]).toEqual(["ordinary", expect.stringMatching(because)]);
    repeated.reset();
    tf.dispose(kept.splice(0));
  });
});

test("a step that disposes a tensor from before it stays ordinary and says why", () => {
  let factor = tf.scalar(2);
  const step = capture((x: tf.Tensor) => {
    const product = x.mul(factor).sum();
    factor.dispose();
    return product;
  });
  for (let round = 0; round < 5; round++) {
    factor = tf.scalar(round);
    expect(step(tf.ones([3])).dataSync()[0]).toBe(3 * round);
  }
  expect(step.info()[0]).toMatchObject({ state: "ordinary", reason: expect.stringMatching(/disposed in it/) });
  step.reset();
});

/** A captured step of gradient descent on ‖x·v‖² and its variable. */
function descent() {
  const v = tf.variable(tf.tensor1d([1, 2, 3, 4]));
  const optimizer = tf.train.adam(0.1);
  const step = capture((x: tf.Tensor) => optimizer.minimize(() => x.mul(v).square().sum(), true, [v])!, { optimizer });
  const x = tf.tensor1d([1, 0.5, 0.25, 2]);
  return { v, optimizer, step, take: () => step(x).dataSync()[0] };
}

test("a clone made between two steps keeps its values, and so does a tensor made of the variable's data", () => {
  const { v, step, take } = descent();
  for (let i = 0; i < 5; i++) take();
  const clone = v.clone();
  const other = v.reshape([2, 2]);
  const before = bits(clone);
  for (let i = 0; i < 5; i++) take();
  expect([bits(clone), bits(other)]).toEqual([before, before]);
  expect(bits(v)).not.toBe(before);
  expect(step.info()[0].state).toBe("captured");
  step.reset();
});

test("a number in JavaScript that changes later is found by an audit, and then followed", () => {
  const run = (audited: boolean): { losses: string[]; differences: (string | undefined)[] } => {
    let strength = 1;
    const v = tf.variable(tf.tensor1d([1, 2, 3, 4]));
    const optimizer = tf.train.sgd(0.01);
    const ordinary = (x: tf.Tensor) =>
      optimizer.minimize(() => x.mul(v).sum().add(v.square().sum().mul(strength)), true, [v])!;
    const step = capture(ordinary, { optimizer });
    const differences: (string | undefined)[] = [];
    const losses = Array.from({ length: 20 }, (_, i) => {
      if (i === 10) strength = 0.5;
      const x = tf.tensor1d(values(4, i + 1));
      if (!audited) return bits(ordinary(x));
      if (i % 5 !== 0 || i === 0) return bits(step(x));
      const { result, difference } = step.audit(x);
      differences.push(difference);
      return bits(result);
    });
    step.reset();
    return { losses, differences };
  };
  const audited = run(true);
  expect(audited.losses).toEqual(run(false).losses);
  expect(audited.differences).toEqual([undefined, expect.stringContaining("memory of"), undefined]);
});

test("a variable that is disposed, a backend that is switched, a gradient around the step: steps are as ordinary", async () => {
  const { v, step, take, optimizer } = descent();
  for (let i = 0; i < 5; i++) take();
  await tf.setBackend("cpu");
  take();
  await tf.setBackend("wasm");
  for (let i = 0; i < 5; i++) take();
  expect(step.info()[0]).toMatchObject({ state: "captured" });
  const twin = descent();
  for (let i = 0; i < 11; i++) twin.take();
  // On cpu the same step rounds otherwise.
  expect(Math.abs(v.dataSync()[3] - twin.v.dataSync()[3])).toBeLessThan(1e-6);
  v.dispose();
  expect(() => take()).toThrow();
  step.reset();
  optimizer.dispose();

  const square = capture((x: tf.Tensor) => x.square().sum());
  const x = tf.tensor1d([1, 2]);
  for (let i = 0; i < 5; i++) square(x);
  expect(
    Array.from(
      tf
        .grad((one: tf.Tensor) => square(one))(x)
        .dataSync(),
    ),
  ).toEqual([2, 4]);
  square.reset();
});

test("an index beyond the table is refused as tfjs refuses it, in a repeated step too", () => {
  const table = tf.variable(tf.tensor2d(values(8, 1), [4, 2]));
  for (const dtype of ["int32", "float32"] as const) {
    const look = capture((ids: tf.Tensor) => tf.gather(table, ids.toInt()).sum());
    const ids = (numbers: number[]) => tf.tensor1d(numbers, dtype);
    for (let i = 0; i < 5; i++) look(ids([0, i % 4, 3]));
    expect(look.info()[0]).toMatchObject({ state: "captured" });
    expect(() => look(ids([0, 4, 1]))).toThrow(/index value 4 is not in \[0, 3\]/);
    expect(() => look(ids([-1, 0, 1]))).toThrow(/index value -1/);
    expect(look(ids([1, 1, 1])).dataSync()[0]).toBe(tf.gather(table, [1, 1, 1]).sum().dataSync()[0]);
    look.reset();
  }
});

test("a fifth set of input shapes takes ordinary steps", () => {
  const sum = capture((x: tf.Tensor) => x.square().sum());
  for (let size = 1; size <= 5; size++) for (let i = 0; i < 4; i++) sum(tf.ones([size]));
  expect(sum.info().map(({ inputs }) => inputs)).toEqual([1, 2, 3, 4].map((size) => `float32[${String(size)}]`));
  expect(sum(tf.ones([5])).dataSync()[0]).toBe(5);
  sum.reset();
});

test("steps that return lists return lists", () => {
  const two = capture((x: tf.Tensor) => [x.sum(), x.mul(2)]);
  for (let i = 0; i < 5; i++) {
    const [sum, doubled] = two(tf.tensor1d([i, 1]));
    expect([sum.dataSync()[0], ...doubled.dataSync()]).toEqual([i + 1, 2 * i, 2]);
  }
  two.reset();
});

test("an error in the step comes through, and the next steps go on", () => {
  let broken = false;
  const step = capture((x: tf.Tensor) => {
    const doubled = x.mul(2);
    if (broken) throw new Error("broken");
    return doubled.sum();
  });
  const before = counts();
  step(tf.ones([2])).dispose();
  broken = true;
  expect(() => tf.tidy(() => step(tf.ones([2])))).toThrow("broken");
  broken = false;
  for (let i = 0; i < 4; i++) expect(tf.tidy(() => step(tf.ones([2])).dataSync()[0])).toBe(4);
  step.reset();
  expect(counts()).toEqual([before[0] + 1, before[1] + 1, before[2] + 1]);
});

test("a thousand repeated steps keep the number of tensors, and a thousand captures leave nothing", () => {
  const cycle = (rounds: number): void => {
    const { v, optimizer, step, take } = descent();
    for (let i = 0; i < rounds; i++) tf.tidy(() => take());
    step.reset();
    optimizer.dispose();
    v.dispose();
  };
  tf.tidy(() => cycle(5));
  const before = counts();
  const heap = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
  const bytes = heap();
  for (let round = 0; round < 1000; round++) tf.tidy(() => cycle(5));
  expect(counts()).toEqual(before);
  expect(heap()).toBe(bytes);
  tf.tidy(() => {
    const { step, take } = descent();
    for (let i = 0; i < 5; i++) tf.tidy(() => take());
    const during = counts();
    for (let i = 0; i < 1000; i++) tf.tidy(() => take());
    expect(counts()).toEqual(during);
    step.reset();
  });
});
