import { type Rng, rng } from "../math/rng";
import { cos, sin } from "../math/special";
import { type Examples, examples } from "./examples";

/** Which pictures {@link shapes} draws. */
export interface ShapesOptions {
  /** How many, default 2000. */
  readonly count?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** The same pictures with labels at three levels; each level is drawn without regard to the others. */
export interface Shapes {
  /** How all strokes are turned: by 0, 30 or 60 degrees (each shape has two strokes at right angles). 3 classes. */
  readonly strokes: Examples;
  /** Which of the three shapes is missing: the cross, the T or the corner. 3 classes. */
  readonly shapes: Examples;
  /** Where the first of the two shapes (in the order cross, T, corner) lies: left, right, above or below. 4 classes. */
  readonly arrangement: Examples;
}

const side = 24;

/** Mean and standard deviation of the pixels of 20,000 pictures. */
const pixel = { mean: 0.0623, std: 0.2151 };

/** A stroke from one end to the other, in units of half its length, before it is turned; y runs downwards. */
type Stroke = readonly [x1: number, y1: number, x2: number, y2: number];

/** Cross, T, corner: each a stroke across and a stroke down, of the same lengths; only how they meet is different. */
const drawings: readonly (readonly [Stroke, Stroke])[] = [
  [
    [-1, 0, 1, 0],
    [0, -1, 0, 1],
  ],
  [
    [-1, -1, 1, -1],
    [0, -1, 0, 1],
  ],
  [
    [-1, 1, 1, 1],
    [-1, -1, -1, 1],
  ],
];

/** Left, right, above, below: where the first shape's middle lies, in pixels from the picture's; the other lies opposite. */
const offsets: readonly (readonly [x: number, y: number])[] = [
  [-5.5, 0],
  [5.5, 0],
  [0, -5.5],
  [0, 5.5],
];

/**
 * Pictures with a hierarchy that is known, because it was put in: strokes make shapes, shapes make arrangements.
 *
 * Every picture `[24, 24, 1]` shows two different shapes of three. All shapes are made of the same two strokes, so that
 * strokes do not tell shapes apart; all arrangements of the same shapes, so that shapes do not tell where they lie.
 * Sizes, places, ink and paper vary at random; pixels are standardised so that E[x²] is about 1. Labels are balanced to
 * within one example.
 * @throws RangeError if `count` is no positive integer
 */
export function shapes({ count = 2000, seed = 0 }: ShapesOptions = {}): Shapes {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`count: expected a positive integer, got ${count}`);
  const random = rng(seed).child("shapes");
  const x = new Float32Array(count * side * side);
  const labels = [3, 3, 4].map(() => new Uint8Array(count));
  // All 36 combinations come equally often, in random order.
  random.permutation(count).forEach((place, index) => {
    const combination = index % 36;
    const chosen = [combination % 3, Math.floor(combination / 3) % 3, Math.floor(combination / 9)] as const;
    chosen.forEach((label, level) => (labels[level][place] = label));
    x.set(picture(chosen, random.child(`picture ${place}`)), place * side * side);
  });
  const level = (index: number, classes: number): Examples =>
    examples({ x, labels: labels[index], shape: [side, side, 1], classes });
  return { strokes: level(0, 3), shapes: level(1, 3), arrangement: level(2, 4) };
}

function picture([turn, missing, arrangement]: readonly [number, number, number], random: Rng): Float32Array {
  const present = [0, 1, 2].filter((shape) => shape !== missing);
  const ink = random.uniform(0.7, 1);
  const lines = present.flatMap((shape, index) => {
    const [x, y] = offsets[arrangement].map((offset) => (index === 0 ? offset : -offset) + random.uniform(-1, 1));
    return drawn(drawings[shape], { x, y, half: random.uniform(3, 4), angle: (turn * Math.PI) / 6 });
  });
  const pixels = new Float32Array(side * side);
  for (let index = 0; index < pixels.length; index++) {
    const x = (index % side) - (side - 1) / 2;
    const y = Math.floor(index / side) - (side - 1) / 2;
    let nearest = Infinity;
    for (const line of lines) nearest = Math.min(nearest, distance(x, y, line));
    // Half a pixel of soft edge around strokes 1.4 pixels wide.
    const covered = Math.min(1, Math.max(0, 1.2 - nearest));
    pixels[index] = (ink * covered + random.normal(0, 0.1) - pixel.mean) / pixel.std;
  }
  return pixels;
}

/** The strokes of a shape where they lie in the picture, in pixels. */
function drawn(
  strokes: readonly Stroke[],
  { x, y, half, angle }: { readonly x: number; readonly y: number; readonly half: number; readonly angle: number },
): Stroke[] {
  const [c, s] = [half * cos(angle), half * sin(angle)];
  return strokes.map(([x1, y1, x2, y2]) => [
    x + c * x1 - s * y1,
    y + s * x1 + c * y1,
    x + c * x2 - s * y2,
    y + s * x2 + c * y2,
  ]);
}

/** Distance of a point from a stroke. */
function distance(x: number, y: number, stroke: Stroke): number {
  const x1 = stroke[0];
  const y1 = stroke[1];
  const dx = stroke[2] - x1;
  const dy = stroke[3] - y1;
  const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)));
  const px = x - x1 - along * dx;
  const py = y - y1 - along * dy;
  return Math.sqrt(px * px + py * py);
}
