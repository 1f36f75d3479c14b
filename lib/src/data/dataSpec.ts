import { childSeed } from "../math/rng";
import type { Dataset } from "./examples";
import { withLabelNoise } from "./labelNoise";
import { mnist } from "./mnist";
import { mnist1d } from "./mnist1d";
import { shapes } from "./shapes";
import { split } from "./split";
import { subset } from "./subset";

/** Which examples, as plain data. */
export type DataSpec = (
  | {
      /** MNIST-1D as published, or the packed MNIST. */
      readonly kind: "mnist1d" | "mnist";
    }
  | {
      /** Pictures with a known hierarchy, 2,000 to train and 1,000 to test. */
      readonly kind: "shapes";
      /** The level whose labels are learnt. */
      readonly label: "strokes" | "shapes" | "arrangement";
    }
) & {
  /** Training examples, drawn by the seed; default: all. */
  readonly train?: number;
  /** Validation examples, drawn by the seed from those that are not for training; default: none, or those of MNIST. */
  readonly validation?: number;
  /** Test examples, the first ones; default: all. */
  readonly test?: number;
  /** Fraction (0 to 1) of the training labels that are drawn anew by the seed; default 0. */
  readonly labelNoise?: number;
};

/** A dataset that may lack validation examples. */
export type DataParts = Omit<Dataset, "validation"> & Partial<Pick<Dataset, "validation">>;

/**
 * The examples that a specification names; the same seed gives the same ones.
 * @throws RangeError if the kind is unknown, or there are not that many examples
 */
export async function loadData(spec: DataSpec, seed: number): Promise<DataParts> {
  const whole = await wholeSet(spec);
  const { train = whole.train.count - (spec.validation ?? 0), validation, labelNoise = 0 } = spec;
  const order = childSeed(seed, "data");
  const [trained, held = whole.validation] =
    validation === undefined
      ? [train === whole.train.count ? whole.train : subset(whole.train, { count: train, seed: order })]
      : split(subset(whole.train, { count: train + validation, seed: order }), [train, validation]);
  return {
    train: labelNoise === 0 ? trained : withLabelNoise(trained, { fraction: labelNoise, seed: order }),
    ...(held === undefined ? {} : { validation: held }),
    test: spec.test === undefined ? whole.test : whole.test.take(spec.test),
  };
}

/** Sets that were made, a promise each: experiments of one sweep share them. */
const made = new Map<string, Promise<unknown>>();

function once<T>(name: string, make: () => T | Promise<T>): Promise<T> {
  const known = made.get(name) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const set = Promise.resolve().then(make);
  made.set(name, set);
  // A file that was missing may be there the next time.
  set.catch(() => made.delete(name));
  return set;
}

async function wholeSet(spec: DataSpec): Promise<DataParts> {
  if (spec.kind === "mnist1d") return once("mnist1d", () => mnist1d());
  if (spec.kind === "mnist") return once("mnist", mnist);
  const { kind, label } = spec as Readonly<Record<string, unknown>>;
  if (spec.kind !== "shapes") {
    throw new RangeError(`data.kind: expected "mnist1d", "mnist" or "shapes", got ${JSON.stringify(kind)}`);
  }
  if (!["strokes", "shapes", "arrangement"].includes(spec.label)) {
    throw new RangeError(`data.label: expected "strokes", "shapes" or "arrangement", got ${JSON.stringify(label)}`);
  }
  const levels = await once("shapes", () => shapes({ count: 3000 }));
  const [train, test] = split(levels[spec.label], [2000, 1000]);
  return { train, test };
}
