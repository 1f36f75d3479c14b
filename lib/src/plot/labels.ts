import type { Annotation } from "./figure";
import { type } from "./theme";

/** A label that wants to stand at the end of a line. */
export interface EndLabel {
  readonly text: string;
  readonly colour: string;
  /** In units of the axes (powers of ten on a log axis). */
  readonly x: number;
  readonly y: number;
}

const lineHeight = 17;
const letterWidth = 6.7;
const wrapAt = 24;

/** Where labels are placed: the range of the y axis and its length on the screen. */
export interface LabelRoom {
  readonly range: readonly [number, number];
  /** Pixels. */
  readonly height: number;
}

/** Width in pixels that the longest of the labels needs, with its distance from the line. */
export function labelWidth(labels: readonly EndLabel[]): number {
  const lines = labels.flatMap(({ text }) => wrapText(text, wrapAt).split("<br>"));
  return Math.ceil(Math.max(0, ...lines.map((line) => line.length)) * letterWidth) + 18;
}

/** Annotations at the ends of lines, moved up or down so that none covers another. */
export function endLabels(labels: readonly EndLabel[], { range, height }: LabelRoom): Annotation[] {
  const scale = height / (range[1] - range[0]);
  const wanted = labels
    .map((label) => ({ label, text: wrapText(label.text, wrapAt), at: (label.y - range[0]) * scale }))
    .sort((a, b) => a.at - b.at);
  const heights = wanted.map(({ text }) => lineHeight * text.split("<br>").length);
  const placed = apart(
    wanted.map(({ at }) => at),
    heights,
    height,
  );
  return wanted.map(({ label, text, at }, index) => ({
    text,
    x: label.x,
    y: label.y,
    xref: "x",
    yref: "y",
    xanchor: "left",
    yanchor: "middle",
    xshift: 8,
    yshift: Math.round(placed[index] - at),
    align: "left",
    showarrow: false,
    font: { color: label.colour, size: type.figure },
  }));
}

/**
 * Centres as near as possible to those wanted (ascending), each pair at least half their heights apart: neighbours that
 * would overlap are joined to a block, and the block stands at its members' mean.
 */
function apart(wanted: readonly number[], heights: readonly number[], room: number): number[] {
  const blocks: { members: number[]; size: number; centre: number }[] = [];
  for (const [index, at] of wanted.entries()) {
    let block = { members: [index], size: heights[index], centre: at };
    for (let below = blocks.at(-1); below !== undefined; below = blocks.at(-1)) {
      if (block.centre - block.size / 2 >= below.centre + below.size / 2) break;
      blocks.pop();
      const members = [...below.members, ...block.members];
      const size = below.size + block.size;
      block = { members, size, centre: blockCentre(members, wanted, heights) };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ members, size, centre }) => {
    let bottom = Math.min(Math.max(centre - size / 2, 0), Math.max(0, room - size));
    return members.map((index) => {
      const at = bottom + heights[index] / 2;
      bottom += heights[index];
      return at;
    });
  });
}

function blockCentre(members: readonly number[], wanted: readonly number[], heights: readonly number[]): number {
  const size = members.reduce((sum, index) => sum + heights[index], 0);
  let below = 0;
  let bottoms = 0;
  for (const index of members) {
    bottoms += wanted[index] - below - heights[index] / 2;
    below += heights[index];
  }
  return bottoms / members.length + size / 2;
}

/** Text for Plotly, broken at spaces into lines of at most `width` letters. */
export function wrapText(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map(escapeText).join("<br>");
}

/** Text that Plotly shows as it is. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
