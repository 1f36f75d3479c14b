/** Labelled examples, in a fixed order. */
export interface Examples {
  /** `[count, ...shape]`, example after example. */
  readonly x: Float32Array;
  /** `[count]`, classes 0 to K − 1. */
  readonly labels: Uint8Array | Int32Array;
  /** Number of examples N. */
  readonly count: number;
  /** Shape of one example, channels last. */
  readonly shape: readonly number[];
  /** Number of classes K. */
  readonly classes: number;
  /**
   * The first `count` of them: a view, not a copy.
   * @throws RangeError if there are not that many
   */
  take(count: number): Examples;
}

/** Examples parted for the three uses that must not mix. */
export interface Dataset {
  /** To fit weights to. */
  readonly train: Examples;
  /** To choose depth, rates and steps by. */
  readonly validation: Examples;
  /** To look at once, at the end. */
  readonly test: Examples;
}

/**
 * Examples over plain arrays: a view, not a copy.
 *
 * @param parts - `x` `[N, ...shape]`, `labels` `[N]`, the shape of one example and the number of classes
 * @throws RangeError if lengths do not agree or a label is no class
 */
export function examples(parts: Pick<Examples, "x" | "labels" | "shape" | "classes">): Examples {
  const { x, labels, shape, classes } = parts;
  const count = labels.length;
  const size = shape.reduce((product, length) => product * length, 1);
  if (x.length !== count * size) {
    throw new RangeError(`x: expected ${count} examples of ${size} numbers, got ${x.length} numbers`);
  }
  const wrong = labels.findIndex((label) => !(label >= 0 && label < classes));
  if (wrong >= 0)
    throw new RangeError(`labels: expected classes 0 to ${classes - 1}, got ${labels[wrong]} at ${wrong}`);
  return {
    ...parts,
    count,
    take(wanted) {
      if (!Number.isInteger(wanted) || wanted < 1 || wanted > count) {
        throw new RangeError(`take: expected 1 to ${count} examples, got ${wanted}`);
      }
      return examples({ ...parts, x: x.subarray(0, wanted * size), labels: labels.subarray(0, wanted) });
    },
  };
}
