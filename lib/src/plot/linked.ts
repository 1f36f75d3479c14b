import { commonAxis } from "./commonAxis";
import { figure, type Figure } from "./figure";
import { wrapText } from "./labels";
import { legendOnce } from "./legendOnce";
import { layout, size } from "./theme";

/** How two figures are linked. */
export interface LinkedOptions {
  /** One question for both, as a plain sentence. */
  readonly title: string;
}

/** Share of the height that either panel takes. */
const share = 0.46;

/**
 * Two figures over one x axis, one above the other: pointing at a place shows the values of both there, zooming in one
 * moves both, and a line that is switched off in the legend goes in both.
 *
 * @param above - a figure with one pair of axes, such as curves or a depth profile; its title is not shown
 * @param below - one with the same x axis
 * @throws RangeError if the x axes have different names or scales
 */
export function linked(above: Figure, below: Figure, { title }: LinkedOptions): Figure {
  const named = new Set<string>();
  const base = layout(wrapText(title, 84));
  const panels = [
    { panel: above, yaxis: "y" },
    { panel: below, yaxis: "y2" },
  ];
  return figure({
    data: panels.flatMap(({ panel, yaxis }) =>
      panel.data.map((trace) => ({ ...legendOnce(trace, named), xaxis: "x", yaxis })),
    ),
    layout: {
      ...base,
      height: size.linked.height,
      margin: { ...base.margin, r: 168 },
      xaxis: { ...commonAxis([above, below], "xaxis"), anchor: "y2" },
      yaxis: { ...above.layout.yaxis!, domain: [1 - share, 1] },
      yaxis2: { ...below.layout.yaxis!, domain: [0, share] },
      hovermode: "x",
      hoversubplots: "axis",
      showlegend: true,
      legend: { x: 1.02, xanchor: "left", y: 1, yanchor: "top" },
      meta: size.linked,
    },
    description: [title, above.description, below.description].join(" "),
  });
}
