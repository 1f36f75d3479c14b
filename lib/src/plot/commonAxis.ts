import type { Axis, Figure, Layout } from "./figure";

/**
 * One axis for several figures: that of the figure that reaches furthest (its ticks serve the others), reaching as far as
 * all of theirs.
 * @throws RangeError if the axes have different names or scales, or cells of different names
 */
export function commonAxis(figures: readonly Figure[], name: Extract<keyof Layout, `${"x" | "y"}axis${string}`>): Axis {
  const axes = figures.map(({ layout }) => layout[name]!);
  const [first] = axes;
  const other = axes.find(({ title, type }) => title.text !== first.title.text || type !== first.type);
  if (other !== undefined) {
    throw new RangeError(
      `${name}: expected the same in all figures, got "${first.title.text}" and "${other.title.text}"`,
    );
  }
  // The names of cells stand for what is in them; ticks on a scale of numbers are good for every figure.
  const named = axes.find(
    ({ showgrid, ticktext }) => showgrid === false && String(ticktext) !== String(first.ticktext),
  );
  if (named !== undefined) {
    throw new RangeError(
      `${name}: expected the same rows and columns in all figures, got ${String(first.ticktext)} and ${String(named.ticktext)}`,
    );
  }
  const ends = axes.flatMap(({ range }) => range ?? []);
  const widest = axes.reduce((a, b) => (isWider(b, a) ? b : a));
  if (ends.length < 2 * axes.length) return widest;
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const falls = first.range![0] > first.range![1];
  return { ...widest, range: falls ? [high, low] : [low, high] };
}

/** Whether `a` reaches further than `b`, or as far with more ticks. */
function isWider(a: Axis, b: Axis): boolean {
  const [reachA, reachB] = [a, b].map(({ range }) => (range === undefined ? 0 : Math.abs(range[1] - range[0])));
  return reachA > reachB || (reachA === reachB && (a.tickvals?.length ?? 0) > (b.tickvals?.length ?? 0));
}
