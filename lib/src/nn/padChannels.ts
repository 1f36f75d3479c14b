import { allowCapture, tf } from "@deepen/engine";

/** Every other position of a map, with channels of zeros after its own: a shortcut without weights. */
export class PadChannels extends tf.layers.Layer {
  /** The name under which saved models find this class again. */
  static readonly className = "DeepenPadChannels";

  private readonly channels: number;
  private readonly strides: number;

  /** @param args - `channels` of the output, and `strides` between the positions that are kept */
  constructor(args: { readonly channels: number; readonly strides: number; readonly name?: string }) {
    super(args.name === undefined ? {} : { name: args.name });
    this.channels = args.channels;
    this.strides = args.strides;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = inputShape as tf.Shape;
    const positions = shape.slice(1, -1).map((length) => (length === null ? null : Math.ceil(length / this.strides)));
    return [shape[0], ...positions, this.channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    return tf.tidy(() => {
      const flat = x.rank === 3;
      const image = (flat ? x.expandDims(1) : x) as tf.Tensor4D;
      const strides: [number, number] = [flat ? 1 : this.strides, this.strides];
      const some = tf.maxPool(image, 1, strides, "same");
      const more = this.channels - image.shape[3];
      const wide = tf.pad(some, [[0, 0], [0, 0], [0, 0], [0, more]]); // prettier-ignore
      return flat ? wide.squeeze([1]) : wide;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), channels: this.channels, strides: this.strides };
  }
}

tf.serialization.registerClass(PadChannels as unknown as tf.serialization.SerializableConstructor<PadChannels>);
allowCapture(PadChannels);
