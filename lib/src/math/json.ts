// JSON that keeps NaN and infinities, which JSON itself turns into null.

/** Plain data as JSON; numbers that JSON lacks become `{ "number": "NaN" }`, `"Infinity"` or `"-Infinity"`. */
export function toJson(data: unknown, space?: number): string {
  return JSON.stringify(
    data,
    (_, value: unknown) => (typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value),
    space,
  );
}

/**
 * What {@link toJson} was given.
 * @throws SyntaxError if it is no JSON
 */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    const { number, ...rest } = (value ?? {}) as { readonly number?: unknown };
    const encoded = typeof number === "string" && Object.keys(rest).length === 0;
    return encoded ? Number(number) : value;
  });
}
