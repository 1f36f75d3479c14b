import type { Rng } from "../math/rng";

/**
 * Moves each example of a batch by a distance of its own, along each axis but that of channels; what moves in is 0.
 * Training on such a batch is data augmentation: the label stays, the pixels do not.
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
  const [height, width, channels] = shape.length === 3 ? shape : [1, ...shape];
  const moved = new Float32Array(x.length);
  const draw = (): number => random.integer(2 * by + 1) - by;
  for (let start = 0; start < x.length; start += size) {
    const down = shape.length === 3 ? draw() : 0;
    const right = draw();
    const from = Math.max(0, -right);
    const to = Math.min(width, width - right);
    if (from >= to) continue;
    for (let row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
      const source = start + row * width * channels;
      const target = source + (down * width + right) * channels;
      moved.set(x.subarray(source + from * channels, source + to * channels), target + from * channels);
    }
  }
  return moved;
}
