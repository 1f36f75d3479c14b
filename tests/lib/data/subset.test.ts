import { examples } from "../../../lib/src/data/examples";
import { subset } from "../../../lib/src/data/subset";

const all = examples({
  x: Float32Array.from({ length: 60 }, (_, index) => index),
  labels: Uint8Array.from({ length: 30 }, (_, index) => index),
  shape: [2],
  classes: 30,
});

test("a subset is drawn without replacement, each example with its own label", () => {
  const { x, labels, count, shape, classes } = subset(all, { count: 30, seed: 1 });
  expect([count, shape, classes]).toEqual([30, [2], 30]);
  expect(Array.from(labels).sort((a, b) => a - b)).toEqual(Array.from(all.labels));
  labels.forEach((label, row) => {
    expect([x[2 * row], x[2 * row + 1]]).toEqual([2 * label, 2 * label + 1]);
  });
});

test("a smaller subset begins a larger one of the same seed; another seed draws others", () => {
  const labels = (count: number, seed: number): number[] => Array.from(subset(all, { count, seed }).labels);
  expect(labels(20, 1).slice(0, 5)).toEqual(labels(5, 1));
  expect(labels(20, 1)).not.toEqual(labels(20, 2));
});

test("it is a copy", () => {
  subset(all, { count: 3, seed: 1 }).x.fill(-1);
  expect(all.x[0]).toBe(0);
});

test("more than there are, or none, is refused", () => {
  for (const count of [0, 31, 1.5]) {
    expect(() => subset(all, { count, seed: 1 })).toThrow(`count: expected 1 to 30 examples, got ${count}`);
  }
});
