import { readFileSync } from "node:fs";
import path from "node:path";

/** Reads `tests/golden/<name>.json`: numbers made by a program that shares no code with ours. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(__dirname, "..", "golden", `${name}.json`), "utf8")) as T;
}
