import { pathCensus } from "../../../lib/src/theory/pathCensus";

test("three branches make eight paths: 1, 3, 3 and 1 of length 0 to 3", () => {
  expect(pathCensus(3)).toEqual([1 / 8, 3 / 8, 3 / 8, 1 / 8]);
});

test("of 54 branches, paths through 5 to 17 are the 0.45 per cent that Veit et al. name", () => {
  const short = pathCensus(54).slice(5, 18);
  expect(short.reduce((sum, share) => sum + share, 0)).toBeCloseTo(0.004537, 6);
});

test("shares add up to 1, their mean is half the branches and their variance a quarter, also of 1,000", () => {
  const shares = pathCensus(1000);
  const moment = (power: (length: number) => number) =>
    shares.reduce((sum, share, length) => sum + share * power(length), 0);
  expect(moment(() => 1)).toBeCloseTo(1, 12);
  expect(moment((length) => length)).toBeCloseTo(500, 9);
  expect(moment((length) => (length - 500) * (length - 500))).toBeCloseTo(250, 8);
});

test.each([0, 2.5, 1001])("%p branches are refused", (branches) => {
  expect(() => pathCensus(branches)).toThrow(`branches: expected an integer from 1 to 1000, got ${branches}`);
});
