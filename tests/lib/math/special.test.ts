import * as special from "../../../lib/src/math/special";
import { golden } from "../../support/golden";

interface Golden {
  functions: { name: Exclude<keyof typeof special, "pow">; x: number; y: number }[];
  pow: { x: number; y: number; z: number }[];
}
const { functions, pow } = golden<Golden>("summaries");

// Both are correct to about one unit in the last place; lnGamma to a few.
const close = (actual: number, expected: number): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(expected)) * 4);
};

test.each(functions)("$name($x) is SciPy's", ({ name, x, y }) => {
  close(special[name](x), y);
});

test.each(pow)("pow($x, $y) is NumPy's", ({ x, y, z }) => {
  close(special.pow(x, y), z);
});
