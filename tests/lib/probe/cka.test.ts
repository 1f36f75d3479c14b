import { qr } from "../../../lib/src/math/linearAlgebra";
import { rng } from "../../../lib/src/math/rng";
import { cka } from "../../../lib/src/probe/cka";
import { golden } from "../../support/golden";

const { cka: numpy } = golden<{
  cka: { x: number[]; y: number[]; biased: number; debiased: number; minibatch: number };
}>("probes");
const x = { values: Float32Array.from(numpy.x), units: 5 };
const y = { values: Float32Array.from(numpy.y), units: 7 };

/** Independent normals `[count, units]`. */
function noise(count: number, units: number, seed: number): { values: Float32Array; units: number } {
  const random = rng(seed);
  return { values: Float32Array.from({ length: count * units }, () => random.normal()), units };
}

describe("cka", () => {
  test("gives what the kernels written out give: biased, debiased, and debiased over batches", () => {
    expect(cka(x, y)).toBeCloseTo(numpy.biased, 10);
    expect(cka(x, y, { debiased: true })).toBeCloseTo(numpy.debiased, 10);
    expect(cka(x, y, { debiased: true, batchSize: 7 })).toBeCloseTo(numpy.minibatch, 10);
  });

  test.each([false, true])("is 1 of a rotated, shifted and scaled copy (debiased: %s), and symmetric", (debiased) => {
    const random = rng(4);
    const { q } = qr(
      Float64Array.from({ length: 25 }, () => random.normal()),
      5,
      5,
    );
    const turned = Float32Array.from(x.values, (_, index) => {
      const [row, column] = [Math.floor(index / 5), index % 5];
      return 3 * [0, 1, 2, 3, 4].reduce((sum, k) => sum + x.values[row * 5 + k] * q[k * 5 + column], 0) - 2;
    });
    expect(cka(x, { values: turned, units: 5 }, { debiased })).toBeCloseTo(1, 6);
    expect(cka(x, y, { debiased })).toBeCloseTo(cka(y, x, { debiased }), 12);
  });

  test("is not kept by stretching one direction: it is no measure of the same information", () => {
    const stretched = x.values.map((value, index) => (index % 5 === 0 ? 20 * value : value));
    expect(cka(x, { values: stretched, units: 5 })).toBeLessThan(0.9);
  });

  test("of unrelated features is large where examples are few, unless debiased", () => {
    const few = [noise(40, 60, 1), noise(40, 60, 2)] as const;
    expect(cka(...few)).toBeGreaterThan(0.5);
    expect(Math.abs(cka(...few, { debiased: true }))).toBeLessThan(0.1);
    expect(cka(noise(4000, 60, 1), noise(4000, 60, 2))).toBeLessThan(0.05);
  });

  test("names examples that do not pair, and batches without the debiased estimate", () => {
    expect(() => cka(x, { values: y.values.subarray(7), units: 7 })).toThrow(
      "x, y: expected features of the same examples, got 22 and 21 examples",
    );
    expect(() => cka(x, y, { batchSize: 8 })).toThrow("batchSize: averages over batches are for the debiased estimate");
    expect(() => cka(x, y, { debiased: true, batchSize: 3 })).toThrow(
      "batchSize: expected an integer from 4 to the 22 examples, got 3",
    );
  });
});
