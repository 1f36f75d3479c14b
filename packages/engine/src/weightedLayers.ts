import { isLayerActivation } from "./kernels/layerActivation";
import { tf } from "./tf";

/** The fields of tfjs's dense and convolutional layers that their calls use. */
export interface Weighted {
  readonly kernel: { read(): tf.Tensor };
  readonly bias: { read(): tf.Tensor } | null | undefined;
  readonly activation: { getClassName(): string; apply(x: tf.Tensor): tf.Tensor } | null | undefined;
}

/** Those of convolutional ones; numbers are one a dimension. */
export interface Convolutional extends Weighted {
  readonly rank: number;
  readonly strides: number[];
  readonly dilationRate: number | number[];
  readonly padding: string;
  readonly dataFormat: string;
}

/** The call of a dense layer as one kernel. */
export function dense(layer: Weighted, x: tf.Tensor): tf.Tensor | undefined {
  return x.rank < 2 ? undefined : finish(layer, (attrs) => run("DenseLayer", layer, x, attrs));
}

/** The call of a layer of one- or two-dimensional convolution as one kernel; undefined for what tfjs refuses or pads. */
export function convolution(layer: Convolutional, x: tf.Tensor): tf.Tensor | undefined {
  const { rank, strides, dilationRate, padding, dataFormat } = layer;
  const usual = (padding === "same" || padding === "valid") && dataFormat === "channelsLast";
  if (!usual || x.rank !== rank + 2) return undefined;
  const dilations = Array.isArray(dilationRate) ? dilationRate : Array<number>(rank).fill(dilationRate);
  // A dimension more before the one of a sequence.
  const two = (numbers: number[]) => [...Array<number>(2 - rank).fill(1), ...numbers];
  const attrs = { strides: two(strides), dilations: two(dilations), pad: padding };
  return finish(layer, (activation) => run("ConvolutionLayer", layer, x, { ...attrs, ...activation }));
}

/** What `kernel` gives for the layer's activation, or for none and then the activation. */
function finish({ activation }: Weighted, kernel: (attrs: { activation: string }) => tf.Tensor): tf.Tensor {
  const name = activation?.getClassName() ?? "linear";
  return isLayerActivation(name)
    ? kernel({ activation: name })
    : (activation as NonNullable<typeof activation>).apply(kernel({ activation: "linear" }));
}

function run(kernelName: string, { kernel, bias }: Weighted, x: tf.Tensor, attrs: object): tf.Tensor {
  const inputs = { x, kernel: kernel.read(), ...(bias == null ? {} : { bias: bias.read() }) };
  return tf.engine().runKernel(kernelName, inputs, attrs as tf.NamedAttrMap);
}
