import { rng } from "../../../lib/src/math/rng";
import { linearProbe } from "../../../lib/src/probe/linearProbe";
import { golden } from "../../support/golden";

interface Golden {
  ridge: {
    train: number[];
    trainLabels: number[];
    test: number[];
    testLabels: number[];
    accuracies: Record<string, number>;
  };
}
const { ridge: sklearn } = golden<Golden>("probes");
const train = { features: { values: Float32Array.from(sklearn.train), units: 4 }, labels: sklearn.trainLabels };
const test_ = { features: { values: Float32Array.from(sklearn.test), units: 4 }, labels: sklearn.testLabels };

describe("linearProbe", () => {
  test.each(Object.entries(sklearn.accuracies))(
    "scores as scikit-learn's scaler and ridge do, with a penalty of %s",
    (penalty, accuracy) => {
      expect(linearProbe(train, test_, { penalty: Number(penalty) })).toBeCloseTo(accuracy, 12);
    },
  );

  test("does not care for the scale of a feature, nor for a feature that is constant", () => {
    const scaled = (values: Float32Array): Float32Array =>
      values.map((value, index) => (index % 4 === 1 ? 64 * value : index % 4 === 3 ? 7 : value));
    const both = [train, test_].map((part) => ({
      ...part,
      features: { units: 4, values: scaled(part.features.values) },
    }));
    expect(linearProbe(both[0], both[1])).toBe(linearProbe(train, test_));
  });

  test("finds nothing in features that know nothing: chance on held-out examples, not on those it was fitted to", () => {
    const random = rng(3);
    const draw = (): { features: { values: Float32Array; units: number }; labels: number[] } => ({
      features: { values: Float32Array.from({ length: 200 * 100 }, () => random.normal()), units: 100 },
      labels: Array.from({ length: 200 }, () => random.integer(2)),
    });
    const [a, b] = [draw(), draw()];
    expect(Math.abs(linearProbe(a, b) - 0.5)).toBeLessThan(0.12);
    expect(linearProbe(a, a)).toBeGreaterThan(0.8);
  });

  test("names features and labels that do not fit", () => {
    expect(() => linearProbe(train, { ...test_, labels: [1] })).toThrow(
      "test: expected [1, 4] features for 1 labels, got 120 numbers",
    );
    expect(() => linearProbe(train, { ...test_, features: { ...test_.features, units: 3 } })).toThrow(
      "test: expected 4 features as in train, got 3",
    );
  });
});
