import { rng, type Rng } from "../../../lib/src/math/rng";
import { bornDeadBound } from "../../../lib/src/theory/deadRelu";

test("the bound is 1 - (1 - 2^-width)^(depth - 1): only hidden layers can die", () => {
  expect(bornDeadBound(1, 2)).toBe(0);
  expect(bornDeadBound(2, 1)).toBe(0.5);
  expect(bornDeadBound(5, 2)).toBeCloseTo(1 - 0.75 ** 4, 15);
  expect(bornDeadBound(10, 2)).toBeCloseTo(0.925, 3);
  expect(bornDeadBound(20, 2)).toBeCloseTo(0.996, 3);
});

/** Whether a random ReLU net of one input is a constant on both half lines: without biases, two inputs tell. */
function bornDead(depth: number, width: number, random: Rng): boolean {
  const layers = Array.from({ length: depth - 1 }, (_, layer) =>
    Array.from({ length: width }, () => Array.from({ length: layer === 0 ? 1 : width }, () => random.normal())),
  );
  return [1, -1].every((input) => {
    let hidden = [input];
    for (const rows of layers) {
      hidden = rows.map((row) =>
        Math.max(
          0,
          row.reduce((sum, weight, k) => sum + weight * hidden[k], 0),
        ),
      );
    }
    return hidden.every((value) => value === 0);
  });
}

test.each([
  [5, 2],
  [10, 2],
  [10, 3],
])("of 2000 nets of depth %d and width %d no more are born dead than the bound allows", (depth, width) => {
  const random = rng(1).child(`${depth}/${width}`);
  const dead = Array.from({ length: 2000 }, () => bornDead(depth, width, random)).filter(Boolean).length / 2000;
  const bound = bornDeadBound(depth, width);
  const error = Math.sqrt((bound * (1 - bound)) / 2000);
  expect(dead).toBeLessThan(bound + 3 * error);
  // It is loose because the first layer cannot die on inputs of both signs; measured 0.71, 0.94 and 0.85 of it.
  expect(dead).toBeGreaterThan(0.6 * bound);
});

test("it rises with depth and falls with width", () => {
  for (let size = 1; size < 12; size++) {
    expect(bornDeadBound(size + 1, 3)).toBeGreaterThan(bornDeadBound(size, 3));
    expect(bornDeadBound(10, size + 1)).toBeLessThan(bornDeadBound(10, size));
  }
});

test("sizes that are none are refused", () => {
  expect(() => bornDeadBound(0, 2)).toThrow("depth: expected a positive integer, got 0");
  expect(() => bornDeadBound(2, 1.5)).toThrow("width: expected a positive integer, got 1.5");
});
