import fc from "fast-check";
import { examples } from "../../../lib/src/data/examples";
import { withLabelNoise } from "../../../lib/src/data/labelNoise";

const of = (count: number, classes = 10) =>
  examples({
    x: Float32Array.from({ length: count }, (_, index) => index),
    labels: Uint8Array.from({ length: count }, (_, index) => index % classes),
    shape: [1],
    classes,
  });
const changed = (fraction: number, seed: number, all = of(1000)): number[] =>
  Array.from(withLabelNoise(all, { fraction, seed }).labels)
    .map((label, index) => (label === all.labels[index] ? -1 : index))
    .filter((index) => index >= 0);

test("labels are drawn from all classes: a tenth of the redrawn ones stay as they were", () => {
  // Binomial with 10,000 draws at 9 in 10: standard deviation 30.
  expect(Math.abs(changed(1, 1, of(10_000)).length - 9000)).toBeLessThan(4 * 30);
  const { labels } = withLabelNoise(of(10_000), { fraction: 1, seed: 2 });
  const counts = Array.from({ length: 10 }, (_, label) => labels.filter((one) => one === label).length);
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * 30);
});

test("a fraction leaves the others alone, and the original as it was", () => {
  const all = of(1000);
  const before = Array.from(all.labels);
  const count = changed(0.4, 3, all).length;
  expect(count).toBeLessThanOrEqual(400);
  expect(Math.abs(count - 360)).toBeLessThan(4 * 6);
  expect(Array.from(all.labels)).toEqual(before);
  expect(changed(0, 3)).toEqual([]);
});

test("one seed gives one noise, more noise contains less, another seed gives another", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (seed, fraction) => {
      const [some, all] = [changed(fraction, seed), changed(1, seed)];
      expect(changed(fraction, seed)).toEqual(some);
      expect(some.filter((index) => !all.includes(index))).toEqual([]);
    }),
    { numRuns: 20 },
  );
  expect(changed(0.2, 1)).not.toEqual(changed(0.2, 2));
});

test("a fraction that is none is refused", () => {
  for (const fraction of [-0.1, 1.1, NaN]) {
    expect(() => withLabelNoise(of(10), { fraction, seed: 1 })).toThrow(
      `fraction: expected a number from 0 to 1, got ${fraction}`,
    );
  }
});
