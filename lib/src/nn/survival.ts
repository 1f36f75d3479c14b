import { allowCapture, dropout, tf } from "@deepen/engine";
import { RandomLayer } from "./randomLayer";

/**
 * Stochastic depth: in training, lets a whole branch pass with probability `probability`, else sets it to 0, with one coin
 * for the batch; in use, multiplies it by that probability.
 * @see Huang et al. 2016, "Deep Networks with Stochastic Depth", arXiv:1603.09382, equations 2 and 5
 */
export class Survival extends RandomLayer {
  /** The name under which saved models find this class again. */
  static readonly className = "DeepenSurvival";

  private readonly probability: number;

  /**
   * @throws RangeError if `probability` is not above 0 and at most 1
   */
  constructor(args: { readonly probability: number; readonly seed: number; readonly name?: string }) {
    super(args);
    if (!(args.probability > 0 && args.probability <= 1)) {
      throw new RangeError(`probability: expected a number above 0 and at most 1, got ${args.probability}`);
    }
    this.probability = args.probability;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training = false }: { training?: boolean } = {}): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    if (!training) return x.mul(this.probability);
    return tf.tidy(() => {
      // Dropout of a single 1 gives 0, or 1 divided by the probability.
      const coin = dropout(tf.ones([1]), 1 - this.probability, this.stream).clipByValue(0, 1);
      return x.mul(coin);
    });
  }

  /** The settings from which a loaded model makes this layer again. */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), probability: this.probability };
  }
}

tf.serialization.registerClass(Survival as unknown as tf.serialization.SerializableConstructor<Survival>);
allowCapture(Survival);

/**
 * The probability with which a branch takes part: falls linearly from the first one to `last`.
 *
 * @param branch - its number, from 1
 * @param branches - how many there are
 */
export function survivalOf(branch: number, branches: number, last: number): number {
  return 1 - (branch / branches) * (1 - last);
}
