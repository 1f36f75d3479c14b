/**
 * @throws RangeError if a size is no positive integer
 */
export function requireSizes(sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`${name}: expected a positive integer, got ${size}`);
  }
}

/**
 * @throws RangeError if a value is none of the known ones
 */
export function requireOneOf(name: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new RangeError(`${name}: expected ${known.join(" or ")}, got ${String(value)}`);
}
