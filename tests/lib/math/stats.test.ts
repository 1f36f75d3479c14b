import fc from "fast-check";
import { mean, quantile, std, tInterval, variance } from "../../../lib/src/math/stats";
import { golden } from "../../support/golden";

interface Golden {
  summaries: {
    values: number[];
    mean: number;
    variance: number;
    populationVariance: number;
    quantiles: Record<string, number>;
    interval95: [number, number];
    interval99: [number, number];
  }[];
}

test.each(golden<Golden>("summaries").summaries)("summaries of $values are those of NumPy and SciPy", (summary) => {
  const { values } = summary;
  // Both sum in float64, in different orders: 1e-12 of the size of the values.
  const digits = Math.max(...values.map(Math.abs)) * 1e-12;
  const close = (actual: number, expected: number, scale = 1): void => {
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(digits * scale);
  };
  close(mean(values), summary.mean);
  close(variance(values), summary.variance, Math.max(1, std(values)));
  close(variance(values, 0), summary.populationVariance, Math.max(1, std(values)));
  close(std(values), Math.sqrt(summary.variance));
  for (const [probability, expected] of Object.entries(summary.quantiles)) {
    close(quantile(values, Number(probability)), expected);
  }
  const interval = tInterval(values);
  close(interval.mean, summary.mean);
  close(interval.low, summary.interval95[0], 20);
  close(interval.high, summary.interval95[1], 20);
  const wide = tInterval(Float64Array.from(values), 0.99);
  close(wide.low, summary.interval99[0], 100);
  close(wide.high, summary.interval99[1], 100);
});

test("variance does not change when all values move together, and grows with the square of their scale", () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(values, fc.integer({ min: -1000, max: 1000 }), (list, shift) => {
      const base = variance(list);
      expect(variance(list.map((value) => value + shift))).toBeCloseTo(base, 6);
      expect(variance(list.map((value) => 2 * value))).toBeCloseTo(4 * base, 6);
    }),
  );
});

test("a quantile lies between the extremes, rises with its probability and does not sort its argument", () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 30 });
  const share = fc.double({ noNaN: true, min: 0, max: 1 });
  fc.assert(
    fc.property(values, share, share, (list, a, b) => {
      const copy = [...list];
      expect(quantile(list, 0)).toBe(Math.min(...list));
      expect(quantile(list, 1)).toBe(Math.max(...list));
      expect(quantile(list, Math.min(a, b))).toBeLessThanOrEqual(quantile(list, Math.max(a, b)));
      expect(list).toEqual(copy);
    }),
  );
});

test("too few values and impossible probabilities are refused", () => {
  expect(() => mean([])).toThrow("mean: expected at least 1 values, got 0");
  expect(() => variance([1])).toThrow("variance: expected at least 2 values, got 1");
  expect(variance([1], 0)).toBe(0);
  expect(() => quantile([1], 1.5)).toThrow("probability: expected a number from 0 to 1, got 1.5");
  expect(() => tInterval([1])).toThrow("tInterval: expected at least 2 values, got 1");
  expect(() => tInterval([1, 2], 1)).toThrow("level: expected a number between 0 and 1, got 1");
});
