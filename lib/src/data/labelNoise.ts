import { rng } from "../math/rng";
import { type Examples, examples } from "./examples";

/**
 * The same examples, some of them with a label drawn anew, uniformly from all classes, the right one included. With
 * `fraction` 1 all labels are random, and there is nothing to learn but the examples themselves.
 *
 * @param options - `fraction` of the examples, from 0 to 1, rounded to a whole number of them; `seed` decides which
 *   ones and which labels. With one seed, the labels that a smaller fraction changes are changed by a larger one, too.
 * @throws RangeError if `fraction` or `seed` is out of range
 * @see Zhang et al. 2017, "Understanding deep learning requires rethinking generalization", arXiv:1611.03530, section 2
 */
export function withLabelNoise(
  { x, labels, shape, classes, count }: Examples,
  { fraction, seed }: { readonly fraction: number; readonly seed: number },
): Examples {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`fraction: expected a number from 0 to 1, got ${fraction}`);
  }
  const random = rng(seed).child("label noise");
  const noisy = labels.slice();
  for (const index of random.permutation(count).subarray(0, Math.round(fraction * count))) {
    noisy[index] = random.integer(classes);
  }
  return examples({ x, labels: noisy, shape, classes });
}
