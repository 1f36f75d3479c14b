import { numberWords } from "../math/words";
import { cellAxis } from "./axes";
import { diverging, sequential } from "./colourScale";
import { capital } from "./describe";
import { figure, type Axis, type Figure } from "./figure";
import { escapeText, wrapText } from "./labels";
import { layout, type as sizes } from "./theme";

/** How a heat map is drawn. */
export interface HeatMapOptions {
  /** One question, as a plain sentence. */
  readonly title: string;
  /** What the columns are, e.g. "layer of the second net". */
  readonly x: string;
  /** What the rows are. */
  readonly y: string;
  /** What the colours show, with its unit, e.g. "linear CKA". */
  readonly value: string;
  /** Names of columns; 1, 2, 3 … unless given. */
  readonly columns?: readonly string[];
  /** Names of rows; 1, 2, 3 … unless given. */
  readonly rows?: readonly string[];
  /** Values of the darkest and the brightest colour; those of the matrix unless given. */
  readonly range?: readonly [number, number];
  /** True colours by sign, white at zero: the range is then as far on both sides. */
  readonly signed?: boolean;
  /** One or two sentences on the main pattern, added to the automatic description. */
  readonly finding?: string;
}

/** Values are written into the cells up to this many rows and columns. */
const mostWritten = 12;

/**
 * A matrix as colours, the first row at the top; cells are square and carry their values if there are at most 12 × 12.
 *
 * @param matrix - rows of equal length, finite numbers
 * @throws RangeError if there is nothing to draw, rows differ in length, or names are not as many as cells
 */
export function heatMap(matrix: readonly (readonly number[])[], options: HeatMapOptions): Figure {
  const [height, width] = [matrix.length, matrix[0]?.length ?? 0];
  if (height === 0 || width === 0) throw new RangeError("matrix: expected at least one row and one column, got none");
  const uneven = matrix.findIndex((row) => row.length !== width);
  if (uneven >= 0) {
    throw new RangeError(
      `matrix: row ${String(uneven)} has ${String(matrix[uneven].length)} values, the first ${String(width)}`,
    );
  }
  const values = matrix.flat();
  const ends = options.range ?? ([Math.min(...values), Math.max(...values)] as const);
  const reach = Math.max(...ends.map(Math.abs));
  const [low, high] = options.signed === true ? [-reach, reach] : ends;
  const base = layout(wrapText(options.title, 84));
  const written = height <= mostWritten && width <= mostWritten;
  return figure({
    data: [
      {
        type: "heatmap",
        name: escapeText(options.value),
        x: places(width),
        y: places(height),
        z: matrix.map((row) => row.map((value) => Number(value.toPrecision(4)))),
        zmin: low,
        zmax: high,
        colorscale: options.signed === true ? diverging : sequential,
        showscale: true,
        colorbar: {
          title: { text: options.value, side: "right", font: { size: sizes.figure } },
          thickness: 14,
          outlinewidth: 0,
        },
        ...(written ? { texttemplate: "%{z:.2f}" } : {}),
        hovertemplate: `${escapeText(options.y)} %{y}, ${escapeText(options.x)} %{x}: %{z:.3g}<extra></extra>`,
      },
    ],
    layout: {
      ...base,
      xaxis: { ...namedCells(options.x, width, options.columns), range: [0.5, width + 0.5] },
      yaxis: {
        ...namedCells(options.y, height, options.rows),
        scaleanchor: "x",
        range: [height + 0.5, 0.5],
      },
      height: written ? 480 : base.height,
      meta: { width: base.meta.width, height: written ? 480 : base.height },
    },
    description: [describeMatrix(matrix, options), options.finding].filter((part) => part !== undefined).join(" "),
  });
}

function places(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function namedCells(title: string, count: number, names?: readonly string[]): Axis {
  if (names !== undefined && names.length !== count) {
    throw new RangeError(`"${title}": expected ${String(count)} names, got ${String(names.length)}`);
  }
  const step = [1, 2, 5, 10, 20, 50].find((candidate) => count / candidate <= 14) ?? 100;
  const tickvals = places(count).filter((place) => names !== undefined || place % step === 0);
  return cellAxis(
    title,
    tickvals,
    tickvals.map((place) => names?.[place - 1] ?? String(place)),
  );
}

function describeMatrix(matrix: readonly (readonly number[])[], { x, y, value }: HeatMapOptions): string {
  const all = matrix.flat();
  const span = `${numberWords(Math.min(...all))} to ${numberWords(Math.max(...all))}`;
  const square = matrix.length === matrix[0].length && matrix.length > 1;
  const hits = matrix.filter((row, index) => row.indexOf(Math.max(...row)) === index).length;
  const diagonal = square
    ? ` The greatest value of its row stands on the diagonal in ${String(hits)} of ${String(matrix.length)} rows.`
    : "";
  return `${capital(value)} by ${y} (${String(matrix.length)} rows) and ${x} (${String(matrix[0].length)} columns), from ${span}.${diagonal}`;
}
