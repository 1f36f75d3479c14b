import { allowCapture, dropout, tf } from "@deepen/engine";
import { RandomLayer } from "./randomLayer";

/**
 * In training, sets each number that passes to 0 with probability `rate` and divides the others by 1 − `rate`; else
 * lets all pass. Every step drops other numbers, and the same seed drops the same ones, step by step; tfjs's own
 * layer, given a seed, drops the same numbers at every step.
 *
 * A loaded model begins with its seed again.
 * @see Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15
 */
export class Dropout extends RandomLayer {
  /** The name under which saved models find this class again. */
  static readonly className = "DeepenDropout";

  private readonly rate: number;

  /**
   * @throws RangeError if `rate` is not from 0 to below 1
   */
  constructor(args: { readonly rate: number; readonly seed: number; readonly name?: string }) {
    super(args);
    if (!(args.rate >= 0 && args.rate < 1)) {
      throw new RangeError(`rate: expected a number from 0 to below 1, got ${args.rate}`);
    }
    this.rate = args.rate;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training = false }: { training?: boolean } = {}): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    return training && this.rate > 0 ? dropout(x, this.rate, this.stream) : x.clone();
  }

  /** The settings from which a loaded model makes this layer again. */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}

tf.serialization.registerClass(Dropout as unknown as tf.serialization.SerializableConstructor<Dropout>);
allowCapture(Dropout);
