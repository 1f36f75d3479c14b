import { mnist1d, mnist1dSignals } from "../../../lib/src/data/mnist1d";
import { golden } from "../../support/golden";

interface Golden {
  readonly sets: readonly {
    readonly count: number;
    readonly seed: number;
    readonly rows: Readonly<Record<string, readonly number[]>>;
    readonly rowSums: readonly number[];
    readonly sumOfSquares: number;
    readonly weightedSum: number;
    readonly weightedLabelSum: number;
    readonly labels: readonly number[];
  }[];
}

test.each(golden<Golden>("mnist1dSignals").sets)(
  "$count signals of seed $seed are those of the authors' package, to 1e-12",
  ({ count, seed, rows, rowSums, sumOfSquares, weightedSum, weightedLabelSum, labels }) => {
    const found = mnist1dSignals({ count, seed });
    for (const [row, values] of Object.entries(rows)) {
      values.forEach((value, index) => {
        expect(Math.abs(found.x[Number(row) * 40 + index] - value)).toBeLessThan(1e-12);
      });
    }
    rowSums.forEach((sum, index) => {
      const first = index * Math.max(1, Math.floor(count / 50)) * 40;
      const own = found.x.subarray(first, first + 40).reduce((total, value) => total + value, 0);
      expect(Math.abs(own - sum)).toBeLessThan(40e-12);
    });
    // Summed in another order: up to 640,000 roundings of totals up to 6e5 and, with weights up to 97, of some 1e4.
    expect(Math.abs(found.x.reduce((sum, value) => sum + value * value, 0) - sumOfSquares)).toBeLessThan(1e-6);
    const weighted = found.x.reduce((sum, value, index) => sum + value * ((index % 97) + 1), 0);
    expect(Math.abs(weighted - weightedSum)).toBeLessThan(1e-6);
    expect(found.labels.reduce((sum, label, index) => sum + label * ((index % 97) + 1), 0)).toBe(weightedLabelSum);
    expect([...found.labels.subarray(0, 200)]).toEqual(labels);
  },
);

/** Golden values of the authors' frozen file mnist1d_data.pkl. */
describe("MNIST-1D as published", () => {
  const { x, labels, mean, std } = mnist1dSignals({});

  test("has the mean and the standard deviation that normalise it", () => {
    expect(Math.abs(mean - -0.005507506431277258)).toBeLessThan(1e-12);
    expect(Math.abs(std - 0.15467803420592993)).toBeLessThan(1e-12);
    // The authors divide the positions by it, too: their t[0].
    expect(-5 / 6 / std).toBeCloseTo(-5.38753507, 8);
  });

  test("has the signals of the file, as far as their eight digits are known", () => {
    const golden = new Map([
      [0, -0.33200567],
      [1, -0.47191037],
      [2, -0.77869708],
      [3, -1.00974083],
      [3999 * 40 + 38, -1.4649417],
      [3999 * 40 + 39, -1.65099286],
      [4000 * 40, -0.07877078],
      [4000 * 40 + 1, -0.21073171],
    ]);
    for (const [index, value] of golden) expect(Math.abs(x[index] - value)).toBeLessThan(6e-9);
  });

  test("has the sums of the training signals", () => {
    const train = x.subarray(0, 4000 * 40);
    expect(train.reduce((sum, value) => sum + value, 0)).toBeCloseTo(-51.787468, 6);
    expect(train.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(159248.25387, 5);
    expect(train.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeCloseTo(5.4794191, 7);
  });

  test("has the labels of the file, in its order", () => {
    expect([...labels.subarray(0, 10)]).toEqual([2, 6, 4, 5, 6, 6, 6, 0, 3, 1]);
    expect([...labels.subarray(4000, 4005)]).toEqual([2, 6, 3, 9, 4]);
    const counts = Array.from({ length: 10 }, (_, digit) => labels.subarray(0, 4000).filter((l) => l === digit).length);
    expect(counts).toEqual([398, 396, 411, 394, 394, 402, 401, 404, 402, 398]);
  });

  test("comes as 4,000 signals of shape [40, 1] to train and 1,000 to test, rounded to float32", () => {
    const { train, test: unseen } = mnist1d();
    expect([train.count, unseen.count, train.shape, train.classes]).toEqual([4000, 1000, [40, 1], 10]);
    expect(train.x[0]).toBe(Math.fround(x[0]));
    expect(unseen.x[0]).toBe(Math.fround(x[160_000]));
    expect([...unseen.labels.subarray(0, 5)]).toEqual([2, 6, 3, 9, 4]);
  });
});

test("another seed gives other signals, and a smaller count the same shares of the digits", () => {
  const { train, test: unseen } = mnist1d({ seed: 7, count: 100 });
  expect([train.count, unseen.count]).toEqual([80, 20]);
  const digits = [...train.labels, ...unseen.labels].sort();
  expect(digits).toEqual(Array.from({ length: 100 }, (_, index) => Math.floor(index / 10)));
  expect(train.x[0]).not.toBe(mnist1d({ seed: 8, count: 100 }).train.x[0]);
});

test.each([0, 15, -10, 2.5])("a count of %p is refused", (count) => {
  expect(() => mnist1d({ count })).toThrow(`count: expected a positive multiple of 10, got ${count}`);
});
