/**
 * Paths through a residual net by their length: with n branches that each can be taken or passed by, there are 2^n paths,
 * and those through k branches are the share C(n, k) / 2^n of them.
 *
 * @param branches - n, up to 1,000
 * @returns shares of the paths of length 0 to n
 * @throws RangeError if `branches` is no positive integer or above 1,000
 * @see Veit, Wilber & Belongie 2016, "Residual Networks Behave Like Ensembles of Relatively Shallow Networks",
 *   arXiv:1605.06431, section 3
 */
export function pathCensus(branches: number): number[] {
  if (!Number.isInteger(branches) || branches < 1 || branches > 1000) {
    throw new RangeError(`branches: expected an integer from 1 to 1000, got ${branches}`);
  }
  let shares = [1];
  for (let branch = 0; branch < branches; branch++) {
    // Each further branch doubles the paths: half of them go through it.
    shares = Array.from(
      { length: shares.length + 1 },
      (_, length) => ((shares[length] ?? 0) + (shares[length - 1] ?? 0)) / 2,
    );
  }
  return shares;
}
