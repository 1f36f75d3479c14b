import { allowCapture, dropout, randomStream, type RandomStream, tf } from "@deepen/engine";

/**
 * In training, sets each number that passes to 0 with probability `rate` and divides the others by 1 − `rate`; else
 * lets all pass. Every step drops other numbers, and the same seed drops the same ones, step by step; tfjs's own
 * layer, given a seed, drops the same numbers at every step.
 *
 * A loaded model begins with its seed again.
 * @see Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15
 */
export class Dropout extends tf.layers.Layer {
  /** The name under which saved models find this class again. */
  static readonly className = "DeepenDropout";

  private readonly rate: number;
  private readonly seed: number;
  private stream: RandomStream | undefined;

  /**
   * @throws RangeError if `rate` is not from 0 to below 1
   */
  constructor(args: { readonly rate: number; readonly seed: number; readonly name?: string }) {
    super(args.name === undefined ? {} : { name: args.name });
    if (!(args.rate >= 0 && args.rate < 1)) {
      throw new RangeError(`rate: expected a number from 0 to below 1, got ${args.rate}`);
    }
    this.rate = args.rate;
    this.seed = args.seed;
    this.supportsMasking = true;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    this.stream ??= randomStream(this.seed);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training = false }: { training?: boolean } = {}): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    return training && this.rate > 0 ? dropout(x, this.rate, this.stream!) : x.clone();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed };
  }

  override dispose(): ReturnType<tf.layers.Layer["dispose"]> {
    const result = super.dispose();
    if (result.refCountAfterDispose === 0) {
      this.stream?.dispose();
      this.stream = undefined;
    }
    return result;
  }
}

tf.serialization.registerClass(Dropout as unknown as tf.serialization.SerializableConstructor<Dropout>);
allowCapture(Dropout);
