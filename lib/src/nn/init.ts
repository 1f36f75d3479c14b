/** A usual way to draw first weights, by the name that libraries give it. */
export type InitName = "glorotUniform" | "glorotNormal" | "heUniform" | "heNormal" | "leCunUniform" | "leCunNormal";

/** How the first weights of a layer are drawn, as plain data. */
export type InitSpec =
  | {
      /** Shape of the distribution; its mean is 0. */
      readonly kind: "normal" | "uniform";
      /** Var(w) times what `per` names. */
      readonly variance: number;
      /** fanIn: inputs a unit has; fanAverage: mean of inputs and outputs; weight: nothing, `variance` is Var(w). */
      readonly per: "fanIn" | "fanAverage" | "weight";
    }
  | {
      /** Orthonormal rows or columns, whichever are fewer. */
      readonly kind: "orthogonal";
      /** What they are multiplied by. */
      readonly gain: number;
    };

/** A name, or plain data made by {@link normal}, {@link scaledNormal}, {@link scaledUniform} or {@link orthogonal}. */
export type Init = InitName | InitSpec;

const pers: ReadonlySet<unknown> = new Set(["fanIn", "fanAverage", "weight"]);

const named: Readonly<Record<InitName, InitSpec>> = {
  glorotUniform: { kind: "uniform", variance: 1, per: "fanAverage" },
  glorotNormal: { kind: "normal", variance: 1, per: "fanAverage" },
  heUniform: { kind: "uniform", variance: 2, per: "fanIn" },
  heNormal: { kind: "normal", variance: 2, per: "fanIn" },
  leCunUniform: { kind: "uniform", variance: 1, per: "fanIn" },
  leCunNormal: { kind: "normal", variance: 1, per: "fanIn" },
};

/** w ~ N(0, `std`²), whatever the size of the layer. */
export function normal(std: number): InitSpec {
  return { kind: "normal", variance: positive("std", std) * std, per: "weight" };
}

/** w ~ N(0, `variance` / fanIn): `variance` is the σ_w² of signal propagation; 1 is LeCun's, 2 is He's. */
export function scaledNormal(variance: number): InitSpec {
  return { kind: "normal", variance: positive("variance", variance), per: "fanIn" };
}

/** w uniform about 0 with variance `variance` / fanIn; 1/3 gives the bounds ±1/√fanIn. */
export function scaledUniform(variance: number): InitSpec {
  return { kind: "uniform", variance: positive("variance", variance), per: "fanIn" };
}

/**
 * Orthonormal rows or columns (whichever are fewer), times `gain`; a square layer then keeps every length times `gain`.
 * @see Saxe et al. 2014, arXiv:1312.6120
 */
export function orthogonal(gain = 1): InitSpec {
  return { kind: "orthogonal", gain: positive("gain", gain) };
}

/**
 * Plain data for an initialisation.
 * @throws RangeError if it is neither a name that is known nor valid data
 */
export function initSpec(init: Init): InitSpec {
  const spec = typeof init === "string" && Object.hasOwn(named, init) ? named[init] : init;
  if (isSpec(spec)) return spec;
  throw new RangeError(
    `init: expected one of ${Object.keys(named).join(", ")}, or nn.normal(std), nn.scaledNormal(variance), ` +
      `nn.scaledUniform(variance), nn.orthogonal(gain); got ${JSON.stringify(init)}`,
  );
}

/** Cells are not strict: what a type forbids may come all the same. */
function isSpec(spec: unknown): spec is InitSpec {
  if (typeof spec !== "object" || spec === null) return false;
  const { kind, gain, variance, per } = spec as Readonly<Record<string, unknown>>;
  if (kind === "orthogonal") return isPositive(gain);
  return (kind === "normal" || kind === "uniform") && isPositive(variance) && pers.has(per);
}

/**
 * Variance of one weight of a layer: He normal gives 2 / fanIn.
 *
 * @param fanIn - inputs a unit has (for a convolution: kernel size times channels in)
 * @param fanOut - outputs that an input feeds
 * @see Glorot and Bengio 2010; He et al. 2015, arXiv:1502.01852; LeCun et al. 1998
 */
export function weightVariance(init: Init, fanIn: number, fanOut: number): number {
  const spec = initSpec(init);
  if (spec.kind === "orthogonal") return (spec.gain * spec.gain) / Math.max(fanIn, fanOut);
  const divisors = { fanIn, fanAverage: (fanIn + fanOut) / 2, weight: 1 };
  return spec.variance / divisors[spec.per];
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}

function positive(name: string, value: number): number {
  if (!isPositive(value)) throw new RangeError(`${name}: expected a positive number, got ${value}`);
  return value;
}
