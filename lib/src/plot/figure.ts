/** A title with its place and type. */
export interface Title {
  readonly text: string;
  readonly standoff?: number;
  readonly x?: number;
  readonly xref?: "paper" | "container";
  readonly xanchor?: "left" | "center" | "right";
  readonly y?: number;
  readonly yref?: "paper" | "container";
  readonly yanchor?: "bottom";
  readonly pad?: { readonly b: number };
  readonly font?: Font;
}

/** Family, size (pixels) and colour of type. */
export interface Font {
  readonly family?: string;
  readonly size?: number;
  readonly color?: string;
}

/** One axis: the part of Plotly's axis that the course uses. */
export interface Axis {
  readonly title: Title;
  readonly type?: "linear" | "log" | "category";
  /** In powers of ten where the axis is logarithmic. */
  readonly range?: readonly [number, number];
  readonly automargin?: boolean;
  readonly showline?: boolean;
  readonly linecolor?: string;
  readonly gridcolor?: string;
  readonly zeroline?: boolean;
  readonly ticks?: "outside" | "";
  readonly ticklen?: number;
  readonly tickcolor?: string;
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
  readonly domain?: readonly [number, number];
  readonly anchor?: string;
  /** An x axis, e.g. "x": as many pixels for one step as on that axis, so that cells are square. */
  readonly scaleanchor?: string;
  readonly constrain?: "domain";
  readonly showgrid?: false;
}

/** A line with or without marks, or a filled band (`fill: "toself"`); null is a gap. */
export interface Trace {
  readonly type: "scatter";
  readonly mode: "lines" | "markers" | "lines+markers";
  readonly name: string;
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  readonly line?: { readonly color?: string; readonly width?: number; readonly dash?: "dash" | "dot" | "solid" };
  readonly marker?: { readonly color?: string; readonly size?: number; readonly symbol?: string };
  readonly opacity?: number;
  readonly fill?: "toself";
  readonly fillcolor?: string;
  readonly hoverinfo?: "skip";
  readonly hovertemplate?: string;
  readonly connectgaps?: false;
  readonly showlegend?: boolean;
  readonly legendgroup?: string;
  readonly visible?: boolean;
  readonly xaxis?: string;
  readonly yaxis?: string;
}

/** Small whole numbers, `[rows, columns]`, in an eleventh of the room that a list of numbers takes in a notebook. */
export interface PackedCells {
  /** Bytes. */
  readonly dtype: "u1";
  /** "rows,columns" */
  readonly shape: string;
  /** Base64. */
  readonly bdata: string;
}

/** A field of colours: one cell for each number of `z`, rows along y; null is left blank. */
export interface HeatTrace {
  readonly type: "heatmap";
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly z: readonly (readonly (number | null)[])[] | PackedCells;
  readonly zmin: number;
  readonly zmax: number;
  readonly colorscale: readonly (readonly [number, string])[];
  readonly showscale: boolean;
  readonly colorbar?: {
    readonly title: Title & { readonly side?: "right" };
    readonly thickness: number;
    readonly outlinewidth: number;
  };
  readonly texttemplate?: string;
  readonly hovertemplate: string;
  readonly visible?: boolean;
  readonly xaxis?: string;
  readonly yaxis?: string;
}

/** A written label. */
export interface Annotation {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly xref: string;
  readonly yref: string;
  readonly xanchor?: "left" | "center" | "right";
  readonly yanchor?: "top" | "middle" | "bottom";
  readonly xshift?: number;
  readonly yshift?: number;
  readonly align?: "left" | "center" | "right";
  readonly showarrow: false;
  readonly font?: Font;
}

/** One place of a slider: which traces are seen there. */
export interface SliderStep {
  readonly label: string;
  readonly method: "restyle";
  readonly args: readonly [{ readonly visible: readonly boolean[] }];
}

/** A slider below a figure. */
export interface Slider {
  /** Index of the step it begins with. */
  readonly active: number;
  readonly steps: readonly SliderStep[];
  readonly currentvalue: { readonly prefix: string; readonly xanchor: "left"; readonly font: Font };
  readonly pad: { readonly t: number; readonly b: number };
  readonly bgcolor: string;
  readonly bordercolor: string;
  readonly tickcolor: string;
  readonly font: Font;
}

/** Plotly's layout, as far as the course uses it; further axes are named `xaxis2`, `yaxis2`, … */
export interface Layout {
  readonly title: Title;
  readonly xaxis?: Axis;
  readonly yaxis?: Axis;
  readonly [further: `xaxis${number}` | `yaxis${number}`]: Axis | undefined;
  readonly font: Font;
  readonly paper_bgcolor: string;
  readonly plot_bgcolor: string;
  readonly height: number;
  readonly margin: { readonly l: number; readonly r: number; readonly t: number; readonly b: number };
  /** "x": values of all lines at one x. */
  readonly hovermode: "closest" | "x";
  /** "axis": with `hovermode` "x", in all panels over one x axis. */
  readonly hoversubplots?: "axis";
  readonly sliders?: readonly Slider[];
  readonly showlegend: boolean;
  readonly legend?: Readonly<Record<string, unknown>>;
  readonly annotations?: readonly Annotation[];
  /** Size in pixels for whoever draws at a fixed size (PNG, page column). */
  readonly meta: { readonly width: number; readonly height: number };
}

/** A figure: Plotly's JSON in the light theme, made of plain numbers, and a description for whoever cannot see it. */
export interface Figure {
  /** Plotly's traces. */
  readonly data: readonly (Trace | HeatTrace)[];
  /** Plotly's layout. */
  readonly layout: Layout;
  /** One or two sentences: what against what, range, main pattern. */
  readonly description: string;
}

/**
 * A figure that was looked through: every axis has a name, every trace an x for each y, all numbers are finite.
 * @throws TypeError or RangeError that names the part, what was expected and what was there
 */
export function figure(parts: Figure): Figure {
  if (parts.layout.title.text.trim() === "") {
    throw new RangeError("figure: expected a title that asks one question, got an empty one");
  }
  if (parts.description.trim() === "") throw new RangeError("figure: expected a description, got an empty one");
  for (const trace of parts.data) checkTrace(trace, parts.layout);
  return parts;
}

function checkTrace(trace: Trace | HeatTrace, layout: Layout): void {
  const axes = layout as unknown as Readonly<Record<string, Axis | undefined>>;
  for (const [letter, key] of [
    ["x", axisKey(trace.xaxis ?? "x")],
    ["y", axisKey(trace.yaxis ?? "y")],
  ] as const) {
    const title = axes[key]?.title.text.trim() ?? "";
    if (title === "") {
      throw new RangeError(
        `figure: the ${letter} axis of "${trace.name}" (layout.${key}) has no name: give what it shows and its unit, ` +
          'e.g. "loss (nats)"',
      );
    }
  }
  if (trace.type === "heatmap") {
    const { x, y, z } = trace;
    const fits =
      "bdata" in z
        ? z.shape === `${String(y.length)},${String(x.length)}`
        : z.length === y.length && z.every((row) => row.length === x.length);
    if (!fits) {
      throw new RangeError(
        `figure: "${trace.name}": expected ${String(trace.y.length)} rows of ${String(trace.x.length)} cells`,
      );
    }
  } else if (trace.x.length !== trace.y.length) {
    throw new RangeError(
      `figure: "${trace.name}" has ${String(trace.x.length)} values of x and ${String(trace.y.length)} of y: expected as many`,
    );
  }
  const cells = trace.type === "heatmap" && !("bdata" in trace.z) ? trace.z.flat() : [];
  const odd = [...trace.x, ...trace.y, ...cells].find((value) => value !== null && !Number.isFinite(value));
  if (odd !== undefined) {
    throw new TypeError(
      `figure: "${trace.name}" holds ${String(odd)}: expected finite numbers, null where there is none`,
    );
  }
}

/** "x2" → "xaxis2", as Plotly's layout names it. */
export function axisKey(reference: string): string {
  return `${reference.slice(0, 1)}axis${reference.slice(1)}`;
}
