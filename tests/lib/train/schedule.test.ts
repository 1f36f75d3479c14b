import { scheduleFactor, type Schedule } from "../../../lib/src/train/schedule";

const course = (schedule: Schedule, steps: number): number[] =>
  Array.from({ length: steps }, (_, index) => scheduleFactor(schedule, index + 1, steps));

const expectNear = (actual: number[], expected: number[]): void => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, index) => expect(value).toBeCloseTo(expected[index], 12));
};

test("a cosine begins at 1, is at a half in the middle, and would be 0 one step after the last", () => {
  const root = Math.SQRT1_2;
  expectNear(course({ kind: "cosine" }, 4), [1, (1 + root) / 2, 0.5, (1 - root) / 2]);
});

test("a line goes down in equal parts, after a warm-up that goes up in equal parts", () => {
  expectNear(course({ kind: "linear" }, 5), [1, 0.8, 0.6, 0.4, 0.2]);
  expectNear(course({ kind: "linear", warmup: 2 }, 6), [0.5, 1, 1, 0.75, 0.5, 0.25]);
});

test("steps multiply from their step on", () => {
  expectNear(course({ kind: "steps", at: [3, 5], factor: 0.1 }, 6), [1, 1, 0.1, 0.1, 0.01, 0.01]);
});

test("what is no schedule is refused", () => {
  expect(() => scheduleFactor({ kind: "linear", warmup: 4 }, 1, 4)).toThrow(
    "schedule.warmup: expected a whole number from 0 to below 4 steps, got 4",
  );
  expect(() => scheduleFactor({ kind: "steps", at: [1], factor: 0 }, 1, 4)).toThrow(
    "schedule.factor: expected a positive number, got 0",
  );
  expect(() => scheduleFactor({ kind: "step" } as unknown as Schedule, 1, 4)).toThrow(
    "schedule.kind: expected cosine, linear or steps, got step",
  );
});
