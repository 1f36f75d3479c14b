import { tInterval } from "../../../lib/src/math/stats";
import { bars, type BarsOptions } from "../../../lib/src/plot/bars";
import type { Trace } from "../../../lib/src/plot/figure";
import { palette } from "../../../lib/src/plot/theme";

const options: BarsOptions = { title: "Does it help?", x: "data", y: "points gained", groups: ["clean", "noisy"] };
const series = [
  {
    name: "dropout",
    values: [
      [-1, 0, 1],
      [4, 5, 9],
    ],
  },
  { name: "decay", role: "residual" as const, values: [[2], [3]] },
];
const named = (name: string): Trace[] =>
  bars(series, options).data.filter((trace): trace is Trace => trace.type === "scatter" && trace.name === name);

describe("bars", () => {
  test("reach from zero to the mean over seeds, and never overlap within a group", () => {
    const boxes = [...named("dropout"), ...named("decay")].filter(({ fill }) => fill === "toself");
    expect(boxes.map(({ y }) => [y[0], y[1]])).toEqual([
      [0, 0],
      [0, 6],
      [0, 2],
      [0, 3],
    ]);
    const right = Math.max(...(boxes[0].x as number[]));
    const left = Math.min(...(boxes[2].x as number[]));
    expect(left).toBeGreaterThan(right);
    expect(Math.min(...(boxes[0].x as number[]))).toBeGreaterThan(0.5);
  });

  test("carry the 95 % interval of the mean, none for a single seed, and a mark for each seed", () => {
    const { low, high } = tInterval([4, 5, 9]);
    const [whiskers] = named("dropout").filter(({ mode, fill }) => mode === "lines" && fill === undefined);
    expect(whiskers.y.slice(3, 5)).toEqual([low, high]);
    const [single] = named("decay").filter(({ mode, fill }) => mode === "lines" && fill === undefined);
    expect(single.y.slice(0, 2)).toEqual([2, 2]);
    expect(named("dropout").find(({ mode }) => mode === "markers")!.y).toEqual([-1, 0, 1, 4, 5, 9]);
  });

  test("have the colour of their role, names of groups on the axis, zero within it, and a description", () => {
    expect(named("decay")[0].fillcolor).toBe(palette.light.series.residual);
    const { layout, description } = bars(series, options);
    expect(layout.xaxis!.ticktext).toEqual(["clean", "noisy"]);
    expect(layout.yaxis!.range![0]).toBeLessThan(0);
    expect(description).toBe(
      "Points gained by data, mean of 3 seeds with its 95 % interval. dropout: clean 0, noisy 6; decay: clean 2, noisy 3.",
    );
  });

  test("draw named levels across all groups", () => {
    const drawn = bars(series, { ...options, references: [{ name: "chance", y: 10 }] });
    expect(drawn.data.at(-1)).toMatchObject({ name: "chance", x: [0.5, 2.5], y: [10, 10] });
  });

  test("refuse nothing to draw, and values that do not fit the groups", () => {
    expect(() => bars([], options)).toThrow("bars: expected a series and a group, got none");
    expect(() => bars([{ name: "a", values: [[1]] }], options)).toThrow('"a": expected values for each of 2 groups');
    expect(() => bars([{ name: "a", values: [[1], []] }], options)).toThrow('"a": expected values for each of 2');
  });
});
