import { givenWords, numberWords, spreadWords } from "../../../lib/src/math/words";

test.each([
  [3.14159, "3.14"],
  [17, "17"],
  [0.0123456, "0.0123"],
  [-2.5, "−2.50"],
  [123456.7, "123000"],
  [999.96, "1000"],
  [3.5e-18, "3.50 × 10⁻¹⁸"],
  [-1.234e7, "−1.23 × 10⁷"],
  [0, "0"],
  [NaN, "NaN"],
  [-Infinity, "−∞"],
])("numberWords gives %s three significant digits: %s", (value, words) => {
  expect(numberWords(value)).toBe(words);
});

test.each([
  [0.04, "0.04"],
  [-8, "−8"],
  [1e-18, "1.00 × 10⁻¹⁸"],
  [0, "0"],
])("givenWords adds no digits to %s", (value, words) => {
  expect(givenWords(value)).toBe(words);
});

test.each([
  [[17, 18, 18], "17.7 ± 1.4"],
  // The half-width 0.0143 would vanish at one decimal: both take more.
  [[17.66, 17.67, 17.67], "17.67 ± 0.01"],
  [[1e-18, 2e-18, 3e-18], "(2.00 ± 2.48) × 10⁻¹⁸"],
  // A spread far larger than the mean sets the power of ten for both.
  [[-1, 1e-17, 1], "0.00 ± 2.48"],
  [[-3, -3, -3], "−3.00 ± 0.00"],
  [[0, 0], "0.00 ± 0.00"],
  [[4.2], "4.20"],
  [[1, NaN], "1, NaN"],
  [[], "no values"],
])("spreadWords writes %j as mean and half-width: %s", (values, words) => {
  expect(spreadWords(values)).toBe(words);
});
