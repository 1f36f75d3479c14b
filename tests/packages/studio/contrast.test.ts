import * as theme from "../../../lib/src/plot/theme";
import { tokenSheet } from "../../../packages/studio/src/server/tokenSheet";

/** WCAG 2.2 asks for this between text of ordinary size and its ground. */
const enough = 4.5;

const sheet = tokenSheet(theme);
const lightings = {
  light: /:root \{([^}]*)\}/.exec(sheet)![1]!,
  dark: /data-lighting="dark"\] \{([^}]*)\}/.exec(sheet)![1]!,
};

function token(block: string, name: string): string {
  const match = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(block);
  if (match === null) throw new Error(`The token sheet has no colour --${name}.`);
  return match[1]!;
}

/** Relative luminance of sRGB, WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright! + 0.05) / (dark! + 0.05);
}

test("contrast is computed as WCAG does: 21 between black and white, 1 between equal colours", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 6);
  expect(contrast("#2f5bd7", "#2f5bd7")).toBe(1);
});

describe.each(Object.entries(lightings))("in %s", (_, block) => {
  test.each(["ink", "muted", "accent", "good", "warn", "bad"])(
    "--%s can be read on the page, on code and on notices",
    (name) => {
      for (const ground of ["paper", "tint"]) {
        expect(contrast(token(block, name), token(block, ground))).toBeGreaterThanOrEqual(enough);
      }
    },
  );

  test.each(["keyword", "string", "number", "type"])("--code-%s can be read on the ground of code", (name) => {
    expect(contrast(token(block, `code-${name}`), token(block, "tint"))).toBeGreaterThanOrEqual(enough);
  });

  test("the text of a filled button can be read", () => {
    expect(contrast(token(block, "paper"), token(block, "accent"))).toBeGreaterThanOrEqual(enough);
  });
});
