import { tf } from "@deepen/engine";
import { qr } from "../math/linearAlgebra";
import { type Rng, rng } from "../math/rng";
import { type Init, type InitSpec, initSpec, weightVariance } from "./init";

/** What tf.layers takes as `kernelInitializer`. */
export type Initializer = ReturnType<typeof tf.initializers.ones>;

/**
 * A tf.layers initializer with exactly the variance its name promises, seeded, and equal to the bit everywhere.
 *
 * tfjs's own heNormal, glorotNormal and leCunNormal cut the normal off at two standard deviations without rescaling:
 * 0.773 of the variance is left, and 0.773²⁰ = 0.006 after twenty layers. Models made with this one save and load.
 *
 * @param init - name or plain data, e.g. "heNormal" or `nn.orthogonal(Math.SQRT2)`
 * @param seed - integer; each layer needs its own, e.g. `math.childSeed(seed, "weights/3")`: layers of one shape and
 *   one seed start equal
 * @throws RangeError if `init` is a name that is not known, or `seed` no integer from 0 to 2⁵³ − 1
 */
export function initializer(init: Init, seed: number): Initializer {
  return new SeededInitializer({ ...initSpec(init), seed: rng(seed).seed });
}

/**
 * Draws what {@link initializer} gives to a layer, as plain numbers.
 *
 * @param shape - of the weights, inputs before outputs: `[fanIn, fanOut]` or `[…, channelsIn, channelsOut]`
 * @returns as many numbers as `shape` asks for, row after row, rounded to float32
 */
export function drawWeights(init: Init, shape: readonly number[], seed: number): Float32Array {
  const spec = initSpec(init);
  const columns = shape.at(-1)!;
  const size = shape.reduce((product, length) => product * length, 1);
  const random = rng(seed);
  if (spec.kind === "orthogonal") return orthogonalWeights(spec.gain, size / columns, columns, random);
  const receptive = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  const variance = weightVariance(spec, size / columns, receptive * columns);
  const std = Math.sqrt(variance);
  const bound = Math.sqrt(3 * variance);
  const draw = spec.kind === "normal" ? () => random.normal(0, std) : () => random.uniform(-bound, bound);
  const weights = new Float32Array(size);
  for (let index = 0; index < size; index++) weights[index] = draw();
  return weights;
}

/** Float32Array rounds on assignment, as Math.fround does. */
function orthogonalWeights(gain: number, rows: number, columns: number, random: Rng): Float32Array {
  const tall = Math.max(rows, columns);
  const narrow = Math.min(rows, columns);
  const { q } = qr(
    Float64Array.from({ length: tall * narrow }, () => random.normal()),
    tall,
    narrow,
  );
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    return gain * (rows >= columns ? q[row * narrow + column] : q[column * narrow + row]);
  });
}

type Config = InitSpec & { readonly seed: number };

/** tfjs takes an initializer only if it descends from its own base class, which it does not export. */
const Base = Object.getPrototypeOf(tf.initializers.zeros().constructor) as new () => Initializer;

class SeededInitializer extends Base {
  /** The name under which saved models find this class again. */
  static readonly className = "DeepenInitializer";

  constructor(private readonly config: Config) {
    super();
  }

  override apply(shape: number[]): tf.Tensor {
    return tf.tensor(drawWeights(this.config, shape, this.config.seed), shape);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config };
  }
}

tf.serialization.registerClass(
  SeededInitializer as unknown as tf.serialization.SerializableConstructor<SeededInitializer>,
);
