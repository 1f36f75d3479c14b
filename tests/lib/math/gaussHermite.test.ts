import { gaussHermite } from "../../../lib/src/math/gaussHermite";
import { golden } from "../../support/golden";

test("the rule of 24 nodes is NumPy's", () => {
  const { gaussHermite24 } = golden<{ gaussHermite24: { nodes: number[]; weights: number[] } }>("summaries");
  const { nodes, weights } = gaussHermite(24);
  gaussHermite24.nodes.forEach((node, index) => {
    expect(Math.abs(nodes[index] - node)).toBeLessThan(1e-13);
    // Weights span 24 powers of ten; NumPy's own smallest ones are right to about 1e-11 of themselves.
    expect(Math.abs(weights[index] / gaussHermite24.weights[index] - 1)).toBeLessThan(1e-10);
  });
});

test.each([1, 2, 5, 100, 200])(
  "a rule of %d nodes gives the even moments of a standard normal: 1, 1, 3, 15, 105",
  (count) => {
    const { nodes, weights } = gaussHermite(count);
    [1, 1, 3, 15, 105].forEach((expected, half) => {
      if (2 * half > 2 * count - 1) return; // beyond the degree that the rule is exact for
      const moment = nodes.reduce((sum, node, index) => sum + weights[index] * node ** (2 * half), 0);
      expect(Math.abs(moment / expected - 1)).toBeLessThan(1e-13);
    });
  },
);

test("nodes ascend and are symmetric", () => {
  const { nodes } = gaussHermite(100);
  nodes.forEach((node, index) => {
    expect(node).toBe(-nodes[99 - index]);
    if (index > 0) expect(node).toBeGreaterThan(nodes[index - 1]);
  });
});

test("counts outside 1 to 200 are refused", () => {
  for (const count of [0, 201, 2.5]) {
    expect(() => gaussHermite(count)).toThrow(`count: expected an integer from 1 to 200, got ${count}`);
  }
});
