import { tf } from "../tf";

const stock = tf.getGradient("Mean");

/**
 * The gradient of `Mean`; of a mean over the positions of images or sequences (global average pooling) in one pass.
 *
 * tfjs's own multiplies with ones and then divides, three passes over tensors of the size of the input. The bits are the
 * same. Other axes, and other backends, take tfjs's own.
 */
export const meanGradient: tf.GradFunc = (dy, saved, attrs) => {
  const [x] = saved;
  const axes = tf.util.parseAxisParam(attrs.axis as unknown as number | number[], x.shape).sort();
  const positions = axes.length === x.rank - 2 && axes.every((axis, index) => axis === index + 1);
  if ((x.rank !== 3 && x.rank !== 4) || !positions || x.dtype !== "float32" || tf.getBackend() !== "wasm") {
    return stock.gradFunc(dy, saved, attrs);
  }
  return { x: () => spread(dy as tf.Tensor, x) };
};

/** `dy / count` at every one of the `count` positions of `x`; its own gradient is the mean over them. */
function spread(dy: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const [batch, channels] = [x.shape[0], x.shape[x.rank - 1]];
  const window = x.rank === 4 ? x.shape.slice(1, 3) : [1, x.shape[1] ?? 1];
  const pixel = [batch, 1, 1, channels];
  const images = [batch, ...window, channels];
  const op = tf.customGrad((...inputs) => {
    const value: tf.Tensor = tf
      .engine()
      .runKernel(
        "AvgPoolGrad",
        { dy: inputs[0] as tf.Tensor, input: x.reshape(images) },
        { filterSize: window as [number, number], strides: 1, pad: "valid" },
      );
    return { value, gradFunc: (ddx: tf.Tensor) => ddx.mean([1, 2], true) };
  });
  return op(dy.reshape(pixel)).reshape(x.shape);
}
