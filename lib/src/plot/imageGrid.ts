import { cellAxis } from "./axes";
import { diverging, paper } from "./colourScale";
import { figure, type Figure } from "./figure";
import { escapeText, wrapText } from "./labels";
import { layout } from "./theme";

/** One row of pictures. */
export interface ImageRow {
  /** Its label in the figure. */
  readonly name: string;
  /** Each `[height, width]` or `[height, width, 1]`, row after row; fewer than in other rows leave blanks. */
  readonly images: readonly ArrayLike<number>[];
  /** Height and width of the pictures of this row. */
  readonly shape: readonly number[];
}

/** How pictures are drawn. */
export interface ImageGridOptions {
  /** One question, as a plain sentence. */
  readonly title: string;
  /** What the columns are, e.g. "channel". */
  readonly x: string;
  /** What the rows are, e.g. "layer". */
  readonly y: string;
  /** Names of the columns; 1, 2, 3 … unless given. */
  readonly columns?: readonly string[];
  /** True colours by sign, white at zero: for kernels. False (default) draws ink on paper. */
  readonly signed?: boolean;
}

/**
 * Pictures in rows and columns, each stretched to its own darkest and brightest value (with `signed`, to its greatest
 * size on both sides of zero): compare patterns, not strengths. Small pictures are drawn as large as the largest.
 * @throws RangeError if there are no pictures, or one has not the size of its row
 */
export function imageGrid(rows: readonly ImageRow[], options: ImageGridOptions): Figure {
  const columns = Math.max(0, ...rows.map(({ images }) => images.length));
  if (columns === 0) throw new RangeError("rows: expected at least one picture, got none");
  const names = options.columns ?? Array.from({ length: columns }, (_, index) => String(index + 1));
  if (names.length !== columns) {
    throw new RangeError(`columns: expected ${String(columns)} names, got ${String(names.length)}`);
  }
  const cell = Math.max(...rows.flatMap(({ shape }) => shape.slice(0, 2)));
  const pitch = cell + Math.max(1, Math.round(cell / 8));
  const [width, height] = [columns * pitch, rows.length * pitch];
  const signed = options.signed === true;
  const z = Array.from({ length: height }, () => new Uint8Array(width).fill(signed ? 100 : 0));
  rows.forEach((row, index) => {
    row.images.forEach((image, column) => {
      paint(z, stretched(image, row, signed), row.shape, {
        top: index * pitch,
        left: column * pitch,
        cell,
      });
    });
  });
  const base = layout(wrapText(options.title, 84));
  const centres = (count: number): number[] =>
    Array.from({ length: count }, (_, index) => index * pitch + (cell - 1) / 2);
  const pixels = Math.min(640, Math.max(160, Math.round((600 * height) / width)));
  const total = base.margin.t + base.margin.b + pixels;
  return figure({
    data: [
      {
        type: "heatmap",
        name: escapeText(options.title),
        x: Array.from({ length: width }, (_, index) => index),
        y: Array.from({ length: height }, (_, index) => index),
        z: { dtype: "u1", shape: `${String(height)},${String(width)}`, bdata: base64(z.flatMap((row) => [...row])) },
        zmin: 0,
        zmax: signed ? 200 : 100,
        colorscale: signed ? diverging : paper,
        showscale: false,
        hovertemplate: "%{z} %<extra></extra>",
      },
    ],
    layout: {
      ...base,
      xaxis: { ...cellAxis(options.x, centres(columns), names), range: [-1, width] },
      yaxis: {
        ...cellAxis(
          options.y,
          centres(rows.length),
          rows.map(({ name }) => name),
        ),
        range: [height, -1],
        scaleanchor: "x",
      },
      height: total,
      meta: { width: base.meta.width, height: total },
    },
    description: `${options.title} Pictures by ${options.y} (${rows.map(({ name }) => name).join(", ")}) and ${options.x} (${String(columns)} columns), each in its own range.`,
  });
}

/** The picture in 0 to 100, with signs in 0 to 200 and zero at 100; one without contrast is blank. */
function stretched(image: ArrayLike<number>, { name, shape }: ImageRow, signed: boolean): number[] {
  const values = Array.from(image);
  if (values.length !== shape[0] * shape[1]) {
    throw new RangeError(
      `"${name}": expected pictures of ${String(shape[0])} x ${String(shape[1])}, got ${String(values.length)} numbers`,
    );
  }
  const reach = Math.max(...values.map(Math.abs));
  const [low, high] = signed ? [0, reach] : [Math.min(...values), Math.max(...values)];
  const blank = signed ? 100 : 0;
  return values.map((value) => (high > low ? blank + Math.round((100 * (value - low)) / (high - low)) : blank));
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes in base64, as Plotly takes them; browsers and Node have no function for it in common. */
function base64(bytes: readonly number[]): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const [a, b = 0, c = 0] = bytes.slice(index, index + 3);
    const word = (a << 16) | (b << 8) | c;
    text += [18, 12, 6, 0].map((shift) => digits[(word >> shift) & 63]).join("");
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  return text.slice(0, text.length - missing) + "=".repeat(missing);
}

/** Draws a picture into its cell, enlarged by a whole factor and centred. */
function paint(
  z: readonly Uint8Array[],
  values: readonly number[],
  [height, width]: readonly number[],
  { top, left, cell }: { readonly top: number; readonly left: number; readonly cell: number },
): void {
  const scale = Math.floor(cell / Math.max(height, width));
  const [down, right] = [height, width].map((length) => Math.floor((cell - length * scale) / 2));
  for (let row = 0; row < height * scale; row++) {
    for (let column = 0; column < width * scale; column++) {
      const value = values[Math.floor(row / scale) * width + Math.floor(column / scale)];
      z[top + down + row][left + right + column] = value;
    }
  }
}
