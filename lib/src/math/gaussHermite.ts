/** A rule that integrates against the standard normal density: E f(z) ≈ Σ weights[i] f(nodes[i]). */
export interface GaussHermiteRule {
  /** Ascending, symmetric about 0. */
  readonly nodes: Float64Array;
  /** Positive; they sum to 1. */
  readonly weights: Float64Array;
}

/**
 * Gauss-Hermite rule for the standard normal density, exact for polynomials up to degree 2 `count` − 1.
 *
 * The nodes are the zeros of the Hermite polynomial of degree `count`, found by bisection: the signs of the
 * polynomials of all degrees up to it tell how many zeros lie above a point (Sturm).
 *
 * @param count - number of nodes, from 1 to 200
 * @throws RangeError if `count` is no such integer
 */
export function gaussHermite(count: number): GaussHermiteRule {
  if (!Number.isInteger(count) || count < 1 || count > 200) {
    throw new RangeError(`count: expected an integer from 1 to 200, got ${count}`);
  }
  const zeros = Array.from({ length: count }, (_, index) => zero(count, count - index));
  const nodes = Float64Array.from(zeros, (value, index) => (value - zeros[count - 1 - index]) / 2);
  const weights = nodes.map((node) => 1 / (count * squaredHermite(count - 1, node)));
  return { nodes, weights };
}

/**
 * Mean of `f` under a standard normal, by {@link gaussHermite}: 1e-6 or better for smooth saturating functions, exact for
 * the squares of ReLU and of its slope, whose kink lies at 0, and exactly 0 for odd functions.
 *
 * @param count - number of nodes, default 200
 */
export function gaussianMean(f: (z: number) => number, count = 200): number {
  let rule = rules.get(count);
  if (rule === undefined) {
    rule = gaussHermite(count);
    rules.set(count, rule);
  }
  const { nodes, weights } = rule;
  let sum = 0;
  for (let index = 0; index < count; index++) sum += weights[index] * (f(nodes[index]) + f(-nodes[index]));
  return sum / 2;
}

const rules = new Map<number, GaussHermiteRule>();

/** The zero of the Hermite polynomial of `degree` that has `rank` − 1 others above it. */
function zero(degree: number, rank: number): number {
  let low = -2 * Math.sqrt(degree);
  let high = -low;
  for (let middle = 0; middle > low && middle < high; middle = (low + high) / 2) {
    if (zerosAbove(degree, middle) >= rank) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function zerosAbove(degree: number, x: number): number {
  let changes = 0;
  let previous = 1;
  everyHermite(degree, x, (value) => {
    const current = value === 0 ? -previous : value;
    if (current > 0 !== previous > 0) changes++;
    previous = current;
  });
  return changes;
}

function squaredHermite(degree: number, x: number): number {
  let last = 1;
  everyHermite(degree, x, (value) => {
    last = value;
  });
  return last * last;
}

/** Visits the Hermite polynomials of degree 1 to `degree` at `x`, orthonormal under the standard normal density. */
function everyHermite(degree: number, x: number, visit: (value: number) => void): void {
  let before = 0;
  let value = 1;
  for (let k = 0; k < degree; k++) {
    const next = (x * value - Math.sqrt(k) * before) / Math.sqrt(k + 1);
    before = value;
    value = next;
    visit(value);
  }
}
