import { log10 } from "../math/special";
import type { Annotation, Axis, Figure, Trace } from "./figure";
import { fonts, type as sizes } from "./theme";

/**
 * A figure with one pair of axes as a plain SVG picture: lines, bands, axes, labels at line ends. It is what a live curve
 * shows while it grows; the finished figure is drawn by Plotly.
 */
export function svg(figure: Figure): string {
  const { layout, data } = figure;
  const { width, height } = layout.meta;
  const { l, r, t, b } = layout.margin;
  const box: Box = { left: l, right: width - r, top: t, bottom: height - b };
  const across = scale(layout.xaxis!, box.left, box.right);
  const up = scale(layout.yaxis!, box.bottom, box.top);
  const text = (x: number, y: number, words: string, more: string): string =>
    `<text x="${place(x)}" y="${place(y)}" ${more}>${xml(words)}</text>`;
  const ink = layout.font.color ?? "";
  const [w, h] = [box.right - box.left, box.bottom - box.top];
  const area = [box.left, box.top, w, h].map(place).join(" ");
  const frame = `x="${place(box.left)}" y="${place(box.top)}" width="${place(w)}" height="${place(h)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" ` +
      `height="${String(height)}" font-family="${xml(fonts.figure)}" font-size="${String(sizes.figure)}" fill="${ink}">`,
    `<rect width="100%" height="100%" fill="${layout.paper_bgcolor}"/>`,
    ...layout.title.text
      .split("<br>")
      .map((line, index) => text(box.left, 28 + 19 * index, line, `font-size="${String(sizes.figureTitle)}"`)),
    ...grid(layout.xaxis!, layout.yaxis!, box, across, up),
    // An inner picture shows nothing outside its frame.
    `<svg ${frame} viewBox="${area}">${data.flatMap((trace) => (trace.type === "scatter" ? [path(trace, across, up)] : [])).join("")}</svg>`,
    text((box.left + box.right) / 2, height - 12, layout.xaxis!.title.text, 'text-anchor="middle"'),
    `<text transform="translate(18 ${place((box.top + box.bottom) / 2)}) rotate(-90)" text-anchor="middle">` +
      `${xml(layout.yaxis!.title.text)}</text>`,
    ...(layout.annotations ?? []).map((label) => annotation(label, box, layout.xaxis!, layout.yaxis!)),
    "</svg>",
  ].join("");
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type Scale = (value: number) => number;

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

function annotation(label: Annotation, box: Box, xaxis: Axis, yaxis: Axis): string {
  const { left, right, bottom, top } = box;
  const x = label.xref === "paper" ? left + label.x * (right - left) : linear(xaxis, left, right)(label.x);
  const y = label.yref === "paper" ? bottom + label.y * (top - bottom) : linear(yaxis, bottom, top)(label.y);
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
