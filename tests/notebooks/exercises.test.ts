import { ready } from "@deepen/engine";
import { lesson, math } from "deepen";
import {
  answerCode,
  evaluate,
  exerciseCell,
  exercisesOf,
  isFunctionExercise,
  slugs,
  solutionRegion,
} from "./support/chapters";
import { mutants } from "./support/mutants";
import { wideInputs } from "./support/variants";

/** A solution of one short line has about six; fewer would say that the mutants are not made. */
const fewestMutants = 4;

/** What a call gives: a value, or the error it throws. */
function outcome(call: unknown, input: readonly unknown[]): unknown {
  try {
    return (call as (...input: unknown[]) => unknown)(...(structuredClone(input) as unknown[]));
  } catch (error) {
    return String(error);
  }
}

/** True if no number of `b` is further from its partner in `a` than twice what the check lets pass. */
function alike(a: unknown, b: unknown, tolerance: number): boolean {
  if (typeof a === "number" && typeof b === "number") return a === b || Math.abs(a - b) <= 2 * tolerance * Math.abs(a);
  if (!Array.isArray(a) || !Array.isArray(b)) return Object.is(a, b);
  return a.length === b.length && a.every((part, index) => alike(part, b[index], tolerance));
}

jest.setTimeout(300_000); // a design exercise runs its experiment for every variant

describe.each(slugs)("the exercises of %s", (slug) => {
  let exercises: readonly lesson.Exercise[];
  beforeAll(async () => {
    await ready();
    ({ exercises } = await exercisesOf(slug));
  });

  test("have solutions in the lesson that pass, and stubs that are not done", async () => {
    for (const exercise of exercises) {
      const cell = exerciseCell(slug, exercise.id);
      const solved = answerCode(cell, "teacher");
      const stub = answerCode(cell, "learner");
      const passed = await lesson.judge(exercise, evaluate(solved.code, solved.name));
      expect([exercise.id, passed.state, passed.message]).toEqual([exercise.id, "passed", passed.message]);
      const open = await lesson.judge(exercise, evaluate(stub.code, stub.name));
      expect([exercise.id, open.state]).toEqual([exercise.id, "not done"]);
    }
  });

  test("show as solution what stands in the lesson, three different hints and a reason", () => {
    for (const { id, solutionText, hints } of exercises) {
      expect([id, solutionText.code]).toEqual([id, solutionRegion(exerciseCell(slug, id))]);
      expect(solutionText.reason.length).toBeGreaterThan(80);
      expect(new Set(hints).size).toBe(3);
    }
  });

  test("take every right variant, of which there are two or more (a choice has but one letter)", async () => {
    for (const exercise of exercises) {
      expect(exercise.right.length).toBeGreaterThanOrEqual(exercise.kind === "interpret" ? 1 : 2);
      for (const [index, right] of exercise.right.entries()) {
        const { state, message } = await lesson.judge(exercise, right);
        expect([exercise.id, index, state, message]).toEqual([exercise.id, index, "passed", message]);
      }
    }
  });

  test("recognise every wrong variant, three or more, by its own message", async () => {
    for (const exercise of exercises) {
      if (exercise.kind === "interpret") {
        const letters = Object.keys(exercise.options);
        expect(letters.length).toBeGreaterThanOrEqual(4);
        for (const letter of letters) {
          const { state, message } = await lesson.judge(exercise, letter);
          expect([letter, state]).toEqual([letter, letter === exercise.solution ? "passed" : "not yet right"]);
          expect(message).toContain(exercise.options[letter].explanation);
        }
        continue;
      }
      expect(exercise.wrong.length).toBeGreaterThanOrEqual(3);
      for (const wrong of exercise.wrong) {
        const { state, named, message } = await lesson.judge(exercise, wrong.answer);
        expect([exercise.id, state, named]).toEqual([exercise.id, "not yet right", wrong.name]);
        if (typeof wrong.message === "string") expect(message).toContain(wrong.message);
      }
    }
  });

  test("let no mutant of a solution pass that behaves differently", async () => {
    const survivors: string[] = [];
    for (const exercise of exercises.filter(isFunctionExercise)) {
      const { code, name } = answerCode(exerciseCell(slug, exercise.id), "teacher");
      const tolerance = exercise.tolerance ?? 1e-6;
      const generator = math.rng(20_261_126);
      const random = Array.from({ length: exercise.randomCount === undefined ? 200 : 0 }, (_, index) =>
        exercise.random!(() => generator.uniform(), index),
      );
      const inputs = [...(wideInputs[exercise.id] ?? []), ...random];
      const expected = inputs.map((input) => outcome(exercise.solution, input));
      const all = mutants(code);
      expect([exercise.id, all.length >= fewestMutants]).toEqual([exercise.id, true]);
      for (const mutant of all) {
        let answer: unknown;
        try {
          answer = evaluate(mutant.code, name);
        } catch {
          continue; // does not even load
        }
        if (inputs.every((input, index) => alike(expected[index], outcome(answer, input), tolerance))) continue;
        const { state } = await lesson.judge(exercise, answer);
        if (state === "passed") survivors.push(`${exercise.id}, ${mutant.change}`);
      }
    }
    expect(survivors).toEqual([]);
  }, 600_000);

  test("let no other number, word or letter pass where a value is asked for", async () => {
    for (const exercise of exercises) {
      if (exercise.kind !== "value") continue;
      for (const other of otherValues(exercise.solution)) {
        const { state } = await lesson.judge(exercise, other);
        expect([exercise.id, other, state]).toEqual([exercise.id, other, "not yet right"]);
      }
    }
  });
});

/** Copies of a value in each of which one number or word is another. */
function otherValues(value: unknown): unknown[] {
  if (typeof value === "number")
    return [value + 1, value - 1, -value, 2 * value, value / 2, 0, NaN].filter((other) => other !== value);
  if (typeof value === "string") return ["", `${value} `, value.slice(1), "other"];
  if (Array.isArray(value))
    return value.flatMap((part, index) =>
      otherValues(part).map((other) => Object.assign([...(value as unknown[])], { [index]: other })),
    );
  const record = value as Readonly<Record<string, unknown>>;
  return Object.entries(record).flatMap(([key, part]) =>
    otherValues(part).map((other) => ({ ...record, [key]: other })),
  );
}
