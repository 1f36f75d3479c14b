/**
 * @throws RangeError if a value is none of the known ones
 */
export function requireOneOf(name: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new RangeError(`${name}: expected ${known.join(" or ")}, got ${String(value)}`);
}
