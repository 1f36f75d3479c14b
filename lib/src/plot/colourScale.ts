import { viridis } from "./theme";

/** Colours from 0 to 1, as Plotly takes them. Written so that the dark theme leaves them: they are read as numbers. */
export type ColourScale = readonly (readonly [number, string])[];

/** Dark to bright, for amounts. */
export const sequential: ColourScale = Array.from({ length: 17 }, (_, index) => [index / 16, rgb(viridis(index / 16))]);

// ColorBrewer's RdBu (Apache-2.0) the other way round: blue below, white at zero, red above.
const diverged = ["#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#ffffff", "#fddbc7", "#f4a582", "#d6604d", "#b2182b"];

/** Blue over white to red, for values on both sides of zero. */
export const diverging: ColourScale = diverged.map((colour, index) => [index / (diverged.length - 1), rgb(colour)]);

/** White to black, for pictures. */
export const paper: ColourScale = [
  [0, "rgb(255,255,255)"],
  [1, "rgb(0,0,0)"],
];

function rgb(colour: string): string {
  return `rgb(${[1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16)).join(",")})`;
}
