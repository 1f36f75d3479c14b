import { figure, type Annotation, type Axis, type Figure } from "./figure";
import { wrapText } from "./labels";
import { legendOnce } from "./legendOnce";
import { layout, size } from "./theme";

/** How panels are put together. */
export interface SmallMultiplesOptions {
  /** One question for all panels, as a plain sentence. */
  readonly title: string;
}

/** Space between panels, as a share of the width: room for the numbers of the next axis. */
const gap = 0.1;

/**
 * Figures side by side under one title: each keeps its axes and notes; lines of the same name stand for the same thing,
 * and one legend below names them all.
 * @param panels - two to four figures
 * @throws RangeError for any other number of panels
 */
export function smallMultiples(panels: readonly Figure[], options: SmallMultiplesOptions): Figure {
  if (panels.length < 2 || panels.length > 4) {
    throw new RangeError(`smallMultiples: expected two to four figures, got ${String(panels.length)}`);
  }
  const rows = panels.length === 4 ? 2 : 1;
  const columns = panels.length / rows;
  const width = (1 - gap * (columns - 1)) / columns;
  const height = (1 - 0.24 * (rows - 1)) / rows;
  const named = new Set<string>();
  const places = panels.map((panel, index) => ({
    panel,
    suffix: index === 0 ? "" : String(index + 1),
    left: (index % columns) * (width + gap),
    bottom: index < columns && rows > 1 ? 1 - height : 0,
  }));
  const base = layout(wrapText(options.title, 110));
  const axes = places.flatMap(({ panel, suffix, left, bottom }): [string, Axis][] => [
    [`xaxis${suffix}`, { ...narrow(panel.layout.xaxis!), domain: share(left, width), anchor: `y${suffix}` }],
    [`yaxis${suffix}`, { ...square(panel, suffix), domain: share(bottom, height), anchor: `x${suffix}` }],
  ]);
  return figure({
    data: places.flatMap(({ panel, suffix }) =>
      panel.data.map((trace) => ({ ...legendOnce(trace, named), xaxis: `x${suffix}`, yaxis: `y${suffix}` })),
    ),
    layout: {
      ...base,
      ...Object.fromEntries(axes),
      height: size.multiples.height,
      margin: { ...base.margin, t: base.margin.t + 8, b: 120 },
      showlegend: true,
      legend: { orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top", itemwidth: 30 },
      annotations: places.flatMap(({ panel, suffix, left, bottom }) =>
        (panel.layout.annotations ?? []).flatMap((label) => inPanel(label, suffix, left, bottom + height)),
      ),
      meta: size.multiples,
    },
    description: [options.title, ...panels.map(({ description }) => description)].join(" "),
  });
}

/** The axis with its title in short lines, so that it stays below its panel. */
function narrow(axis: Axis): Axis {
  const text = axis.title.text
    .split("<br>")
    .map((line) => line.replace(/ \(/, "<br>("))
    .join("<br>");
  return { ...axis, title: { ...axis.title, text } };
}

/** The y axis, tied to the panel's own x axis where cells are square. */
function square({ layout: { yaxis } }: Figure, suffix: string): Axis {
  return yaxis!.scaleanchor === undefined ? yaxis! : { ...yaxis!, scaleanchor: `x${suffix}` };
}

function share(from: number, length: number): readonly [number, number] {
  return [Number(from.toFixed(4)), Number((from + length).toFixed(4))];
}

/** A panel's own labels; those at the ends of lines are left to the legend. */
function inPanel(label: Annotation, suffix: string, left: number, top: number): Annotation[] {
  if (label.xref === "x") return [];
  return label.yref === "paper" ? [{ ...label, x: left, y: top }] : [{ ...label, x: left, yref: `y${suffix}` }];
}
