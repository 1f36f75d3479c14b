import { adamw, ready, tf } from "../../../packages/engine/src/node";
import { golden } from "../../support/golden";
import { values } from "./support/reference";
import { expectWithin, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const f = Math.fround;

/** One step with the given gradient of one variable. */
function apply(optimizer: tf.Optimizer, variable: tf.Variable, gradient: tf.Tensor): void {
  optimizer.applyGradients([{ name: variable.name, tensor: gradient }]);
}

/** Steps one number in float32, with a rounding after every operation, as tfjs's operations round. */
type Rule = () => (value: number, gradient: number) => number;

const sgd: Rule = () => (value, g) => f(f(f(-0.05) * g) + value);

const momentum =
  (nesterov: boolean): Rule =>
  () => {
    let sum = 0;
    const [c, m] = [f(-0.05), f(0.9)];
    return (value, g) => {
      sum = f(f(m * sum) + g);
      return f(f(c * (nesterov ? f(g + f(sum * m)) : sum)) + value);
    };
  };

const rmsprop =
  (centered: boolean): Rule =>
  () => {
    let [square, way, average] = [0, 0, 0];
    const [rate, decay, fresh, m, epsilon] = [0.01, 0.8, 1 - 0.8, 0.7, 1e-6].map(f);
    return (value, g) => {
      square = f(f(square * decay) + f(f(g * g) * fresh));
      average = f(f(average * decay) + f(g * fresh));
      const under = centered ? f(square - f(f(average * average) + epsilon)) : f(square + epsilon);
      way = f(f(way * m) + f(f(g * rate) / f(Math.sqrt(under))));
      return f(value - way);
    };
  };

const adam: Rule = () => {
  let [first, second, power1, power2] = [0, 0, f(0.9), f(0.99)];
  const [beta1, fresh1, beta2, fresh2, rate, epsilon] = [0.9, 1 - 0.9, 0.99, 1 - 0.99, -0.01, 1e-7].map(f);
  return (value, g) => {
    first = f(f(first * beta1) + f(g * fresh1));
    second = f(f(second * beta2) + f(f(g * g) * fresh2));
    const [m, v] = [f(first / f(1 - power1)), f(second / f(1 - power2))];
    power1 = f(power1 * beta1);
    power2 = f(power2 * beta2);
    return f(f(f(m / f(f(Math.sqrt(v)) + epsilon)) * rate) + value);
  };
};

const cases: [string, () => tf.Optimizer, Rule][] = [
  ["sgd", () => tf.train.sgd(0.05), sgd],
  ["momentum", () => tf.train.momentum(0.05, 0.9), momentum(false)],
  ["Nesterov's momentum", () => tf.train.momentum(0.05, 0.9, true), momentum(true)],
  ["rmsprop", () => tf.train.rmsprop(0.01, 0.8, 0.7, 1e-6), rmsprop(false)],
  ["rmsprop, centered", () => tf.train.rmsprop(0.01, 0.8, 0.7, 1e-6, true), rmsprop(true)],
  ["adam", () => tf.train.adam(0.01, 0.9, 0.99, 1e-7), adam],
];

test.each(cases)("%s steps every number through tfjs's operations, to the bit", (_, make, rule) => {
  // Seven numbers: four in a vector, three after it. Gradients of 1 to 2 keep every root real.
  const variable = tf.variable(tf.tensor1d(values(7, 1)));
  const expected = Array.from(variable.dataSync(), (value) => ({ value, step: rule() }));
  const optimizer = make();
  for (let step = 0; step < 5; step++) {
    const gradient = values(7, 10 + step).map((value) => 1.5 + 0.5 * value);
    apply(optimizer, variable, tf.tensor1d(gradient));
    expected.forEach((number, i) => (number.value = number.step(number.value, gradient[i])));
    expect(Array.from(variable.dataSync())).toEqual(expected.map(({ value }) => value));
  }
});

test.each(cases)("%s leaves a clone of the weights as it was, and no tensor behind", (_, make) => {
  const variable = tf.variable(tf.tensor1d(values(7, 1)));
  const optimizer = make();
  const gradient = tf.tensor1d(values(7, 2));
  apply(optimizer, variable, gradient);
  const clone = variable.clone();
  const before = clone.dataSync().slice();
  const count = tf.memory().numTensors;
  apply(optimizer, variable, gradient);
  expect(clone.dataSync()).toEqual(before);
  expect(variable.dataSync()).not.toEqual(before);
  expect(tf.memory().numTensors).toBe(count);
});

test.each(cases)("%s goes on from the weights that it saved", async (_, make) => {
  const start = tf.tensor1d(values(7, 1));
  const gradient = tf.tensor1d(values(7, 2).map((value) => 1.5 + 0.5 * value));
  const variable = tf.variable(start);
  const first = make();
  for (let step = 0; step < 4; step++) apply(first, variable, gradient);
  const saved = await first.getWeights();
  const [other, second] = [tf.variable(variable), make()];
  await second.setWeights(saved);
  apply(first, variable, gradient);
  apply(second, other, gradient);
  // tfjs's Adam saves its step, not the running powers of beta, and makes these anew with pow: some last bits differ.
  expectWithin(other.dataSync(), variable.dataSync(), 1e-7);
});

test("a variable without a gradient stays, and the places of the others' slots count it", () => {
  const [still, moving] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([3, 4]))];
  const optimizer = tf.train.adam(0.1);
  const gradient = tf.tensor1d([1, -1]);
  optimizer.applyGradients({ [still.name]: null, [moving.name]: gradient } as unknown as Record<string, tf.Variable>);
  expect(Array.from(still.dataSync())).toEqual([1, 2]);
  expect(moving.dataSync()[0]).toBeCloseTo(2.9, 5);
  optimizer.applyGradients([
    { name: still.name, tensor: gradient },
    { name: moving.name, tensor: gradient },
  ]);
  expect(still.dataSync()[0]).toBeLessThan(1);
});

describe("adamw", () => {
  const { start, gradients, weights } = golden<Record<"gradients" | "weights", number[][]> & { start: number[] }>(
    "adamw",
  );

  const course = () => {
    const variable = tf.variable(tf.tensor1d(start));
    const optimizer = adamw(0.05, { weightDecay: 0.3, beta1: 0.8, beta2: 0.95, epsilon: 1e-7 });
    return gradients.map((gradient) => {
      apply(optimizer, variable, tf.tensor1d(gradient));
      return Array.from(variable.dataSync());
    });
  };

  test("takes the steps of PyTorch's AdamW, here and on cpu", async () => {
    // Five steps in float32 of weights up to 2: some 1e-7 each.
    course().forEach((now, step) => expectWithin(now, weights[step], 1e-6));
    (await onCpu(course)).forEach((now, step) => expectWithin(now, weights[step], 1e-6));
  });

  test("is made again from its configuration", () => {
    const config = adamw(0.05, { weightDecay: 0.3 }).getConfig();
    expect(config).toMatchObject({ learningRate: 0.05, weightDecay: 0.3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
  });

  test("trains a model that is compiled with it", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });
    model.compile({ optimizer: adamw(0.05), loss: "meanSquaredError" });
    const [x, y] = [tf.tensor2d(values(30, 1), [10, 3]), tf.tensor2d(values(10, 2), [10, 1])];
    const first = (await model.trainOnBatch(x, y)) as number;
    for (let step = 0; step < 50; step++) await model.trainOnBatch(x, y);
    expect((await model.trainOnBatch(x, y)) as number).toBeLessThan(first);
  });
});

test("moments of a unit that is dead become 0 and not numbers too small to compute with; weights have tfjs's bits", () => {
  const makers: readonly [() => tf.Optimizer, Rule][] = [
    [() => tf.train.momentum(0.05, 0.9), momentum(false)],
    [() => tf.train.rmsprop(0.01, 0.8, 0.7, 1e-6), rmsprop(false)],
    [() => tf.train.adam(0.01, 0.9, 0.99, 1e-7), adam],
  ];
  for (const [make, rule] of makers) {
    const optimizer = make();
    const start = values(7, 3);
    const variable = tf.variable(tf.tensor1d(start));
    const [alive, dead] = [values(7, 4), new Float32Array(7)];
    const rules = Array.from(start, () => rule());
    let expected = Array.from(start);
    for (let step = 0; step < 1100; step++) {
      const gradient = step === 0 ? alive : dead;
      tf.tidy(() => {
        apply(optimizer, variable, tf.tensor1d(gradient));
      });
      expected = expected.map((value, i) => rules[i](value, gradient[i]));
    }
    expect(Array.from(variable.dataSync())).toEqual(expected);
    const fields = Object.values(optimizer as unknown as Record<string, unknown>);
    const slots = fields.filter(Array.isArray).flat() as { variable?: tf.Variable }[];
    const kept = slots.flatMap(({ variable: slot }) => Array.from(slot?.dataSync() ?? []));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter((moment) => moment !== 0 && Math.abs(moment) < 1.17549435e-38)).toEqual([]);
    expect(kept).toContain(0);
    variable.dispose();
    optimizer.dispose();
  }
});
