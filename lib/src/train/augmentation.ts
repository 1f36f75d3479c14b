import type { Examples } from "../data/examples";
import { shift } from "../data/shift";
import { rng } from "../math/rng";

/** How a training step changes the examples that it sees, as plain data. */
export interface Augmentation {
  /** Each example is moved by a random distance of its own. */
  readonly kind: "shift";
  /** Greatest distance in positions, along each axis but that of channels. */
  readonly by: number;
}

/**
 * What changes the numbers `[N, ...shape]` of a batch; each call changes them otherwise, the same seed in the same way.
 * @throws RangeError if `kind` is unknown; other options are looked at when a batch comes
 */
export function augmenter(
  { kind, by }: Augmentation,
  { shape }: Pick<Examples, "shape">,
  seed: number,
): (x: Float32Array) => Float32Array {
  if ((kind as string) !== "shift") throw new RangeError(`augment.kind: expected "shift", got ${JSON.stringify(kind)}`);
  const random = rng(seed).child("augmentation");
  return (x) => shift(x, { shape, by, random });
}
