import { ridge } from "../../../lib/src/math/ridge";
import { golden } from "../../support/golden";

interface Golden {
  ridge: { train: number[]; trainLabels: number[]; penalty: number; weights: number[]; intercept: number[] };
}
const { ridge: sklearn } = golden<Golden>("probes");
const oneHot = sklearn.trainLabels.flatMap((label) => [0, 1, 2].map((k) => (k === label ? 1 : 0)));

describe("ridge", () => {
  test("finds scikit-learn's weights and intercepts", () => {
    const fitted = ridge(sklearn.train, oneHot, { features: 4, targets: 3, penalty: sklearn.penalty });
    fitted.weights.forEach((weight, index) => expect(weight).toBeCloseTo(sklearn.weights[index], 12));
    fitted.intercept.forEach((value, index) => expect(value).toBeCloseTo(sklearn.intercept[index], 12));
  });

  test("shrinks a single slope by n var / (n var + penalty), and leaves the intercept free", () => {
    const { weights, intercept } = ridge([0, 1, 2], [5, 7, 9], { features: 1, targets: 1, penalty: 2 });
    expect(weights[0]).toBeCloseTo(1, 14);
    expect(intercept[0]).toBeCloseTo(6, 14);
  });

  test("names lengths that do not fit and penalties that are not positive", () => {
    expect(() => ridge([1, 2, 3], [1], { features: 2, targets: 1, penalty: 1 })).toThrow(
      "x, y: expected [N, 2] and [N, 1], got 3 and 1 numbers",
    );
    expect(() => ridge([1], [1], { features: 1, targets: 1, penalty: 0 })).toThrow(
      "penalty: expected a positive number, got 0",
    );
  });
});
