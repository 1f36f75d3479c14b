import { requireSizes } from "../math/sizes";
import { pow } from "../math/special";

/**
 * Upper bound on the probability that a ReLU net with symmetric weights and zero biases is born dead, that is, starts
 * as a constant function: 1 − ∏ (1 − 2^−width) over its `depth` − 1 hidden layers.
 *
 * @param depth - weight layers L, output included
 * @param width - units of each hidden layer
 * @returns probability in [0, 1); it goes to 1 with depth at any fixed width
 * @throws RangeError if either is no positive integer
 * @see Lu et al. 2019, arXiv:1903.06733, theorem 3.3
 */
export function bornDeadBound(depth: number, width: number): number {
  requireSizes({ depth, width });
  return 1 - pow(1 - pow(2, -width), depth - 1);
}
