/**
 * @throws RangeError if a size is no positive integer; tells which
 */
export function requireSizes(sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`${name}: expected a positive integer, got ${size}`);
  }
}
