import type { Axis, Figure } from "./figure";

/**
 * One axis for several figures: that of the first, reaching as far as all of theirs.
 * @throws RangeError if the axes have different names or scales
 */
export function commonAxis(figures: readonly Figure[], name: "xaxis" | "yaxis"): Axis {
  const axes = figures.map(({ layout }) => layout[name]!);
  const [first] = axes;
  const other = axes.find(({ title, type }) => title.text !== first.title.text || type !== first.type);
  if (other !== undefined) {
    throw new RangeError(
      `${name}: expected the same in all figures, got "${first.title.text}" and "${other.title.text}"`,
    );
  }
  const ends = axes.flatMap(({ range }) => range ?? []);
  const widest = axes.reduce((a, b) => ((b.tickvals?.length ?? 0) > (a.tickvals?.length ?? 0) ? b : a));
  if (ends.length < 2 * axes.length) return widest;
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const falls = first.range![0] > first.range![1];
  return { ...widest, range: falls ? [high, low] : [low, high] };
}
