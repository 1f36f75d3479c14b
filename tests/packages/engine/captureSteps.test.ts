import {
  adamw,
  capture,
  clipByGlobalNorm,
  dropout,
  randomNormal,
  randomStream,
  randomUniform,
  ready,
  tf,
} from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { bits, counts } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));

/** A step, and the variables and the optimizer that it uses. */
interface Case {
  readonly step: (x: tf.Tensor1D) => tf.Tensor | tf.Tensor[];
  readonly variables?: tf.Variable[];
  readonly optimizer?: tf.Optimizer;
}

const variable = (make: () => tf.Tensor) => tf.tidy(() => tf.variable(make()));
const ones = () => variable(() => tf.ones([3]));
const squares = (w: tf.Variable, x: tf.Tensor): tf.Scalar => w.mul(x).square().sum();

const cases: Readonly<Record<string, () => Case>> = {
  "a variable that takes its own next value": () => {
    const v = ones();
    const step = (x: tf.Tensor) => (v.assign(v.mul(0.9).add(x)), v.sum());
    return { step, variables: [v] };
  },
  "a variable that is assigned twice": () => {
    const v = ones();
    const step = (x: tf.Tensor) => (v.assign(v.add(x)), v.assign(v.mul(2).sub(x)), v.sum());
    return { step, variables: [v] };
  },
  "two variables that change places": () => {
    const [a, b] = [ones(), variable(() => tf.zeros([3]))];
    const step = (x: tf.Tensor) => {
      const first = a.clone();
      a.assign(b);
      b.assign(first.add(x));
      return a.sum();
    };
    return { step, variables: [a, b] };
  },
  "two variables that are given the same data": () => {
    const [a, b] = [ones(), ones()];
    const step = (x: tf.Tensor) => (a.assign(x.mul(2)), b.assign(a), b.sum());
    return { step, variables: [a, b] };
  },
  "a variable that is given the input itself": () => {
    const a = ones();
    return { step: (x) => (a.assign(x), a.sum()), variables: [a] };
  },
  "an output that shares a variable's data": () => {
    const a = ones();
    const step = (x: tf.Tensor) => (a.assign(a.reshape([1, 3]).add(x).reshape([3])), a.reshape([3, 1]));
    return { step, variables: [a] };
  },
  "a moving average of weights beside an optimizer": () => {
    const [w, average] = [ones(), ones()];
    const optimizer = tf.train.adam(0.1);
    const step = (x: tf.Tensor) => {
      const loss = optimizer.minimize(() => squares(w, x), true, [w])!;
      average.assign(average.mul(0.9).add(w.mul(0.1)));
      return loss;
    };
    return { step, optimizer, variables: [w, average] };
  },
  "a counter of whole numbers": () => {
    const n = variable(() => tf.scalar(0, "int32"));
    const step = (x: tf.Tensor) => (n.assign(n.add(tf.scalar(1, "int32"))), x.mul(n.toFloat()).sum());
    return { step, variables: [n] };
  },
  "random numbers of a stream": () => {
    const stream = randomStream(5);
    const step = (x: tf.Tensor) =>
      dropout(x, 0.5, stream)
        .add(randomNormal([3], stream))
        .add(randomUniform([3], stream));
    return { step, variables: [stream.state] };
  },
  "gradients that are clipped together": () => {
    const w = ones();
    const optimizer = adamw(0.1);
    const step = (x: tf.Tensor) => {
      const { value, grads } = tf.variableGrads(() => squares(w, x), [w]);
      const clipped = clipByGlobalNorm(Object.values(grads), 0.1);
      optimizer.applyGradients(Object.keys(grads).map((name, i) => ({ name, tensor: clipped[i] })));
      return value;
    };
    return { step, optimizer, variables: [w] };
  },
  "several steps of an optimizer in one": () => {
    const w = ones();
    const optimizer = tf.train.adam(0.1);
    const descend = (x: tf.Tensor) => optimizer.minimize(() => squares(w, x), true, [w])!;
    return {
      step: (x) =>
        descend(x)
          .add(descend(x.sub(1)))
          .add(descend(x.mul(2))),
      optimizer,
      variables: [w],
    };
  },
  "a choice among values": () => {
    const v = variable(() => tf.scalar(0));
    const step = (x: tf.Tensor) => (v.assign(tf.where(x.sum().greater(0), v.add(1), v) as tf.Scalar), v.mul(2));
    return { step, variables: [v] };
  },
  "many operations, each an output": () => ({
    step: (x) => {
      const [a, b] = tf.split(tf.concat([x, x.square()]), 2) as tf.Tensor1D[];
      return [
        x.cumsum(),
        x.reverse(),
        x.argMax(),
        tf.topk(x, 2).values,
        x.prod(),
        x.softmax(),
        x.logSoftmax(),
        a.pad([[1, 1]]),
        ...tf.unstack(tf.stack([a, b])),
        tf.where(a.greater(0), a, b),
        tf.einsum("i,j->ij", a, b),
        tf.tile(x.reshape([1, 3]), [2, 2]),
        tf.zeros([0, 3]),
      ];
    },
  }),
  "one tensor twice": () => ({
    step: (x) => {
      const sum = x.sum();
      return [sum, sum];
    },
  }),
};

/** Twelve steps, with the first variable changed from outside in between: bits of all outputs and variables. */
function course(make: () => Case, captured: boolean): { readonly bits: string[]; readonly states: unknown[] } {
  const { step, optimizer, variables = [] } = make();
  const repeated = capture(step as (...inputs: tf.Tensor[]) => tf.Tensor[], { ...(optimizer && { optimizer }) });
  const found: string[] = [];
  for (let i = 0; i < 12; i++) {
    tf.tidy(() => {
      if (i === 8 && variables.length > 0) variables[0].assign(variables[0].add(tf.scalar(1, variables[0].dtype)));
      const x = tf.tensor1d(values(3, i + 1));
      const outputs = captured ? repeated(x) : tf.tidy(() => step(x));
      found.push(...[outputs].flat().map((tensor) => `${tensor.dtype} [${tensor.shape.join()}] ${bits(tensor)}`));
    });
    found.push(...variables.map(bits));
  }
  const states = repeated.info().map(({ state, reason }) => reason ?? state);
  repeated.reset();
  tf.dispose(variables);
  optimizer?.dispose();
  return { bits: found, states };
}

test.each(Object.entries(cases))("%s: repeated steps equal ordinary ones and leave nothing behind", (_, make) => {
  const before = counts();
  const { bits: found, states } = course(make, true);
  expect(counts()).toEqual(before);
  expect(states).toEqual(["captured"]);
  expect(found).toEqual(course(make, false).bits);
});
