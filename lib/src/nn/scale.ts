import { allowCapture, tf } from "@deepen/engine";

/** A constant factor. */
export class Scale extends tf.layers.Layer {
  /** The name under which saved models find this class again. */
  static readonly className = "DeepenScale";

  private readonly factor: number;

  constructor(args: { readonly factor: number; readonly name?: string }) {
    super(args.name === undefined ? {} : { name: args.name });
    this.factor = args.factor;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return (Array.isArray(inputs) ? inputs[0] : inputs).mul(this.factor);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), factor: this.factor };
  }
}

tf.serialization.registerClass(Scale as unknown as tf.serialization.SerializableConstructor<Scale>);
allowCapture(Scale);
