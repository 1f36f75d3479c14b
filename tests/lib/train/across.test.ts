import { across } from "../../../lib/src/train/across";
import type { ExperimentResult } from "../../../lib/src/train/experiment";

const result = (depth: number, seed: number): ExperimentResult =>
  ({ spec: { model: { depth }, seed }, parameters: 10 * depth + seed }) as unknown as ExperimentResult;
const depthOf = ({ spec }: ExperimentResult): number => (spec.model as { depth: number }).depth;
const value = ({ parameters }: ExperimentResult): number => parameters;

test("a sweep's results become one list per seed over ascending x, in whichever order its x stand", () => {
  const results = [8, 2].flatMap((depth) => [0, 1, 2].map((seed) => result(depth, seed)));
  const expected = {
    x: [2, 8],
    runs: [
      [20, 80],
      [21, 81],
      [22, 82],
    ],
  };
  expect(across(results, depthOf, value)).toEqual(expected);
  const seedsFirst = [0, 1, 2].flatMap((seed) => [8, 2].map((depth) => result(depth, seed)));
  expect(across(seedsFirst, depthOf, value)).toEqual(expected);
});

test("a sweep that is under way has as many runs as the x with the fewest results, and none before the first", () => {
  expect(across([result(2, 0), result(4, 0), result(2, 1)], depthOf, value)).toEqual({ x: [2, 4], runs: [[20, 40]] });
  expect(across([], depthOf, value)).toEqual({ x: [], runs: [] });
});
