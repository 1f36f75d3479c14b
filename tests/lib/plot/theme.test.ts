import { curves } from "../../../lib/src/plot/curves";
import { dark, depthColour, palette, transparent, viridis, type Palette } from "../../../lib/src/plot/theme";

/** Contrast of two colours by WCAG 2.2: 1 (equal) to 21 (black on white). */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((start) => {
    const share = parseInt(colour.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe.each(Object.entries(palette))("in the %s theme", (theme, colours: Palette) => {
  const grounds = [colours.paper, colours.plot, colours.tint];

  test.each(["ink", "muted", "accent", "good", "warn", "bad"] as const)(
    "%s can be read on page, figure and code (contrast 4.5)",
    (name) => {
      for (const ground of grounds) expect(contrast(colours[name], ground)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(Object.keys(colours.label) as (keyof Palette["label"])[])(
    "the label of %s can be read, its line be seen (contrast 4.5 and 2.9)",
    (role) => {
      expect(contrast(colours.label[role], colours.plot)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colours.series[role], colours.plot)).toBeGreaterThanOrEqual(2.9);
    },
  );

  test("every step of the depth scale can be seen (contrast 2.9), and deeper is further from the ground", () => {
    const steps = Array.from({ length: 49 }, (_, step) =>
      contrast(depthColour(step / 48, theme as "light" | "dark"), colours.plot),
    );
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(2.9);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });
});

test("viridis goes from its known dark end to its known bright end", () => {
  expect([viridis(0), viridis(0.5), viridis(1)]).toEqual(["#440154", "#21918c", "#fde725"]);
  expect([viridis(-1), viridis(2)]).toEqual(["#440154", "#fde725"]);
});

describe("dark", () => {
  const figure = curves(
    [10, 30].map((depth) => ({
      name: `${String(depth)} layers`,
      depth,
      runs: [
        [1, 2],
        [2, 3],
        [1, 3],
      ],
      theory: [1, 2],
    })),
    { title: "Which is deeper?", x: "step", y: "loss (nats)", references: [{ name: "chance", y: 2 }] },
  );
  const colours = (value: unknown): string[] => JSON.stringify(value).match(/#[0-9a-f]{6}|rgba\([^)]*\)/g) ?? [];

  test("exchanges every colour, also of depth and seen through, and nothing else", () => {
    const partner = dark(figure);
    expect(colours(partner)).toHaveLength(colours(figure).length);
    const known = new Set([...Object.values(palette.dark.series), ...Object.values(palette.dark.label)]);
    for (const name of ["ink", "muted", "plot", "line"] as const) known.add(palette.dark[name]);
    for (const place of [0, 1]) {
      known.add(depthColour(place, "dark"));
      known.add(transparent(depthColour(place, "dark"), 0.18));
    }
    expect(colours(partner).filter((colour) => !known.has(colour))).toEqual([]);
    const without = (value: unknown): string => JSON.stringify(value).replace(/#[0-9a-f]{6}|rgba\([^)]*\)/g, "");
    expect(without(partner)).toBe(without(figure));
  });

  test("gives each light colour one partner: no two roles of the light theme share a colour with another meaning", () => {
    for (const [name, colour] of Object.entries({ ...palette.light.series, ...palette.light.label })) {
      const expected = { ...palette.dark.series, ...palette.dark.label }[name as "plain"];
      const [mapped] = colours(
        dark({ ...figure, layout: { ...figure.layout, paper_bgcolor: colour } }).layout.paper_bgcolor,
      );
      expect([name, mapped]).toEqual([name, expected]);
    }
  });

  test("maps colours inside a template, and leaves colours that are not the course's", () => {
    const template = { layout: { font: { color: palette.light.ink }, colorway: ["#123456"] } };
    const mapped = dark({ ...figure, layout: { ...figure.layout, legend: { template } } });
    expect(mapped.layout.legend).toEqual({
      template: { layout: { font: { color: palette.dark.ink }, colorway: ["#123456"] } },
    });
  });
});
