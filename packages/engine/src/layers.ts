import { tfEngine } from "./internals";
import { tf } from "./tf";
import { convolution, dense, type Convolutional, type Weighted } from "./weightedLayers";

/** The fields of tfjs's normalisation layers that their calls use. */
interface Normalization {
  readonly axis: number | number[];
  readonly epsilon: number;
  readonly momentum: number;
  readonly scale: boolean;
  readonly center: boolean;
  readonly gamma: Weight;
  readonly beta: Weight;
  readonly movingMean: Weight;
  readonly movingVariance: Weight;
}

interface Weight {
  read(): tf.Tensor;
  write(value: tf.Tensor): unknown;
}

type Call<L> = (this: L, inputs: tf.Tensor | tf.Tensor[], kwargs: { readonly training?: boolean }) => tf.Tensor;

let replaced = false;

/**
 * Gives tfjs's dense, convolutional and normalisation layers calls that run one kernel forward, on the wasm backend.
 *
 * Normalisation layers also train where tfjs's own calls throw on every backend: batch normalisation without center or
 * scale or over another axis than the last, layer normalisation without center. Gradients of gradients, other backends
 * and other types than float32 take tfjs's own calls.
 */
export function replaceLayerCalls(): void {
  if (replaced) return;
  replaced = true;
  replaceCall<Weighted>(tf.layers.dense({ units: 1 }), dense);
  replaceCall<Convolutional>(tf.layers.conv1d({ filters: 1, kernelSize: 1 }), convolution);
  replaceCall<Convolutional>(tf.layers.conv2d({ filters: 1, kernelSize: 1 }), convolution);
  replaceCall<Normalization>(tf.layers.batchNormalization(), (layer, x, training) => {
    const axis = layer.axis as number;
    return training ? batchNorm(layer, x, axis < 0 ? axis + x.rank : axis) : undefined;
  });
  replaceCall<Normalization>(tf.layers.layerNormalization(), (layer, x) => {
    const axes = layer.axis as number[];
    const first = x.rank - axes.length;
    return axes.every((axis, index) => axis === first + index) ? layerNorm(layer, x, first) : undefined;
  });
}

/** Replaces `call` of a layer's class; where `own` gives nothing, tfjs's runs. */
function replaceCall<L>(
  layer: tf.layers.Layer,
  own: (layer: L, x: tf.Tensor, training: boolean) => tf.Tensor | undefined,
): void {
  const prototype = Object.getPrototypeOf(layer) as { call: Call<L> };
  const stock = prototype.call;
  prototype.call = function (inputs, kwargs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const ours = tf.getBackend() === "wasm" && x.dtype === "float32" && tfEngine().state.gradientDepth <= 1;
    const hooked = (this as { _callHook?: unknown })._callHook != null;
    const y = ours && !hooked ? tf.tidy(() => own(this, x, kwargs.training === true) as tf.Tensor) : undefined;
    return y ?? stock.call(this, inputs, kwargs);
  };
}

function batchNorm(layer: Normalization, x: tf.Tensor, axis: number): tf.Tensor {
  if (axis !== x.rank - 1) {
    const axes = x.shape.map((_, index) => index);
    const last = [...axes.filter((index) => index !== axis), axis];
    const back = axes.map((index) => last.indexOf(index));
    return batchNorm(layer, x.transpose(last), x.rank - 1).transpose(back);
  }
  const { epsilon, momentum, movingMean, movingVariance } = layer;
  const op = tf.customGrad((...args) => {
    const [input, gamma, beta, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const inputs = { x: input, gamma, beta, movingMean: movingMean.read(), movingVariance: movingVariance.read() };
    const [y, mean, variance, nextMean, nextVariance] = run("BatchNorm", inputs, { epsilon, decay: 1 - momentum });
    movingMean.write(nextMean);
    movingVariance.write(nextVariance);
    save([input, gamma, mean, variance]);
    return { value: y, gradFunc: gradientOf("BatchNormGradient", epsilon) };
  });
  return op(x, ...scaleAndCenter(layer, [x.shape[axis]]));
}

function layerNorm(layer: Normalization, x: tf.Tensor, first: number): tf.Tensor {
  const { epsilon } = layer;
  const shape = x.shape.slice(first);
  const columns = tf.util.sizeFromShape(shape);
  const op = tf.customGrad((...args) => {
    const [input, gamma, beta, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const [y, mean, variance] = run("LayerNorm", { x: input, gamma, beta }, { epsilon });
    save([input, gamma, mean, variance]);
    return { value: y, gradFunc: gradientOf("LayerNormGradient", epsilon) };
  });
  const [gamma, beta] = scaleAndCenter(layer, shape).map((weight) => weight.reshape([columns]));
  return op(x.reshape([x.size / columns, columns]), gamma, beta).reshape(x.shape);
}

/** Gamma and beta; ones and zeros where the layer has none. */
function scaleAndCenter({ scale, center, gamma, beta }: Normalization, shape: number[]): [tf.Tensor, tf.Tensor] {
  return [scale ? gamma.read() : tf.ones(shape), center ? beta.read() : tf.zeros(shape)];
}

function gradientOf(kernelName: string, epsilon: number): (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[] {
  return (dy, [x, gamma, mean, variance]) => run(kernelName, { x, dy, gamma, mean, variance }, { epsilon });
}

function run(kernelName: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor[] {
  return tf.engine().runKernel(kernelName, inputs, attrs);
}
