import fc from "fast-check";
import { gaussianMean } from "../../../lib/src/math/gaussianMean";

const scale = fc.double({ noNaN: true, min: 0, max: 50 });

test("polynomials have the moments of a normal with that standard deviation", () => {
  fc.assert(
    fc.property(scale, (sigma) => {
      const tolerance = (expected: number): number => 1e-12 * Math.max(1, expected);
      expect(Math.abs(gaussianMean(() => 1, sigma) - 1)).toBeLessThan(1e-13);
      expect(Math.abs(gaussianMean((x) => x * x, sigma) - sigma ** 2)).toBeLessThan(tolerance(sigma ** 2));
      expect(Math.abs(gaussianMean((x) => x ** 4, sigma) - 3 * sigma ** 4)).toBeLessThan(tolerance(3 * sigma ** 4));
    }),
  );
});

test("odd functions have a mean of exactly 0, whatever the scale", () => {
  fc.assert(
    fc.property(scale, (sigma) => {
      expect(gaussianMean((x) => x, sigma)).toBe(0);
      expect(gaussianMean((x) => x * x * x - 2 * x, sigma)).toBe(0);
    }),
  );
});

test.each([0.5, 1, 1.5, 40])("a step and a kink at 0 do no harm at scale %d", (sigma) => {
  expect(gaussianMean((x) => Number(x > 0), sigma)).toBeCloseTo(0.5, 13);
  expect(gaussianMean((x) => Math.max(x, 0) ** 2, sigma) / sigma ** 2).toBeCloseTo(0.5, 13);
});

test("the two rules agree where one gives way to the other", () => {
  const bump = (x: number): number => 1 / (1 + x * x);
  expect(gaussianMean(bump, 1 + 1e-12)).toBeCloseTo(gaussianMean(bump, 1), 7);
});
