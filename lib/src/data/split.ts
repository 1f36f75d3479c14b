import { type Examples, examples } from "./examples";

/**
 * Examples cut into consecutive parts, as views: nothing is copied or shuffled. The same cuts through examples that
 * differ only in their labels give parts that belong together.
 *
 * @param counts - examples of each part; what is left over belongs to none
 * @throws RangeError if a count is no positive integer or there are not that many examples
 */
export function split(all: Examples, counts: readonly number[]): Examples[] {
  const { x, labels, shape, classes, count } = all;
  const wrong = counts.find((wanted) => !Number.isInteger(wanted) || wanted < 1);
  if (wrong !== undefined) throw new RangeError(`counts: expected positive integers, got ${wrong}`);
  const wanted = counts.reduce((sum, part) => sum + part, 0);
  if (wanted > count) throw new RangeError(`counts: expected at most ${count} examples in all, got ${wanted}`);
  const size = x.length / count;
  let from = 0;
  return counts.map((part) => {
    const to = from + part;
    const cut = examples({
      x: x.subarray(from * size, to * size),
      labels: labels.subarray(from, to),
      shape,
      classes,
    });
    from = to;
    return cut;
  });
}
