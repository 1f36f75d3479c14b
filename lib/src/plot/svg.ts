import { log10 } from "../math/special";
import { axisKey, type Annotation, type Axis, type Figure, type HeatTrace, type Layout, type Trace } from "./figure";
import { fonts, type as sizes } from "./theme";

/**
 * A figure as a plain SVG picture: lines, bands, axes of one or more panels, labels at line ends or a legend. It is what a
 * live curve shows while it grows; the finished figure is drawn by Plotly. Of frames behind a slider, the first seen.
 */
export function svg(whole: Figure): string {
  const figure = { ...whole, data: whole.data.filter(({ visible }) => visible !== false) };
  const { layout } = figure;
  const { width, height } = layout.meta;
  const left = layout.margin.l;
  const lines = layout.title.text.split("<br>");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" ` +
      `height="${String(height)}" font-family="${xml(fonts.figure)}" font-size="${String(sizes.figure)}" ` +
      `fill="${layout.font.color ?? ""}">`,
    `<rect width="100%" height="100%" fill="${layout.paper_bgcolor}"/>`,
    ...lines.map((line, index) => text(left, 28 + 19 * index, line, `font-size="${String(sizes.figureTitle)}"`)),
    ...(layout.showlegend ? legend(figure, left, 25 + 19 * lines.length) : []),
    ...panelsOf(figure).flatMap((panel) => panelParts(figure, panel)),
    "</svg>",
  ].join("");
}

/** A pair of axes and where it stands. */
interface Panel {
  readonly x: string;
  readonly y: string;
  readonly xaxis: Axis;
  readonly yaxis: Axis;
  readonly box: Box;
}

/** The place of all panels. */
function paperOf({ meta: { width, height }, margin: { l, r, t, b } }: Layout): Box {
  return { left: l, right: width - r, top: t, bottom: height - b };
}

/** The pairs of axes that traces are drawn in, in the order of the traces. */
function panelsOf({ data, layout }: Figure): Panel[] {
  const paper = paperOf(layout);
  const axes = layout as unknown as Readonly<Record<string, Axis>>;
  const pairs = new Map(data.map((trace) => [pairOf(trace).join(" "), pairOf(trace)]));
  return [...pairs.values()].map(([x, y]) => {
    const [xaxis, yaxis] = [axes[axisKey(x)], axes[axisKey(y)]];
    const [from, to] = xaxis.domain ?? [0, 1];
    const [low, high] = yaxis.domain ?? [0, 1];
    const across = (share: number): number => paper.left + share * (paper.right - paper.left);
    const up = (share: number): number => paper.bottom - share * (paper.bottom - paper.top);
    return { x, y, xaxis, yaxis, box: { left: across(from), right: across(to), top: up(high), bottom: up(low) } };
  });
}

function pairOf({ xaxis = "x", yaxis = "y" }: Trace | HeatTrace): readonly [string, string] {
  return [xaxis, yaxis];
}

function panelParts({ data, layout }: Figure, { x, y, xaxis, yaxis, box }: Panel): string[] {
  const across = scale(xaxis, box.left, box.right);
  const up = scale(yaxis, box.bottom, box.top);
  const area = [box.left, box.top, box.right - box.left, box.bottom - box.top].map(place);
  const frame = `x="${area[0]}" y="${area[1]}" width="${area[2]}" height="${area[3]}"`;
  const own = data.filter((trace) => pairOf(trace).join(" ") === `${x} ${y}`);
  const paths = own.flatMap((trace) => (trace.type === "scatter" ? [path(trace, across, up)] : []));
  const middle = (box.top + box.bottom) / 2;
  return [
    ...grid(xaxis, yaxis, box, across, up),
    // An inner picture shows nothing outside its frame.
    `<svg ${frame} viewBox="${area.join(" ")}">${paths.join("")}</svg>`,
    ...((xaxis.anchor ?? y) === y
      ? [text((box.left + box.right) / 2, box.bottom + 44, oneLine(xaxis), 'text-anchor="middle"')]
      : []),
    `<text transform="translate(${place(box.left - 50)} ${place(middle)}) rotate(-90)" text-anchor="middle">` +
      `${xml(oneLine(yaxis))}</text>`,
    ...(layout.annotations ?? [])
      .filter(({ yref }) => yref === y || (yref === "paper" && y === "y"))
      .map((label) => annotation(label, { ...labelScales(xaxis, yaxis, box), paper: paperOf(layout) })),
  ];
}

function oneLine({ title }: Axis): string {
  return title.text.replaceAll("<br>", " ");
}

/** The names of all lines in a row, in their colours. */
function legend({ data }: Figure, left: number, y: number): string[] {
  const named = data.flatMap((trace) => (trace.type === "scatter" && trace.showlegend !== false ? [trace] : []));
  let x = left;
  return named.map((trace) => {
    const colour = trace.line?.color ?? trace.fillcolor ?? trace.marker?.color ?? "";
    const words = text(x, y, trace.name, `fill="${colour}"`);
    x += 7 * trace.name.length + 22;
    return words;
  });
}

function text(x: number, y: number, words: string, more: string): string {
  return `<text x="${place(x)}" y="${place(y)}" ${more}>${xml(words)}</text>`;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type Scale = (value: number) => number;

/** Labels stand at powers of ten on a log axis. */
function labelScales(xaxis: Axis, yaxis: Axis, box: Box): { readonly across: Scale; readonly up: Scale } {
  return { across: linear(xaxis, box.left, box.right), up: linear(yaxis, box.bottom, box.top) };
}

/** From the values of an axis to pixels. */
function scale(axis: Axis, from: number, to: number): Scale {
  const inside = linear(axis, from, to);
  return (value) => inside(axis.type === "log" ? log10(value) : value);
}

function linear({ range }: Axis, from: number, to: number): Scale {
  const [low, high] = range!;
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

function grid(xaxis: Axis, yaxis: Axis, box: Box, across: Scale, up: Scale): string[] {
  const line = (x1: number, y1: number, x2: number, y2: number, colour: string): string =>
    `<path d="M${place(x1)} ${place(y1)}L${place(x2)} ${place(y2)}" stroke="${colour}"/>`;
  const x = ticks(xaxis).flatMap(([value, words]) => [
    line(across(value), box.bottom, across(value), box.top, xaxis.gridcolor!),
    `<text x="${place(across(value))}" y="${place(box.bottom + 18)}" text-anchor="middle">${xml(words)}</text>`,
  ]);
  const y = ticks(yaxis).flatMap(([value, words]) => [
    line(box.left, up(value), box.right, up(value), yaxis.gridcolor!),
    `<text x="${place(box.left - 8)}" y="${place(up(value) + 4)}" text-anchor="end">${xml(words)}</text>`,
  ]);
  const frame = `M${place(box.left)} ${place(box.top)}V${place(box.bottom)}H${place(box.right)}`;
  return [...x, ...y, `<path d="${frame}" fill="none" stroke="${xaxis.linecolor!}"/>`];
}

/** Ticks as the axis gives them, else at round steps. */
function ticks({ tickvals, ticktext, range }: Axis): (readonly [number, string])[] {
  if (tickvals !== undefined) return tickvals.map((value, index) => [value, ticktext?.[index] ?? String(value)]);
  const [low, high] = range!;
  const rough = (high - low) / 6;
  const power = Number(`1e${rough.toExponential().split("e")[1]}`);
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, index) => {
    const value = Number(((first + index) * step).toPrecision(12));
    return [value, String(value)];
  });
}

function path(trace: Trace, across: Scale, up: Scale): string {
  if (trace.mode === "markers") return rings(trace, across, up);
  let pen = "M";
  let d = "";
  for (const [index, x] of trace.x.entries()) {
    const y = trace.y[index];
    if (x === null || y === null) {
      pen = "M";
      continue;
    }
    d += `${pen}${place(across(x))} ${place(up(y))}`;
    pen = "L";
  }
  if (trace.fill !== undefined) return `<path d="${d}Z" fill="${trace.fillcolor!}"/>`;
  const dash = { dash: ' stroke-dasharray="7 5"', dot: ' stroke-dasharray="2 3"', solid: "" }[
    trace.line?.dash ?? "solid"
  ];
  const { color = "", width = 1 } = trace.line ?? {};
  return `<path d="${d}" fill="none" stroke="${color}" stroke-width="${String(width)}" opacity="${String(trace.opacity ?? 1)}"${dash}/>`;
}

function rings({ x, y, marker }: Trace, across: Scale, up: Scale): string {
  const places = x.map((at, index) => [at, y[index]] as const);
  const look = `r="4" fill="none" stroke="${marker?.color ?? ""}"`;
  return places
    .flatMap(([at, to]) =>
      at === null || to === null ? [] : [`<circle cx="${place(across(at))}" cy="${place(up(to))}" ${look}/>`],
    )
    .join("");
}

interface LabelRoom {
  readonly across: Scale;
  readonly up: Scale;
  readonly paper: Box;
}

function annotation(label: Annotation, { across, up, paper }: LabelRoom): string {
  const x = label.xref === "paper" ? paper.left + label.x * (paper.right - paper.left) : across(label.x);
  const y = label.yref === "paper" ? paper.bottom + label.y * (paper.top - paper.bottom) : up(label.y);
  const middle = label.yanchor === "middle" ? 4 : -3;
  const lines = label.text.split("<br>").map((words, index) => {
    const dy = index === 0 ? "" : ` dy="1.3em"`;
    return `<tspan x="${place(x + (label.xshift ?? 0))}"${dy}>${xml(words)}</tspan>`;
  });
  const at = y - (label.yshift ?? 0) + middle - 8 * (lines.length - 1);
  return `<text y="${place(at)}" fill="${label.font?.color ?? ""}">${lines.join("")}</text>`;
}

function place(pixels: number): string {
  return pixels.toFixed(1);
}

/** Text for XML; what was escaped for Plotly already is not escaped twice. */
function xml(text: string): string {
  const plain = text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  return plain.replace(/[&<>"]/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}
