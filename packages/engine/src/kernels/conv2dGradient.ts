import { tf } from "../tf";

const stock = tf.getGradient("Conv2D");

/**
 * The gradient of `Conv2D`, with dilations.
 *
 * tfjs's own refuses dilations, because its kernels do not take them; those of the engine do. On other backends, and
 * without dilations, tfjs's own is called.
 */
export const conv2dGradient: tf.GradFunc = (dy, saved, attrs) => {
  const { dilations, strides, pad, dataFormat, dimRoundingMode } = attrs;
  const dilated = [dilations].flat().some((dilation) => dilation !== 1);
  if (!dilated || tf.getBackend() !== "wasm") return stock.gradFunc(dy, saved, attrs);
  const [x, filter] = saved;
  const common = { strides, pad, dataFormat, dimRoundingMode, dilations };
  return {
    x: () =>
      tf.engine().runKernel("Conv2DBackpropInput", { dy: dy as tf.Tensor, filter }, { ...common, inputShape: x.shape }),
    filter: () =>
      tf
        .engine()
        .runKernel("Conv2DBackpropFilter", { x, dy: dy as tf.Tensor }, { ...common, filterShape: filter.shape }),
  };
};
