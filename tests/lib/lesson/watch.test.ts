import { watch } from "../../../lib/src/lesson/watch";
import { curves } from "../../../lib/src/plot/curves";
import type { ExperimentResult, ExperimentSpec } from "../../../lib/src/train/experiment";
import { fakeHost } from "../../support/fakeHost";

const specs = [3, 1, 2].map((seed) => ({ seed }) as unknown as ExperimentSpec);

/** Workers that answer the last experiment first. */
const backwards = {
  count: 3,
  run: (given: unknown) =>
    new Promise<never>((resolve) => {
      const spec = given as ExperimentSpec;
      setTimeout(() => {
        resolve({ result: { spec } } as never);
      }, 20 * spec.seed);
    }),
};

test("a sweep is watched: a line that moves, a figure of the results so far in the order of the specifications", async () => {
  const host = fakeHost({ workers: backwards });
  const drawn: number[][] = [];
  const results = await watch(
    specs,
    (come: readonly ExperimentResult[]) => {
      drawn.push(come.map(({ spec }) => spec.seed));
      return curves([{ name: "seed", runs: [come.map(({ spec }) => spec.seed)] }], {
        title: "?",
        x: "place",
        y: "seed",
      });
    },
    { label: "training twice", noun: "net" },
  );
  expect(results.map(({ spec }) => spec.seed)).toEqual([3, 1, 2]);
  expect(drawn[0]).toEqual([1]);
  expect(drawn.at(-1)).toEqual([3, 1, 2]);
  const texts = host.shown.map(({ bundle }) => String(bundle["text/plain"]));
  expect(texts[0]).toBe("training twice: 0 of 3 nets");
  expect(texts).toContain("training twice: 3 of 3 nets");
  expect(host.shown.at(-1)!.bundle).toHaveProperty(["application/vnd.plotly.v1+json"]);
});
