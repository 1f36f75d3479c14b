import { examples } from "../../../lib/src/data/examples";

const three = examples({
  x: Float32Array.from([1, 2, 3, 4, 5, 6]),
  labels: Uint8Array.from([0, 2, 1]),
  shape: [1, 2],
  classes: 3,
});

test("take gives the first examples, as a view of the same numbers", () => {
  const two = three.take(2);
  expect({ x: Array.from(two.x), labels: Array.from(two.labels), count: two.count }).toEqual({
    x: [1, 2, 3, 4],
    labels: [0, 2],
    count: 2,
  });
  expect(two.shape).toEqual([1, 2]);
  expect(two.classes).toBe(3);
  expect(two.x.buffer).toBe(three.x.buffer);
  expect(two.take(1).count).toBe(1);
});

test("counts that are not there are refused", () => {
  for (const count of [0, 4, 1.5, NaN]) {
    expect(() => three.take(count)).toThrow(`take: expected 1 to 3 examples, got ${count}`);
  }
});

test("arrays that do not fit each other and labels that are no class are refused", () => {
  const { x, labels, shape } = three;
  expect(() => examples({ x: x.subarray(1), labels, shape, classes: 3 })).toThrow(
    "x: expected 3 examples of 2 numbers, got 5 numbers",
  );
  expect(() => examples({ x, labels, shape, classes: 2 })).toThrow("labels: expected classes 0 to 1, got 2 at 1");
});
