import type * as themes from "deepen/dist/plot/theme.js";

/** What the page takes from the figure theme. */
export type Theme = Pick<typeof themes, "palette" | "fonts" | "type" | "size">;

/** Colours of code, by the role whose label colour they borrow: `--code-keyword` and so on. */
const syntax = { keyword: "first", string: "batchNorm", number: "plain", type: "third" } as const;

const colours = ["ink", "muted", "paper", "plot", "tint", "line", "accent", "good", "warn", "bad"] as const;

/**
 * The figure theme's tokens as CSS variables (`--ink`, `--text-font`, `--column` …): the light ones on the root, the
 * dark ones where `data-lighting` says dark, and, until the page's script has set that, where the system prefers dark.
 */
export function tokenSheet({ palette, fonts, type, size }: Theme): string {
  const light = declarations(palette.light);
  const dark = declarations(palette.dark);
  return `:root {
  color-scheme: light;
${light}
  --text-font: ${fonts.text};
  --mono-font: ${fonts.mono};
  --ui-font: ${fonts.figure};
  --text-size: ${type.text}px;
  --text-line: ${type.line};
  --mono-size: ${type.mono}px;
  --ui-size: ${type.figureTitle}px;
  --small-size: ${type.figure}px;
  --grid: ${size.grid}px;
  --column: ${size.column}px;
  --figure: ${size.figure.width}px;
  --measure: ${size.measure}ch;
}
:root[data-lighting="dark"] {
  color-scheme: dark;
${dark}
}
@media (prefers-color-scheme: dark) {
  :root:not([data-lighting]) {
    color-scheme: dark;
${dark}
  }
}
`;
}

function declarations(palette: Theme["palette"]["light"]): string {
  return [
    ...colours.map((name) => `  --${name}: ${palette[name]};`),
    ...Object.entries(syntax).map(([name, role]) => `  --code-${name}: ${palette.label[role]};`),
  ].join("\n");
}
