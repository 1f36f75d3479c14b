import type { Rng } from "../math/rng";

/**
 * Moves each example of a batch by a distance of its own, along each axis but that of channels; what moves in repeats
 * the edge. Training on such a batch is data augmentation: the label stays, the pixels do not.
 *
 * @param x - `[N, length, C]` of sequences or `[N, height, width, C]` of images, example after example; not changed
 * @param options - `shape` of one example, channels last; `by`, the greatest distance in positions: distances are
 *   uniform on −by … by; `random` draws them, one for each axis of each example
 * @returns a batch of the same size
 * @throws RangeError if `shape` has not two or three axes, `x` is no whole number of examples, or `by` is not valid
 */
export function shift(
  x: Float32Array,
  { shape, by, random }: { readonly shape: readonly number[]; readonly by: number; readonly random: Rng },
): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  if ((shape.length !== 2 && shape.length !== 3) || x.length % size !== 0) {
    throw new RangeError(
      `shape: expected [length, channels] or [height, width, channels] of examples in ${x.length} numbers, got ` +
        `[${shape.join(", ")}]`,
    );
  }
  if (!Number.isInteger(by) || by < 0) throw new RangeError(`by: expected a whole number of positions, got ${by}`);
  if (by === 0) return x.slice();
  const [height, width, channels] = shape.length === 3 ? shape : [1, ...shape];
  const line = width * channels;
  const moved = new Float32Array(x.length);
  const draw = (): number => random.integer(2 * by + 1) - by;
  for (let start = 0; start < x.length; start += size) {
    const down = shape.length === 3 ? draw() : 0;
    const right = draw();
    for (let row = 0; row < height; row++) {
      const target = start + row * line;
      const source = start + within(row - down, height) * line;
      // The part of the row that moves, then what the edges repeat on either side of it.
      const [first, end] = [within(right, width + 1), within(width + right, width + 1)];
      for (let at = first * channels; at < end * channels; at++) moved[target + at] = x[source + at - right * channels];
      for (let at = 0; at < first * channels; at++) moved[target + at] = x[source + (at % channels)];
      for (let at = end * channels; at < line; at++) moved[target + at] = x[source + line - channels + (at % channels)];
    }
  }
  return moved;
}

/** The position of a row or column of `length` that is nearest to `position`. */
const within = (position: number, length: number): number => Math.min(Math.max(position, 0), length - 1);
