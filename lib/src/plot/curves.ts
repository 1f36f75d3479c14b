import { axisFor, position, ticksAt } from "./axes";
import { describe, gapsNote } from "./describe";
import { figure, type Annotation, type Axis, type Figure, type Layout, type Trace } from "./figure";
import { endLabels, escapeText, labelWidth, wrapText, type EndLabel } from "./labels";
import { drawn, type Drawn, type Series } from "./series";
import { depthColour, freeRoles, layout, palette, stroke, transparent, type as sizes, type Role } from "./theme";

/** How curves are drawn. */
export interface CurvesOptions {
  /** One question, as a plain sentence. */
  readonly title: string;
  /** What the x axis shows, with its unit, e.g. "step". */
  readonly x: string;
  /** What the y axis shows, with its unit, e.g. "loss (nats)". */
  readonly y: string;
  /** True for a logarithmic x axis; default false. */
  readonly logX?: boolean;
  /** True for a logarithmic y axis; default false. */
  readonly logY?: boolean;
  /** Named levels, drawn dotted across, e.g. chance. */
  readonly references?: readonly Reference[];
  /** One or two sentences on the main pattern, added to the automatic description. */
  readonly finding?: string;
  /** Axis of x, if not the usual one. */
  readonly xAxis?: Axis;
}

/** A level that is worth knowing: zero, chance, a bound. */
export interface Reference {
  /** Its label in the figure. */
  readonly name: string;
  /** In the unit of the y axis. */
  readonly y: number;
}

/** Lines are labelled at their ends up to this many; more get a legend. */
const mostLabels = 5;

const { light } = palette;

/**
 * Curves over x with a band over seeds: mean 2 px, 95 % band of the mean, single seeds thin. On a log axis the mean is
 * geometric. Values that the axis cannot show leave gaps, and a note counts them.
 * @throws RangeError if there is no series, or one is malformed
 */
export function curves(series: readonly Series[], options: CurvesOptions): Figure {
  if (series.length === 0) throw new RangeError("curves: expected at least one series, got none");
  const logX = options.logX ?? false;
  const logY = options.logY ?? false;
  const lines = series.map((one, index) => ({
    ...colours(series, index),
    name: one.name,
    points: one.points ?? false,
    drawn: drawn(one, logY),
  }));
  const references = options.references ?? [];

  const x = lines.flatMap((line) => line.drawn.x);
  const y = [...lines.flatMap(heights), ...references.map((level) => level.y)];
  const xaxis = options.xAxis ?? xAxisFor(options.x, x, logX);
  const yaxis = axisFor(options.y, y, logY);
  const labelled = lines.filter(({ points }) => !points).length <= mostLabels;

  const data = [
    ...references.map((level) => referenceTrace(level, x, !labelled)),
    ...lines.flatMap((line) => lineTraces(line, options, !labelled)),
    ...theoryTraces(lines, !labelled),
  ];
  const labels = labelled ? labelsOf(lines, references, logX, logY) : [];
  const note = gapsNote(lines);
  const base = layout(wrapText(options.title, 84));
  const height = base.height - base.margin.t - base.margin.b;
  const description = [describe({ x: options.x, y: yaxis.title.text, logY, lines }), options.finding, note];
  return figure({
    data,
    layout: {
      ...base,
      ...room(base, labels, labelled),
      xaxis,
      yaxis,
      annotations: [
        ...endLabels(labels, { range: yaxis.range!, height }),
        ...(note === undefined ? [] : [noteLabel(note)]),
      ],
    },
    description: description.filter((sentence) => sentence !== undefined).join(" "),
  });
}

/** The x axis; where few different values were tried on a log axis, the ticks are these. */
function xAxisFor(title: string, values: readonly number[], log: boolean): Axis {
  const tried = [...new Set(values)];
  const usual = axisFor(title, values, log, 0.02);
  return log && tried.length <= 8 ? { ...usual, ...ticksAt(tried) } : usual;
}

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly labelColour: string;
  readonly points: boolean;
  readonly drawn: Drawn;
}

/** Line and label colour of one of several series: its role's, its depth's, or the next that is free. */
export function colours(series: readonly Series[], index: number): { colour: string; labelColour: string } {
  const { role, depth, name } = series[index];
  if (depth !== undefined) {
    const depths = [...new Set(series.flatMap((one) => one.depth ?? []))].sort((a, b) => a - b);
    const place = depths.length === 1 ? 1 : depths.indexOf(depth) / (depths.length - 1);
    return { colour: depthColour(place), labelColour: light.ink };
  }
  const taken = new Set(series.flatMap((one) => one.role ?? []));
  const free = freeRoles.filter((candidate) => !taken.has(candidate));
  const before = series.slice(0, index).filter((one) => one.role === undefined && one.depth === undefined).length;
  const chosen: Role | undefined = role ?? free[before];
  if (chosen === undefined) {
    throw new RangeError(`"${name}": no colour is left; draw at most ${String(freeRoles.length)} lines in one figure`);
  }
  return { colour: light.series[chosen], labelColour: light.label[chosen] };
}

/** All that decides how far the y axis reaches; the band of fewer than three seeds is too wide to count. */
function heights({ points, drawn: { centre, low, high, seeds, theory } }: Line): (number | null)[] {
  return [...centre, ...seeds.flat(), ...theory, ...(seeds.length > 2 && !points ? [...low, ...high] : [])];
}

function lineTraces(
  { name, colour, points, drawn: { x, ...line } }: Line,
  options: CurvesOptions,
  showlegend: boolean,
): Trace[] {
  const shared = { type: "scatter", name: escapeText(name), legendgroup: escapeText(name) } as const;
  const quiet = { ...shared, hoverinfo: "skip", showlegend: false } as const;
  const hovertemplate = `${escapeText(name)}<br>${escapeText(options.x)} %{x}: %{y:.3g}<extra></extra>`;
  if (points) {
    const runs = line.seeds.length > 0 ? line.seeds : [line.centre];
    const marker = { color: colour, size: 8, symbol: "circle-open" } as const;
    const y = runs.flat();
    return [{ ...shared, mode: "markers", x: runs.flatMap(() => x), y, marker, showlegend, hovertemplate }];
  }
  const bands = bandPieces(x, line.low, line.high).map((piece): Trace => ({
    ...quiet,
    mode: "lines",
    ...piece,
    fill: "toself",
    fillcolor: transparent(colour, stroke.band),
    line: { width: 0 },
  }));
  const seeds: Trace = {
    ...quiet,
    mode: "lines",
    x: line.seeds.flatMap(() => [...x, null]),
    y: line.seeds.flatMap((values) => [...values, null]),
    line: { color: colour, width: stroke.single },
    opacity: stroke.seed,
  };
  const centre: Trace = {
    ...shared,
    mode: x.length <= 12 ? "lines+markers" : "lines",
    x,
    y: line.centre,
    line: { color: colour, width: stroke.mean },
    ...(x.length <= 12 ? { marker: { color: colour, size: 5 } } : {}),
    showlegend,
    hovertemplate,
  };
  return [...bands, ...(line.seeds.length > 0 ? [seeds] : []), centre];
}

/** What theory says, over all measured lines, so that it is never hidden by them. */
function theoryTraces(lines: readonly Line[], legend: boolean): Trace[] {
  const predicted = lines.filter(({ drawn: { theory } }) => theory.length > 0);
  return predicted.map(({ drawn: { x, theory } }, index) => ({
    type: "scatter",
    mode: "lines",
    name: "theory",
    legendgroup: "theory",
    x,
    y: theory,
    line: { color: light.series.theory, width: 1.4, dash: "dash" },
    hoverinfo: "skip",
    showlegend: legend && index === 0,
  }));
}

/** The band as closed outlines, one for each stretch without a gap. */
function bandPieces(
  x: readonly number[],
  low: readonly (number | null)[],
  high: readonly (number | null)[],
): { x: number[]; y: number[] }[] {
  const pieces: { x: number; low: number; high: number }[][] = [[]];
  for (const [index, at] of x.entries()) {
    const ends = [low[index] ?? null, high[index] ?? null];
    if (ends[0] === null || ends[1] === null) pieces.push([]);
    else pieces.at(-1)!.push({ x: at, low: ends[0], high: ends[1] });
  }
  return pieces
    .filter((piece) => piece.length > 1)
    .map((piece) => {
      const back = [...piece].reverse();
      return {
        x: [...piece, ...back].map((point) => point.x),
        y: [...piece.map((p) => p.high), ...back.map((p) => p.low)],
      };
    });
}

/** Labels at the right: of measured lines, of theory (once), of references. */
function labelsOf(lines: readonly Line[], references: readonly Reference[], logX: boolean, logY: boolean): EndLabel[] {
  const ends = lines
    .filter(({ name, points }) => name !== "" && !points)
    .flatMap(({ name, labelColour, drawn: { x, centre } }) => endOf(name, labelColour, x, centre, logX, logY));
  const predicted = lines
    .filter(({ drawn: { theory } }) => theory.some((value) => value !== null))
    .slice(0, 1)
    .flatMap(({ drawn: { x, theory } }) => endOf("theory", light.label.theory, x, theory, logX, logY));
  const right = Math.max(...lines.flatMap((line) => line.drawn.x));
  const levels = references.flatMap(({ name, y }) => endOf(name, light.muted, [right], [y], logX, logY));
  return [...ends, ...predicted, ...levels];
}

function endOf(
  text: string,
  colour: string,
  x: readonly number[],
  y: readonly (number | null)[],
  logX: boolean,
  logY: boolean,
): EndLabel[] {
  const last = y.reduce<number>((found, value, index) => (value === null ? found : index), -1);
  if (last < 0) return [];
  return [{ text, colour, x: position(x[last], logX), y: position(y[last]!, logY) }];
}

function room(base: Layout, labels: readonly EndLabel[], labelled: boolean): Partial<Layout> {
  if (!labelled) return { showlegend: true, legend: { x: 1.02, xanchor: "left", y: 1, yanchor: "top" } };
  return { margin: { ...base.margin, r: Math.max(base.margin.r, labelWidth(labels)) } };
}

function referenceTrace({ name, y }: Reference, x: readonly number[], showlegend: boolean): Trace {
  return {
    type: "scatter",
    mode: "lines",
    name: escapeText(name),
    x: [Math.min(...x), Math.max(...x)],
    y: [y, y],
    line: { color: light.muted, width: 1.2, dash: "dot" },
    hoverinfo: "skip",
    showlegend,
  };
}

function noteLabel(note: string): Annotation {
  return {
    text: wrapText(note, 100),
    x: 0,
    y: 1,
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "bottom",
    yshift: 4,
    showarrow: false,
    font: { color: light.muted, size: sizes.figure - 1 },
  };
}
