let calls = 0;

/** What `todo` returns: counts as no number, so that whatever is computed from it shows as missing. */
class NotDone {
  constructor(readonly id: string) {}

  valueOf(): number {
    return NaN;
  }

  toString(): string {
    return `not done: ${this.id}`;
  }
}

/**
 * Stands where the solution of an exercise goes: compiles as any type, stops nothing, and its check says "not done".
 * @param id - the exercise, e.g. "03.1"
 */
export function todo(id: string): never {
  calls++;
  return new NotDone(id) as never;
}

/** True for what `todo` returned. */
export function isTodo(value: unknown): boolean {
  return value instanceof NotDone;
}

/** How often `todo` was called so far. */
export function todoCalls(): number {
  return calls;
}
