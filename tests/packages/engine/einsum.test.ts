import fc from "fast-check";
import { ready, tf } from "../../../packages/engine/src/node";
import { values } from "./support/reference";
import { bits, counts, expectWithin, numericGradient, onCpu } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
});

const sizes: Readonly<Record<string, number>> = { a: 2, b: 3, c: 1, d: 4, e: 5 };
const shapeOf = (term: string) => [...term].map((letter) => sizes[letter]);
const tensorOf = (term: string, seed: number) => {
  const shape = shapeOf(term);
  return tf.tensor(values(tf.util.sizeFromShape(shape), seed), shape);
};

/** Up to four of the letters, in any order. */
const term = fc.shuffledSubarray([..."abcde"], { maxLength: 4 }).map((letters) => letters.join(""));
/** Equations of one or two terms, with any of their letters in any order as output. */
const equations = fc
  .array(term, { minLength: 1, maxLength: 2 })
  .chain((terms) =>
    fc
      .shuffledSubarray([...new Set(terms.join(""))])
      .map((output) => ({ terms, output: output.join(""), equation: `${terms.join(",")}->${output.join("")}` })),
  );

/** The sum over all letters of the product of the terms, in float64. */
function reference(terms: readonly string[], output: string, inputs: readonly tf.Tensor[]): Float64Array {
  const letters = [...new Set(terms.join(""))];
  const data = inputs.map((input) => input.dataSync());
  const result = new Float64Array(tf.util.sizeFromShape(shapeOf(output)));
  const at = (labels: string, indices: Readonly<Record<string, number>>) =>
    [...labels].reduce((index, letter) => index * sizes[letter] + indices[letter], 0);
  const visit = (depth: number, indices: Record<string, number>) => {
    if (depth === letters.length) {
      result[at(output, indices)] += terms.reduce((product, labels, i) => product * data[i][at(labels, indices)], 1);
      return;
    }
    for (let i = 0; i < sizes[letters[depth]]; i++) visit(depth + 1, { ...indices, [letters[depth]]: i });
  };
  visit(0, {});
  return result;
}

/** At most 120 products below 1 are added in float32. */
const bound = 120 * 120 * 2 ** -24;

test("equations of any form agree with float64 and are the same bits twice", () => {
  fc.assert(
    fc.property(equations, ({ terms, output, equation }) => {
      tf.tidy(() => {
        const inputs = terms.map((labels, index) => tensorOf(labels, index + 1));
        const actual = tf.einsum(equation, ...inputs);
        expect(actual.shape).toEqual(shapeOf(output));
        expectWithin(actual.dataSync(), reference(terms, output, inputs), bound);
        expect(bits(tf.einsum(equation, ...inputs))).toBe(bits(actual));
      });
    }),
    { numRuns: 150 },
  );
});

// Of equations in which both terms have letters of their own to sum over, tfjs's cpu backend makes errors.
test("values and gradients agree with tfjs's cpu backend, whose einsum gets the gradient too", async () => {
  const named = ["ab,bd->ad", "adb,aeb->ade", "a->", "a,a->", "a,b->ab", "abd->dba", "bd,de->eb", "ab,->ba"];
  const compute = () =>
    named.map((equation) =>
      tf.tidy(() => {
        const terms = equation.split("->")[0].split(",");
        const inputs = terms.map((labels, index) => tensorOf(labels, index + 1));
        const loss = (...tensors: tf.Tensor[]) =>
          tf
            .einsum(equation, ...tensors)
            .square()
            .sum();
        return [tf.einsum(equation, ...inputs), ...tf.grads(loss)(inputs)].map((tensor) =>
          Array.from(tensor.dataSync()),
        );
      }),
    );
  const wasm = compute();
  const cpu = await onCpu(compute);
  wasm.forEach((results, which) =>
    results.forEach((result, i) => {
      const largest = cpu[which][i].reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      expectWithin(result, cpu[which][i], 1e-6 * largest);
    }),
  );
});

test("gradients of any equation agree with finite differences, and can be differentiated again", () => {
  fc.assert(
    fc.property(equations, ({ terms, output, equation }) => {
      tf.tidy(() => {
        const inputs = terms.map((labels, index) => tensorOf(labels, index + 1));
        const weights = tensorOf(output, 9);
        const loss = (...tensors: tf.Tensor[]): tf.Scalar =>
          tf
            .einsum(equation, ...tensors)
            .mul(weights)
            .sum();
        const gradients = tf.grads(loss)(inputs);
        inputs.forEach((input, which) => {
          const numeric = numericGradient(
            (moved) => loss(...inputs.map((other, index) => (index === which ? moved : other))),
            input,
            0.5,
          );
          // Linear in each factor: what is left is the rounding of two losses below 600, over the step.
          expectWithin(gradients[which].dataSync(), numeric, 600 * 2 ** -22);
        });
        const squared = (x: tf.Tensor) =>
          tf
            .grad((a) => loss(a, ...inputs.slice(1)))(x)
            .square()
            .sum();
        expect(tf.grad((a) => squared(a).add(a.sum()))(inputs[0]).shape).toEqual(inputs[0].shape);
      });
    }),
    { numRuns: 25, seed: 3 },
  );
});

test("attention written with einsum is attention written with matMul, to the bit", () => {
  const [q, k] = [1, 2].map((seed) => tf.tensor4d(values(2 * 5 * 3 * 4, seed), [2, 5, 3, 4]));
  const heads = (x: tf.Tensor4D) => x.transpose([0, 2, 1, 3]);
  expect(bits(tf.einsum("bqhd,bkhd->bhqk", q, k))).toBe(bits(tf.matMul(heads(q), heads(k), false, true)));
});

test("NaN and infinities reach exactly the elements that they are summed into", () => {
  const a = tf.tensor2d([NaN, 1, 2, Infinity, 3, 4], [3, 2]);
  const b = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  expect(Array.from(tf.einsum("ij,jk->ik", a, b).dataSync())).toEqual([
    NaN,
    NaN,
    NaN,
    Infinity,
    Infinity,
    Infinity,
    19,
    26,
    33,
  ]);
});

test("what does not fit or is not supported is refused by name", () => {
  const [a, b] = [tf.zeros([2, 3]), tf.zeros([2, 3])];
  expect(() => tf.einsum("ij,jk->ik", a, b)).toThrow(/Expected dimension 3 at axis 0/);
  expect(() => tf.einsum("ijk->i", a)).toThrow(/einsum: expected tensor 0 of rank 3 for "ijk->i", got shape \[2,3\]/);
  expect(() => tf.einsum("ij->ii", a)).toThrow(/einsum: expected each letter once in the output, got "ii"/);
  expect(() => tf.einsum("ij->i", a.toInt())).toThrow(/einsum: expected float32 tensors, got int32/);
});

test("two hundred steps with einsum and its gradient leave no tensor and no data behind", () => {
  const inputs = ["abd", "eda"].map((labels, index) => tensorOf(labels, index + 1));
  const single = tensorOf("abd", 3);
  const step = () =>
    tf.tidy(() => {
      tf.grads((x, y) => tf.einsum("abd,eda->eab", x, y).square().sum())(inputs);
      for (const equation of ["abd->dab", "abd->b", "abd->abd", "abd->"]) {
        tf.grad((x) => tf.einsum(equation, x).square().sum())(single);
      }
    });
  step();
  const before = counts();
  for (let i = 0; i < 200; i++) step();
  expect(counts()).toEqual(before);
});
