import { batches } from "../../../lib/src/train/batches";

function epochs(count: number, batchSize: number, seed: number, howMany: number): number[][][] {
  const order = batches(count, batchSize, seed);
  return Array.from({ length: howMany }, () =>
    Array.from({ length: Math.ceil(count / batchSize) }, () => Array.from(order.next().value)),
  );
}

test("every epoch holds each position once, in an order of its own, in batches of the size asked for", () => {
  const [first, second] = epochs(10, 4, 1, 2);
  for (const epoch of [first, second]) {
    expect(epoch.map((batch) => batch.length)).toEqual([4, 4, 2]);
    expect(epoch.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
  expect(first).not.toEqual(second);
});

test("the order depends on the seed alone", () => {
  expect(epochs(20, 8, 3, 3)).toEqual(epochs(20, 8, 3, 3));
  expect(epochs(20, 8, 3, 3)).not.toEqual(epochs(20, 8, 4, 3));
});

test("a batch larger than what there is holds all of it", () => {
  expect(epochs(3, 100, 1, 1)[0].map((batch) => batch.length)).toEqual([3]);
});
