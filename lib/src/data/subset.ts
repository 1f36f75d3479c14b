import { rng } from "../math/rng";
import { type Examples, examples } from "./examples";

/**
 * Some of the examples, drawn without replacement, as a copy. With one seed, a smaller subset is the beginning of a
 * larger one.
 *
 * @param options - `count` of the subset; `seed` decides which examples
 * @throws RangeError if there are not that many examples, or `seed` is out of range
 */
export function subset(all: Examples, { count, seed }: { readonly count: number; readonly seed: number }): Examples {
  if (!Number.isInteger(count) || count < 1 || count > all.count) {
    throw new RangeError(`count: expected 1 to ${all.count} examples, got ${count}`);
  }
  const size = all.x.length / all.count;
  const x = new Float32Array(count * size);
  const labels = all.labels.slice(0, count);
  rng(seed)
    .child("subset")
    .permutation(all.count)
    .subarray(0, count)
    .forEach((from, to) => {
      x.set(all.x.subarray(from * size, (from + 1) * size), to * size);
      labels[to] = all.labels[from];
    });
  return examples({ x, labels, shape: all.shape, classes: all.classes });
}
