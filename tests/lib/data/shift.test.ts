import { shift } from "../../../lib/src/data/shift";
import { rng } from "../../../lib/src/math/rng";

/** All pictures that a 3 × 4 picture of two channels can become, by the definition: pixel (r, c) from the one nearest to (r − down, c − right). */
function moved(image: Float32Array, down: number, right: number): number[] {
  const at = (row: number, column: number, channel: number): number =>
    image[([0, 1, 2].at(Math.max(row, 0)) ?? 2) * 8 + ([0, 1, 2, 3].at(Math.max(column, 0)) ?? 3) * 2 + channel];
  return Array.from({ length: 24 }, (_, place) => {
    const [row, column, channel] = [Math.floor(place / 8), Math.floor(place / 2) % 4, place % 2];
    return at(row - down, column - right, channel);
  });
}

test("an image is one of those that a shift by at most the distance can give, and all of them come up", () => {
  const image = Float32Array.from({ length: 24 }, (_, index) => index + 1);
  const batch = new Float32Array(24 * 600);
  for (let row = 0; row < 600; row++) batch.set(image, 24 * row);
  const result = shift(batch, { shape: [3, 4, 2], by: 2, random: rng(1) });
  const counts = new Map<string, number>();
  for (let row = 0; row < 600; row++) {
    const key = result.slice(24 * row, 24 * row + 24).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const distances = [-2, -1, 0, 1, 2];
  const possible = distances.flatMap((down) => distances.map((right) => moved(image, down, right).join()));
  expect([...counts.keys()].sort()).toEqual([...possible].sort());
  // 24 expected of each, standard deviation 4.8
  for (const count of counts.values()) expect(Math.abs(count - 24)).toBeLessThan(4 * 4.8);
});

test("a sequence moves along its only axis", () => {
  const sequence = Float32Array.of(1, 2, 3);
  const seen = new Set(
    Array.from({ length: 60 }, (_, seed) => shift(sequence, { shape: [3, 1], by: 1, random: rng(seed) }).join()),
  );
  expect([...seen].sort()).toEqual(["1,1,2", "1,2,3", "2,3,3"]);
});

test("by 0 nothing moves, far beyond the edge only the edge is left, and the original stays as it was", () => {
  const sequence = Float32Array.of(1, 2, 3);
  expect(Array.from(shift(sequence, { shape: [3, 1], by: 0, random: rng(1) }))).toEqual([1, 2, 3]);
  const far = Array.from({ length: 40 }, (_, seed) => shift(sequence, { shape: [3, 1], by: 50, random: rng(seed) }));
  expect(far.map((moved) => moved.join())).toEqual(expect.arrayContaining(["1,1,1", "3,3,3"]));
  expect(Array.from(sequence)).toEqual([1, 2, 3]);
});

test("the same generator gives the same shifts", () => {
  const batch = Float32Array.from({ length: 30 }, (_, index) => index);
  const once = (): Float32Array => shift(batch, { shape: [3, 1], by: 2, random: rng(7) });
  expect(once()).toEqual(once());
});

test("shapes and distances that make no sense are refused", () => {
  const x = new Float32Array(12);
  expect(() => shift(x, { shape: [12], by: 1, random: rng(1) })).toThrow("shape: expected [length, channels]");
  expect(() => shift(x, { shape: [5, 1], by: 1, random: rng(1) })).toThrow("got [5, 1]");
  expect(() => shift(x, { shape: [3, 1], by: 1.5, random: rng(1) })).toThrow("by: expected a whole number");
});
