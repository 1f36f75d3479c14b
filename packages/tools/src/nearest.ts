/**
 * The (at most three) `candidates` most like `name`: those that contain it, then by the number of edits between them.
 */
export function nearest(name: string, candidates: readonly string[]): string[] {
  const rank = (candidate: string): number => (candidate.includes(name) ? 0 : edits(name, candidate));
  return [...candidates].sort((a, b) => rank(a) - rank(b)).slice(0, 3);
}

/** Levenshtein's distance: insertions, deletions and replacements that turn `from` into `to`. */
function edits(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = previous[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, previous[j] + 1, row[j - 1] + 1));
    }
    previous = row;
  }
  return previous[to.length];
}
