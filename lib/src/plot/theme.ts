import type { Axis, Figure, Layout } from "./figure";

/** Colours of one theme: page, states, and the fixed roles of lines in figures. */
export interface Palette {
  /** Text and axes. */
  readonly ink: string;
  /** Text of second rank. */
  readonly muted: string;
  /** Background of the page. */
  readonly paper: string;
  /** Background of figures. */
  readonly plot: string;
  /** Background of code. */
  readonly tint: string;
  /** Hairlines: grid, borders of tables. */
  readonly line: string;
  /** What can be clicked. */
  readonly accent: string;
  readonly good: string;
  readonly warn: string;
  readonly bad: string;
  /** Line colour of each role. */
  readonly series: Readonly<Record<Role, string>>;
  /** Colour of a role's written label: the same hue, dark (or bright) enough to read. */
  readonly label: Readonly<Record<Role, string>>;
}

/**
 * Who a line stands for; the same role has the same colour in the whole course.
 * "first", "second" and "third" are for what has no fixed role.
 */
export type Role = "plain" | "residual" | "batchNorm" | "theory" | "random" | "first" | "second" | "third";

const lightPalette: Palette = {
  ink: "#1c2024",
  muted: "#5b626b",
  paper: "#fcfcfa",
  plot: "#ffffff",
  tint: "#f3f4f1",
  line: "#dcdedb",
  accent: "#2f5bd7",
  good: "#1a7f4b",
  warn: "#9a5b00",
  bad: "#b3261e",
  series: {
    plain: "#d55e00",
    residual: "#0072b2",
    batchNorm: "#009e73",
    theory: "#000000",
    random: "#8a8f98",
    first: "#c76b9f",
    second: "#b87e00",
    third: "#3a8fc4",
  },
  label: {
    plain: "#b34f00",
    residual: "#005f96",
    batchNorm: "#007a58",
    theory: "#000000",
    random: "#666b73",
    first: "#a84a7f",
    second: "#8a5f00",
    third: "#22719f",
  },
};

const darkPalette: Palette = {
  ink: "#e6e6e3",
  muted: "#a4a9ae",
  paper: "#16181b",
  plot: "#16181b",
  tint: "#202327",
  line: "#363a3f",
  accent: "#8fb0ff",
  good: "#5fd08f",
  warn: "#f0b45a",
  bad: "#ff8a80",
  series: {
    plain: "#f07f3c",
    residual: "#4a9fe0",
    batchNorm: "#2fc29a",
    theory: "#ffffff",
    random: "#9299a3",
    first: "#e29ac4",
    second: "#e0b04a",
    third: "#8fd0f5",
  },
  label: {
    plain: "#f5935a",
    residual: "#6cb2e8",
    batchNorm: "#48cfa9",
    theory: "#ffffff",
    random: "#a4abb5",
    first: "#e8a9ce",
    second: "#e6bb60",
    third: "#9fd7f7",
  },
};

/** All colours, by theme. The page's style sheet and the figures read them here and nowhere else. */
export const palette: Readonly<Record<"light" | "dark", Palette>> = { light: lightPalette, dark: darkPalette };

/** Families of type, as lists for CSS. */
export const fonts = {
  text: '"Source Serif 4", Georgia, serif',
  mono: '"JetBrains Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
  figure: '"Source Sans 3", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif',
} as const;

/** Sizes of type in pixels, and the height of a line of prose. */
export const type = { text: 17, line: 1.6, mono: 14, figure: 13, figureTitle: 15 } as const;

/** Widths and heights in pixels. */
export const size = {
  /** A figure. */
  figure: { width: 760, height: 420 },
  /** Small multiples. */
  multiples: { width: 980, height: 560 },
  /** Two panels over one x axis. */
  linked: { width: 760, height: 560 },
  /** Step of the spacing grid. */
  grid: 8,
  /** Code and figures at most. */
  column: 980,
  /** Characters in a line of prose. */
  measure: 72,
} as const;

/** Roles given, in this order, to lines that name none. */
export const freeRoles: readonly Role[] = ["plain", "first", "third", "second", "random", "residual", "batchNorm"];

// Matplotlib's viridis at sixteenths (CC0); between them it is linear to less than one step of 8 bits.
const viridisSixteenths = [
  "#440154 #48186a #472d7b #424086 #3b528b #33638d #2c728e #26828e #21918c",
  "#1fa088 #28ae80 #3fbc73 #5ec962 #84d44b #addc30 #d8e219 #fde725",
]
  .join(" ")
  .split(" ");

/**
 * The viridis colour map.
 * @param position - 0 (dark) to 1 (bright)
 * @returns a colour as `#rrggbb`
 */
export function viridis(position: number): string {
  const place = Math.min(1, Math.max(0, position)) * 16;
  const below = Math.min(15, Math.floor(place));
  const from = channels(viridisSixteenths[below]);
  const to = channels(viridisSixteenths[below + 1]);
  return hex(from.map((value, index) => value + (place - below) * (to[index] - value)));
}

const depthSteps = 48;

/**
 * Colour of a depth on the ordered scale of the light theme: shallow light, deep dark.
 * @param position - 0 (the shallowest drawn) to 1 (the deepest)
 */
export function depthColour(position: number, theme: "light" | "dark" = "light"): string {
  const step = Math.round(Math.min(1, Math.max(0, position)) * depthSteps) / depthSteps;
  return theme === "light" ? viridis(0.6 * (1 - step)) : viridis(0.4 + 0.6 * step);
}

/** `colour` (`#rrggbb`) seen through: `rgba(…)` with the given opacity. */
export function transparent(colour: string, opacity: number): string {
  return `rgba(${channels(colour).join(",")},${opacity})`;
}

/** Opacity of bands and of single seeds, and widths of lines in pixels. */
export const stroke = { band: 0.18, seed: 0.35, mean: 2, single: 0.6 } as const;

/** An axis as every figure has it: named, hairline grid, no frame. */
export function axis(title: string): Axis {
  return {
    title: { text: title, standoff: 10, font: { size: type.figure } },
    automargin: true,
    showline: true,
    linecolor: lightPalette.muted,
    gridcolor: lightPalette.line,
    zeroline: false,
    ticks: "outside",
    ticklen: 4,
    tickcolor: lightPalette.muted,
  };
}

/**
 * The layout that all figures begin with: light theme, sizes and type of the course.
 * @param title - may have several lines (`<br>`): the margin above grows with them
 */
export function layout(title: string): Layout {
  const further = title.split("<br>").length - 1;
  return {
    title: {
      text: title,
      x: 0,
      xref: "paper",
      xanchor: "left",
      y: 1,
      yref: "paper",
      yanchor: "bottom",
      // Plotly places the first line.
      pad: { b: 24 + 19 * further },
      font: { size: type.figureTitle },
    },
    font: { family: fonts.figure, size: type.figure, color: lightPalette.ink },
    paper_bgcolor: lightPalette.plot,
    plot_bgcolor: lightPalette.plot,
    height: size.figure.height,
    margin: { l: 72, r: 32, t: 48 + 19 * further, b: 56 },
    hovermode: "closest",
    showlegend: false,
    meta: { width: size.figure.width, height: size.figure.height },
  };
}

const named = ["ink", "muted", "plot", "paper", "tint", "line", "accent", "good", "warn", "bad"] as const;
const roles = Object.keys(lightPalette.series) as readonly Role[];

const toDark: ReadonlyMap<string, string> = new Map<string, string>([
  ...Array.from({ length: depthSteps + 1 }, (_, step): [string, string] => [
    depthColour(step / depthSteps),
    depthColour(step / depthSteps, "dark"),
  ]),
  ...named.map((name): [string, string] => [lightPalette[name], darkPalette[name]]),
  ...roles.map((role): [string, string] => [lightPalette.series[role], darkPalette.series[role]]),
  ...roles.map((role): [string, string] => [lightPalette.label[role], darkPalette.label[role]]),
]);

/**
 * The same figure in the dark theme: every colour of the light theme (also of depth, also seen through, also inside a
 * template) is exchanged for its partner; all else, and colours that are not the course's, stay.
 */
export function dark(figure: Figure): Figure {
  return darken(figure) as Figure;
}

function darken(value: unknown): unknown {
  if (typeof value === "string") return darkColour(value);
  if (Array.isArray(value)) return value.map(darken);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, darken(part)]));
}

function darkColour(text: string): string {
  const solid = toDark.get(text.toLowerCase());
  if (solid !== undefined) return solid;
  const seenThrough = /^rgba\((\d+),\s*(\d+),\s*(\d+),\s*([\d.]+)\)$/.exec(text);
  if (seenThrough === null) return text;
  const partner = toDark.get(hex(seenThrough.slice(1, 4).map(Number)));
  return partner === undefined ? text : transparent(partner, Number(seenThrough[4]));
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
}

function hex(values: readonly number[]): string {
  return `#${values.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}
