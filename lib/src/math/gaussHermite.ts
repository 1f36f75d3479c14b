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
 * polynomials of all degrees up to it tell how many of them lie above a point.
 *
 * @param count - number of nodes, from 1 to 200
 * @throws RangeError if `count` is no such integer
 */
export function gaussHermite(count: number): GaussHermiteRule {
  if (!Number.isInteger(count) || count < 1 || count > 200) {
    throw new RangeError(`count: expected an integer from 1 to 200, got ${count}`);
  }
  const hermite = hermitePolynomials(count);
  const outermost = 2 * Math.sqrt(count);
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let rank = 1; rank <= Math.ceil(count / 2); rank++) {
    const node = 2 * rank === count + 1 ? 0 : zeroOfRank(rank, hermite, outermost);
    const last = hermite(node).beforeLast;
    nodes[rank - 1] = -node;
    nodes[count - rank] = node;
    weights[rank - 1] = weights[count - rank] = 1 / (count * last * last);
  }
  return { nodes, weights };
}

/** What {@link hermitePolynomials} tells at one point. */
interface HermiteValues {
  /** The polynomial one degree below the highest. */
  readonly beforeLast: number;
  /** Zeros of the polynomial of the highest degree above the point: changes of sign from degree to degree (Sturm). */
  readonly zerosAbove: number;
}

/** Evaluates the Hermite polynomials up to `degree`, orthonormal under the standard normal density. */
function hermitePolynomials(degree: number): (x: number) => HermiteValues {
  const roots = Float64Array.from({ length: degree + 1 }, (_, k) => Math.sqrt(k));
  return (x) => {
    let before = 0;
    let value = 1;
    let zerosAbove = 0;
    for (let k = 0; k < degree; k++) {
      const next = (x * value - roots[k] * before) / roots[k + 1];
      before = value;
      value = next;
      if (value > 0 !== before > 0) zerosAbove++;
    }
    return { beforeLast: before, zerosAbove };
  };
}

/** The zero that has `rank` − 1 others above it, by bisection. */
function zeroOfRank(rank: number, hermite: (x: number) => HermiteValues, outermost: number): number {
  let low = 0;
  let high = outermost;
  for (let middle = high / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (hermite(middle).zerosAbove >= rank) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
