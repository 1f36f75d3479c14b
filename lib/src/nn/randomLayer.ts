import { randomStream, type RandomStream, tf } from "@deepen/engine";

/**
 * A layer that draws random numbers in training: every step others, and the same seed the same ones, step by step. A
 * loaded model begins with its seed again.
 */
export abstract class RandomLayer extends tf.layers.Layer {
  private readonly seed: number;
  private drawn: RandomStream | undefined;

  /**
   * @param args - the seed of the numbers, and the layer's name
   */
  constructor({ seed, name }: { readonly seed: number; readonly name?: string }) {
    super(name === undefined ? {} : { name });
    this.seed = seed;
    this.supportsMasking = true;
  }

  /** Where the numbers come from. */
  protected get stream(): RandomStream {
    return (this.drawn ??= randomStream(this.seed));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), seed: this.seed };
  }

  override dispose(): ReturnType<tf.layers.Layer["dispose"]> {
    const result = super.dispose();
    if (result.refCountAfterDispose === 0) {
      this.drawn?.dispose();
      this.drawn = undefined;
    }
    return result;
  }
}
