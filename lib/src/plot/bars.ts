import { mean, tInterval } from "../math/stats";
import { numberWords } from "../math/words";
import { axisFor } from "./axes";
import { colours, type CurvesOptions } from "./curves";
import { capital } from "./describe";
import { figure, type Figure, type Trace } from "./figure";
import { escapeText, wrapText } from "./labels";
import type { Series } from "./series";
import { axis, layout, palette } from "./theme";

/** How {@link bars} are drawn. */
export interface BarsOptions extends Pick<CurvesOptions, "title" | "x" | "y" | "references" | "finding"> {
  /** Names of the groups, from the left. */
  readonly groups: readonly string[];
}

/** Bars of one kind: in each group one, its height measured once for every seed. */
export interface BarSeries extends Pick<Series, "name" | "role"> {
  /** One list of seeds per group. */
  readonly values: readonly (readonly number[])[];
}

/**
 * Groups of bars from zero to the mean over seeds, with the 95 % interval of that mean and a mark for each seed.
 * @throws RangeError if there is nothing to draw, or a series has not one non-empty list for each group
 */
export function bars(series: readonly BarSeries[], options: BarsOptions): Figure {
  const { groups, references = [] } = options;
  if (series.length === 0 || groups.length === 0) throw new RangeError("bars: expected a series and a group, got none");
  for (const { name, values } of series) {
    if (values.length !== groups.length || values.some((seeds) => seeds.length === 0)) {
      throw new RangeError(`"${name}": expected values for each of ${String(groups.length)} groups`);
    }
  }
  const looks = series.map(({ name, role }) => ({ name, role, runs: [] }));
  const width = 0.76 / series.length;
  const drawn = series.map((one, index) => ({
    name: escapeText(one.name),
    colour: colours(looks, index).colour,
    bars: one.values.map((seeds, group) => bar(seeds, group + 1 - 0.38 + width * (index + 0.5), width)),
  }));
  const heights = drawn.flatMap(({ bars: all }) => all.flatMap(({ low, high, seeds }) => [low, high, ...seeds]));
  const base = layout(wrapText(options.title, 84));
  const many = series.length > 1 || references.length > 0;
  return figure({
    data: [...drawn.flatMap((one) => traces(one, width)), ...references.map((one) => level(one, groups.length))],
    layout: {
      ...base,
      showlegend: many,
      ...(many ? { legend: { x: 1.02, xanchor: "left", y: 1, yanchor: "top" } } : {}),
      xaxis: {
        ...axis(options.x),
        range: [0.5, groups.length + 0.5],
        showgrid: false,
        tickvals: groups.map((_, index) => index + 1),
        ticktext: groups.map((name) => wrapText(escapeText(name), 16)),
      },
      yaxis: axisFor(options.y, [0, ...heights, ...references.map(({ y }) => y)], false),
    },
    description: [description(series, options), options.finding].filter((text) => text !== undefined).join(" "),
  });
}

interface Bar {
  readonly x: number;
  readonly height: number;
  readonly low: number;
  readonly high: number;
  readonly seeds: readonly number[];
  readonly seedX: readonly number[];
}

function bar(seeds: readonly number[], x: number, width: number): Bar {
  const height = mean(seeds);
  const { low, high } = seeds.length > 1 ? tInterval(seeds) : { low: height, high: height };
  const seedX = seeds.map((_, index) => x + width * 0.5 * ((index + 0.5) / seeds.length - 0.5));
  return { x, height, low, high, seeds, seedX };
}

interface Drawn {
  readonly name: string;
  readonly colour: string;
  readonly bars: readonly Bar[];
}

function traces({ name, colour, bars: all }: Drawn, width: number): Trace[] {
  const { ink } = palette.light;
  const shared = { type: "scatter", name, legendgroup: name } as const;
  const quiet = { ...shared, hoverinfo: "skip", showlegend: false } as const;
  const half = 0.44 * width;
  const boxes = all.map(({ x, height }, index): Trace => ({
    ...shared,
    mode: "lines",
    x: [x - half, x - half, x + half, x + half, x - half],
    y: [0, height, height, 0, 0],
    fill: "toself",
    fillcolor: colour,
    line: { color: colour, width: 1 },
    showlegend: index === 0,
    hoverinfo: "skip",
  }));
  const whiskers: Trace = {
    ...quiet,
    mode: "lines",
    x: all.flatMap(({ x }) => [x, x, null]),
    y: all.flatMap(({ low, high }) => [low, high, null]),
    line: { color: ink, width: 2 },
  };
  const seeds: Trace = {
    ...shared,
    mode: "markers",
    showlegend: false,
    x: all.flatMap(({ seedX }) => seedX),
    y: all.flatMap(({ seeds: values }) => values),
    marker: { color: ink, size: 4 },
    opacity: 0.6,
    hovertemplate: `${name}: %{y:.3g}<extra></extra>`,
  };
  return [...boxes, whiskers, seeds];
}

function level({ name, y }: { readonly name: string; readonly y: number }, groups: number): Trace {
  return {
    type: "scatter",
    mode: "lines",
    name: escapeText(name),
    x: [0.5, groups + 0.5],
    y: [y, y],
    line: { color: palette.light.muted, width: 1.2, dash: "dot" },
    hoverinfo: "skip",
    showlegend: true,
  };
}

function description(series: readonly BarSeries[], { x, y, groups }: BarsOptions): string {
  const seeds = Math.max(...series.flatMap(({ values }) => values.map((list) => list.length)));
  const means = series.map(
    ({ name, values }) => `${name}: ${values.map((list, at) => `${groups[at]} ${numberWords(mean(list))}`).join(", ")}`,
  );
  const interval = seeds > 1 ? `, mean of ${String(seeds)} seeds with its 95 % interval` : "";
  return `${capital(y)} by ${x}${interval}. ${means.join("; ")}.`;
}
