/**
 * The greatest width whose cost is within a budget, for costs that grow with width.
 *
 * @param budget - in the unit of `cost`
 * @param cost - of a width, a positive integer; e.g. `(width) => mlpCost({ depth: 4, width }).parameters`
 * @throws RangeError if width 1 is over the budget, or the cost does not grow past it
 */
export function widest(budget: number, cost: (width: number) => number): number {
  const least = cost(1);
  if (!(least <= budget))
    throw new RangeError(`budget: expected at least ${least}, the cost of width 1, got ${budget}`);
  let beyond = 2;
  while (cost(beyond) <= budget) {
    if (beyond > 1e9)
      throw new RangeError(`cost: expected one that grows with width, got ${cost(beyond)} at ${beyond}`);
    beyond *= 2;
  }
  let width = beyond / 2;
  while (beyond - width > 1) {
    const middle = Math.floor((width + beyond) / 2);
    if (cost(middle) <= budget) width = middle;
    else beyond = middle;
  }
  return width;
}
