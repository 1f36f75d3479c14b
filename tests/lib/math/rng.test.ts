import fc from "fast-check";
import { childSeed, rng } from "../../../lib/src/math/rng";
import { hashWords } from "../../../lib/src/math/hash";
import { mean, variance } from "../../../lib/src/math/stats";
import { golden } from "../../support/golden";

interface Golden {
  streams: { seed: number; uint32: number[]; uniform: number[]; normal: number[]; permutation: number[] }[];
  children: { seed: number; name: string; child: number }[];
}
const { streams, children } = golden<Golden>("rng");

test("the hash gives MurmurHash3's published test vectors", () => {
  const word = 0x74736574; // "test", little-endian
  expect(hashWords([word], 0)).toBe(0xba6bd213);
  expect(hashWords([word], 0x9747b28c)).toBe(0x704b81dc);
});

test.each(streams)("the stream of seed $seed is that of a second implementation in Python", (stream) => {
  const draw = <T>(count: number, one: (random: ReturnType<typeof rng>) => T): T[] => {
    const random = rng(stream.seed);
    return Array.from({ length: count }, () => one(random));
  };
  expect(draw(8, (random) => random.uint32())).toEqual(stream.uint32);
  expect(draw(4, (random) => random.uniform())).toEqual(stream.uniform);
  expect(Array.from(rng(stream.seed).permutation(12))).toEqual(stream.permutation);
  // Python's ln, cos and sin may differ from ours in the last bit: 4 ulp.
  draw(6, (random) => random.normal()).forEach((value, index) => {
    expect(Math.abs(value - stream.normal[index])).toBeLessThan(1e-15 * Math.max(1, Math.abs(value)));
  });
});

test.each(children)(
  "the child seed of $seed for '$name' is that of a second implementation",
  ({ seed, name, child }) => {
    expect(childSeed(seed, name)).toBe(child);
    expect(rng(seed).child(name).seed).toBe(child);
  },
);

test("a child depends on seed and name, not on what its parent has drawn", () => {
  const parent = rng(7);
  const before = parent.child("a").uint32();
  parent.uint32();
  expect(parent.child("a").uint32()).toBe(before);
  expect(parent.child("b").uint32()).not.toBe(before);
  expect(rng(8).child("a").uint32()).not.toBe(before);
});

test("ten thousand children of neighbouring seeds and names have seeds of their own", () => {
  const seeds = Array.from({ length: 100 }, (_, seed) =>
    Array.from({ length: 100 }, (_, k) => childSeed(seed, `w/${k}`)),
  );
  expect(new Set(seeds.flat()).size).toBe(10_000);
});

test("normals have the moments of a standard normal, within four standard errors", () => {
  const random = rng(11);
  const values = Array.from({ length: 100_000 }, () => random.normal());
  const error = 1 / Math.sqrt(values.length);
  expect(Math.abs(mean(values))).toBeLessThan(4 * error);
  expect(Math.abs(variance(values) - 1)).toBeLessThan(4 * Math.SQRT2 * error);
  const fourth = mean(values.map((value) => value ** 4));
  expect(Math.abs(fourth - 3)).toBeLessThan(4 * Math.sqrt(96) * error); // Var z⁴ = 105 − 9
  const lagged = mean(values.slice(1).map((value, index) => value * values[index]));
  expect(Math.abs(lagged)).toBeLessThan(4 * error);
});

test("integers below ten come equally often: chi-squared below its 0.9999 quantile", () => {
  const random = rng(5);
  const counts = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 100_000; draw++) counts[random.integer(10)]++;
  const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquared).toBeLessThan(33.7);
});

test("uniform(low, high) stays in its bounds, normal(mean, std) is scaled", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: -100, max: 100 }), fc.integer({ min: 1, max: 100 }), (seed, low, span) => {
      const value = rng(seed).uniform(low, low + span);
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThan(low + span);
      expect(rng(seed).normal(low, span)).toBe(low + span * rng(seed).normal());
    }),
  );
});

test("a permutation holds every position once, a shuffle every value, and the original stays as it was", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 200 }), (seed, count) => {
      const expected = Array.from({ length: count }, (_, index) => index);
      expect(Array.from(rng(seed).permutation(count)).sort((a, b) => a - b)).toEqual(expected);
      const values = expected.map((index) => `v${index}`);
      const copy = [...values];
      expect(rng(seed).shuffle(values).sort()).toEqual([...copy].sort());
      expect(values).toEqual(copy);
    }),
  );
});

test("seeds and counts that are none are refused with what was expected", () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) {
    expect(() => rng(seed)).toThrow(`seed: expected an integer from 0 to 2^53 - 1, got ${seed}`);
    expect(() => childSeed(seed, "a")).toThrow("seed: expected");
  }
  expect(() => rng(1).integer(0)).toThrow("below: expected an integer from 1 to 2^32, got 0");
  expect(() => rng(1).permutation(-1)).toThrow("count: expected a non-negative integer, got -1");
});
