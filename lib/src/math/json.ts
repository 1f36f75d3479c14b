// JSON that keeps NaN and infinities, which JSON itself turns into null.

/**
 * Plain data as JSON; numbers that JSON lacks become `{ "number": "NaN" }`, `"Infinity"` or `"-Infinity"`.
 *
 * @param arrange - what stands in the place of each object; default: the object
 */
export function toJson(data: unknown, arrange: (object: object) => object = (object) => object): string {
  return JSON.stringify(data, (_, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value)) return { number: String(value) };
    return typeof value === "object" && value !== null && !Array.isArray(value) ? arrange(value) : value;
  });
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

/** JSON in which the keys of every object are in order, so that equal data are equal texts. */
export function canonicalJson(data: unknown): string {
  return toJson(data, (value) =>
    Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))),
  );
}
