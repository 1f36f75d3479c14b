/** "1 seed", "5 seeds". */
export function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A value as it would be typed in code, numbers to six digits, long lists shortened. */
export function codeWords(value: unknown, depth = 0): string {
  if (typeof value === "number") return Object.is(value, -0) ? "0" : String(Number(value.toPrecision(6)));
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (typeof value === "function") return value.name === "" ? "a function" : `the function ${value.name}`;
  if (typeof value === "bigint") return `${String(value)}n`;
  if (value === null || typeof value !== "object") return String(value);
  if (depth > 3) return "…";
  const items = Array.isArray(value) || ArrayBuffer.isView(value) ? listOf(value) : undefined;
  if (items !== undefined) {
    const shown = items.slice(0, 8).map((item) => codeWords(item, depth + 1));
    return `[${shown.join(", ")}${items.length > 8 ? `, … ${String(items.length)} in all` : ""}]`;
  }
  const entries = Object.entries(value).slice(0, 8);
  return `{ ${entries.map(([key, part]) => `${key}: ${codeWords(part, depth + 1)}`).join(", ")} }`;
}

/** Text that html shows as it is. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}

/** Text as inline code in Markdown, whatever backticks it holds. */
export function inlineCode(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${fence}${space}${text.replace(/\s*\n\s*/g, " ")}${space}${fence}`;
}

/** The items of an array or typed array. */
export function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return Array.from(value as readonly unknown[]); // With undefined where there is a hole.
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Float64Array);
  return undefined;
}
