import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import * as deepen from "deepen";
import { editionCells } from "../../../packages/tools/src/edition";
import { parseSource, type SourceCell } from "../../../packages/tools/src/source";

/** The checkout. */
export const root = path.resolve(__dirname, "../../..");

const folder = path.join(root, "notebooks", "src");

/** Slugs of all chapters, e.g. "03-vanishing-gradients". */
export const slugs: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".nb.ts"))
  .map((file) => file.slice(0, -".nb.ts".length))
  .sort();

/** The least that a chapter has of each thing; an introduction is short. */
export function least(slug: string): {
  readonly claims: number;
  readonly predictions: number;
  readonly exercises: number;
  readonly figures: number;
} {
  return slug.startsWith("00-")
    ? { claims: 2, predictions: 3, exercises: 2, figures: 3 }
    : { claims: 6, predictions: 3, exercises: 5, figures: 6 };
}

/** Cells of a chapter's source, teacher cells and regions included. */
export function cellsOf(slug: string): readonly SourceCell[] {
  return parseSource(readFileSync(path.join(folder, `${slug}.nb.ts`), "utf8"), `${slug}.nb.ts`).cells;
}

/** What a chapter's `.exercises.ts` exports. */
export async function exercisesOf(slug: string): Promise<{
  readonly exercises: readonly deepen.lesson.Exercise[];
  readonly recall: readonly { readonly question: string; readonly answer: string }[];
}> {
  return (await import(path.join(folder, `${slug}.exercises.ts`))) as Awaited<ReturnType<typeof exercisesOf>>;
}

/** The cell that checks exercise `id`. */
export function exerciseCell(slug: string, id: string): SourceCell {
  const found = cellsOf(slug).filter(({ lines }) => lines.some(({ text }) => text.includes(`check("${id}"`)));
  if (found.length !== 1)
    throw new Error(`${slug}: expected one cell with check("${id}", …), found ${String(found.length)}`);
  return found[0];
}

/** The lines between SOLUTION and EXERCISE in a cell, without their common indentation. */
export function solutionRegion(cell: SourceCell): string {
  const texts = cell.lines.map(({ text }) => text);
  const from = texts.findIndex((text) => text.trim() === "// SOLUTION");
  const to = texts.findIndex((text) => text.trim() === "// EXERCISE");
  const lines = texts.slice(from + 1, to);
  const indent = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join("\n");
}

/** The code of a cell in one edition, up to its check, and the name that is checked. */
export function answerCode(
  cell: SourceCell,
  edition: "learner" | "teacher",
): { readonly code: string; readonly name: string } {
  const text = editionCells([cell], edition)[0]
    .lines.map((line) => line.text)
    .join("\n");
  const check = /^await check\("[^"]+", (\w+)\);$/m.exec(text);
  if (check === null) throw new Error(`cell ${cell.id}: expected a line \`await check("…", name);\``);
  return { code: text.slice(0, check.index), name: check[1] };
}

/** Runs code that makes `name` and gives its value; loops end after 60 rounds with an error. */
export function evaluate(code: string, name: string): unknown {
  const javascript = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText;
  const { math, lesson, data, nn, probe, train, tf } = deepen;
  const doors = { math, lesson, data, nn, probe, train, tf, theory: { ...deepen.theory, chi1 } };
  let rounds = 0;
  const tick = (): void => {
    rounds += 1;
    if (rounds > 60) throw new Error("endless loop");
  };
  const body = `"use strict";\n${withTicks(javascript)}\nreturn ${name};`;
  const value: unknown = new Function(...Object.keys(doors), "tick", body)(...Object.values(doors), tick);
  if (typeof value !== "function") return value;
  return (...input: unknown[]): unknown => {
    rounds = 0;
    return (value as (...input: unknown[]) => unknown)(...input);
  };
}

const { tanh, exp, sqrt } = Math;
const grid = Array.from({ length: 121 }, (_, index) => (index - 60) / 7.5);
const density = grid.map((z) => exp((-z * z) / 2));
const total = density.reduce((sum, weight) => sum + weight, 0);
const bellMean = (f: (z: number) => number): number =>
  grid.reduce((sum, z, index) => sum + density[index] * f(z), 0) / total;

/**
 * `theory.chi1` for tanh by other means (trapezoid rule, q* between 0 and its greatest value): inside jest the library's
 * takes 10 ms, and mutants ask for thousands. A solution must pass with either.
 */
function chi1(...[activation, { weightVariance, biasVariance = 0 }]: Parameters<typeof deepen.theory.chi1>): number {
  if (activation !== "tanh") throw new RangeError(`activation: expected "tanh", got ${String(activation)}`);
  let [low, high] = [0, weightVariance + biasVariance];
  for (let halving = 0; halving < 50; halving++) {
    const q = (low + high) / 2;
    if (weightVariance * bellMean((z) => tanh(sqrt(q) * z) ** 2) + biasVariance > q) low = q;
    else high = q;
  }
  return weightVariance * bellMean((z) => (1 - tanh(sqrt(high) * z) ** 2) ** 2);
}

/** Calls `tick` at the beginning of every loop's body. */
function withTicks(javascript: string): string {
  const file = ts.createSourceFile("answer.js", javascript, ts.ScriptTarget.ES2022, true);
  const places: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIterationStatement(node, false) && ts.isBlock(node.statement)) places.push(node.statement.getStart() + 1);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return places
    .sort((a, b) => b - a)
    .reduce((text, place) => `${text.slice(0, place)} tick();${text.slice(place)}`, javascript);
}

/** True for exercises that ask for a function. */
export function isFunctionExercise(exercise: deepen.lesson.Exercise): exercise is deepen.lesson.FunctionExercise {
  return exercise.kind === "implement" || exercise.kind === "debug";
}
