import { commonAxis } from "./commonAxis";
import { figure, type Figure, type HeatTrace, type Layout, type SliderStep, type Trace } from "./figure";
import { wrapText } from "./labels";
import { legendOnce } from "./legendOnce";
import { layout, palette, type as sizes } from "./theme";

/** One place of the slider. */
export interface Frame {
  /** What the slider shows there, e.g. "8". */
  readonly label: string;
  /** Curves, a depth profile, bars, a heat map, pictures, or small multiples of them; its title is not shown. */
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

/** Room for the slider below everything else, in pixels. */
const sliderHeight = 76;

const { light } = palette;

/**
 * Figures of the same axes behind one slider: one is seen at a time, and the axes reach over all of them, so that what
 * moves are the lines. With small multiples the slider moves all panels at once, e.g. pictures beside their numbers.
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
  // Labels at the ends of lines are left to the legend.
  const { annotations, ...base } = figures[active].layout;
  const panels = base.xaxis2 !== undefined;
  const { title: heading, margin } = layout(wrapText(title, panels ? 110 : 84));
  const named = figures.some(({ data }) => new Set(data.map(({ name }) => name)).size > 1);
  const height = base.height + sliderHeight;
  return figure({
    data: figures.flatMap((drawn, place) => inFrame(drawn, place === active)),
    layout: {
      ...base,
      ...Object.fromEntries(axesOf(figures).map((key) => [key, commonAxis(figures, key)])),
      title: heading,
      height,
      margin: {
        ...(panels ? base.margin : margin),
        t: margin.t,
        b: base.margin.b + sliderHeight,
        ...(named && !panels ? { r: 168 } : {}),
      },
      showlegend: named,
      ...(named && !panels ? { legend: { x: 1.02, xanchor: "left", y: 1, yanchor: "top" } } : {}),
      sliders: [
        {
          active,
          steps,
          currentvalue: { prefix: `${slider} `, xanchor: "left", font: { size: sizes.figureTitle } },
          // Below the names of the axes and, with panels, below the legend.
          pad: { t: panels ? base.margin.b : 56, b: 0 },
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

type AxisName = Extract<keyof Layout, `xaxis${string}` | `yaxis${string}`>;

/** The axes that all figures have. */
function axesOf(figures: readonly Figure[]): AxisName[] {
  const [first, ...others] = figures.map(({ layout: one }) =>
    Object.keys(one).filter((key): key is AxisName => /^[xy]axis\d*$/.test(key)),
  );
  const odd = others.find((names) => names.join() !== first.join());
  if (odd !== undefined) {
    throw new RangeError(
      `frames: expected as many panels in all figures, got ${String(first.length / 2)} and ${String(odd.length / 2)}`,
    );
  }
  return first;
}

/** The traces of one frame, seen or not; each frame has its own legend. */
function inFrame({ data }: Figure, visible: boolean): (Trace | HeatTrace)[] {
  const named = new Set<string>();
  return data.map((trace) => ({ ...(trace.type === "heatmap" ? trace : legendOnce(trace, named)), visible }));
}
