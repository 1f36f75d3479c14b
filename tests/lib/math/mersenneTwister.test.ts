import { mersenneTwister } from "../../../lib/src/math/mersenneTwister";

// NumPy 1.x and 2.x, numpy.random.seed(42) before each line; quoted in full where NumPy prints eight digits.
describe("the Mersenne Twister with NumPy's seed 42", () => {
  const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);

  test("gives numpy.random.rand()", () => {
    const found = draw(3, mersenneTwister(42).uniform);
    [0.3745401188473625, 0.9507143064099162, 0.7319939418114051].forEach((value, index) => {
      expect(found[index]).toBe(value);
    });
  });

  test("gives numpy.random.randn(), with the spare number first made second", () => {
    const found = draw(3, mersenneTwister(42).normal);
    [0.4967141530112327, -0.13826430117118466, 0.6476885381006925].forEach((value, index) => {
      // One unit in the last place is left to the logarithm.
      expect(Math.abs(found[index] - value)).toBeLessThanOrEqual(1.2e-16);
    });
  });

  test("gives numpy.random.choice(48)", () => {
    const random = mersenneTwister(42);
    expect(draw(8, () => random.integer(48))).toEqual([38, 28, 14, 42, 7, 20, 38, 18]);
  });

  test("gives numpy.random.permutation(10)", () => {
    expect([...mersenneTwister(42).permutation(10)]).toEqual([8, 1, 5, 0, 7, 2, 9, 4, 3, 6]);
  });
});

test("the ten-thousandth number of seed 5489 is that of the C++ standard", () => {
  // mt19937 is defined by it: 4123659995. Two numbers make a double: of the 5,000th, the second word is that number.
  const random = mersenneTwister(5489);
  for (let index = 0; index < 4999; index++) random.uniform();
  const bits = random.uniform() * 9007199254740992;
  expect(bits % 67108864).toBe(4123659995 >>> 6);
});

test.each([-1, 1.5, 2 ** 32, NaN])("the seed %p is refused", (seed) => {
  expect(() => mersenneTwister(seed)).toThrow(`seed: expected an integer from 0 to 2^32 - 1, got ${seed}`);
});

test.each([0, -3, 1.5, 2 ** 31 + 1])("a number below %p is refused", (below) => {
  expect(() => mersenneTwister(1).integer(below)).toThrow(`below: expected an integer from 1 to 2^31, got ${below}`);
});
