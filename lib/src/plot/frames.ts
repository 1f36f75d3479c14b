import { commonAxis } from "./commonAxis";
import { figure, type Figure, type HeatTrace, type SliderStep, type Trace } from "./figure";
import { wrapText } from "./labels";
import { legendOnce } from "./legendOnce";
import { layout, palette, type as sizes } from "./theme";

/** One place of the slider. */
export interface Frame {
  /** What the slider shows there, e.g. "8". */
  readonly label: string;
  /** Curves, a depth profile, bars or a heat map; its title is not shown. */
  readonly figure: Figure;
}

/** How frames are put together. */
export interface FramesOptions {
  /** One question for all frames, as a plain sentence. */
  readonly title: string;
  /** What the slider moves, e.g. "depth". */
  readonly slider: string;
  /** Label of the frame to begin with, the most telling one; default: the first. */
  readonly start?: string;
}

/** Room for the slider below the axis, in pixels. */
const sliderHeight = 76;

const { light } = palette;

/**
 * Figures of the same axes behind one slider: one is seen at a time, and the axes reach over all of them, so that what
 * moves are the lines.
 * @param all - two to thirty frames, in their order
 * @throws RangeError if there are fewer or more, axes have different names, or no frame has the label to start with
 */
export function frames(all: readonly Frame[], { title, slider, start = all[0]?.label }: FramesOptions): Figure {
  if (all.length < 2 || all.length > 30) {
    throw new RangeError(`frames: expected two to thirty frames, got ${String(all.length)}`);
  }
  const active = all.findIndex(({ label }) => label === start);
  if (active < 0) {
    const labels = all.map(({ label }) => `"${label}"`).join(", ");
    throw new RangeError(`start: expected one of ${labels}, got "${String(start)}"`);
  }
  const figures = all.map(({ figure: drawn }) => drawn);
  const owners = figures.flatMap(({ data }, place) => data.map(() => place));
  const steps = all.map(({ label }, place): SliderStep => {
    return { label, method: "restyle", args: [{ visible: owners.map((owner) => owner === place) }] };
  });
  const base = layout(wrapText(title, 84));
  const named = figures.some(({ data }) => new Set(data.map(({ name }) => name)).size > 1);
  const height = base.height + sliderHeight;
  return figure({
    data: figures.flatMap((drawn, place) => inFrame(drawn, place === active)),
    layout: {
      ...base,
      height,
      margin: { ...base.margin, b: base.margin.b + sliderHeight, ...(named ? { r: 168 } : {}) },
      xaxis: commonAxis(figures, "xaxis"),
      yaxis: commonAxis(figures, "yaxis"),
      showlegend: named,
      ...(named ? { legend: { x: 1.02, xanchor: "left", y: 1, yanchor: "top" } } : {}),
      sliders: [
        {
          active,
          steps,
          currentvalue: { prefix: `${slider} `, xanchor: "left", font: { size: sizes.figureTitle } },
          pad: { t: 56, b: 0 },
          bgcolor: light.line,
          bordercolor: light.muted,
          tickcolor: light.muted,
          font: { color: light.ink },
        },
      ],
      meta: { ...base.meta, height },
    },
    description: [
      `A slider moves the ${slider}: ${all.map(({ label }) => label).join(", ")}.`,
      `${slider} ${all[active].label}: ${figures[active].description}`,
    ].join(" "),
  });
}

/** The traces of one frame, seen or not; each frame has its own legend. */
function inFrame({ data }: Figure, visible: boolean): (Trace | HeatTrace)[] {
  const named = new Set<string>();
  return data.map((trace) => ({ ...(trace.type === "heatmap" ? trace : legendOnce(trace, named)), visible }));
}
