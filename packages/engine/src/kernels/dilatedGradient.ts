import { tf } from "../tf";

/**
 * The gradient of a convolution, with dilations.
 *
 * tfjs's own refuses dilations, because its kernels do not take them; those of the engine do. On other backends, and
 * without dilations, tfjs's own is called.
 *
 * @param kernelName - tfjs's name of the forward kernel
 * @param inputKernel - of the gradient with respect to the input
 * @param filterKernel - of the gradient with respect to the filter
 */
function dilatedGradient(kernelName: string, inputKernel: string, filterKernel: string): tf.GradFunc {
  const stock = tf.getGradient(kernelName);
  return (dy, saved, attrs) => {
    const dilated = [attrs.dilations ?? 1].flat().some((dilation) => dilation !== 1);
    if (!dilated || tf.getBackend() !== "wasm") return stock.gradFunc(dy, saved, attrs);
    const [x, filter] = saved;
    const gradient = dy as tf.Tensor;
    return {
      x: () => tf.engine().runKernel(inputKernel, { dy: gradient, filter }, { ...attrs, inputShape: x.shape }),
      filter: () => tf.engine().runKernel(filterKernel, { x, dy: gradient }, { ...attrs, filterShape: filter.shape }),
    };
  };
}

/** Of `tf.conv2d` and `tf.conv1d`, and of the layer conv1d. */
export const conv2dGradient = dilatedGradient("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter");

/** Of `tf.depthwiseConv2d` and `tf.separableConv2d`, and of their layers. */
export const depthwiseConv2dGradient = dilatedGradient(
  "DepthwiseConv2dNative",
  "DepthwiseConv2dNativeBackpropInput",
  "DepthwiseConv2dNativeBackpropFilter",
);
