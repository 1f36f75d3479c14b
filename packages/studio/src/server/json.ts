/** A JSON object of unknown fields, as it comes from a request or a file. */
export type JsonObject = Record<string, unknown>;

/** Whether `value` is a JSON object (neither null nor an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object in field `name` of `parent`, or an empty one where there is none. */
export function objectIn(parent: JsonObject, name: string): JsonObject {
  const value = parent[name];
  return isObject(value) ? value : {};
}

/** The string in field `name` of `parent`, or undefined where there is none. */
export function stringIn(parent: JsonObject, name: string): string | undefined {
  const value = parent[name];
  return typeof value === "string" ? value : undefined;
}
