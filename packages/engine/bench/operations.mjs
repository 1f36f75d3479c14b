// How many float operations a training step's products and convolutions take, counted from the shapes of its kernels.

const size = (shape) => shape.reduce((product, length) => product * length, 1);
const last = (shape, fromEnd) => shape[shape.length - fromEnd];
const filterSize = (filter) => size(filter.slice(0, -1));

/** Multiplications of a kernel call, from its input shapes, its attributes and its output shape. */
const multiplications = {
  BatchMatMul: ({ a }, { transposeA }, out) => size(out) * last(a, transposeA ? 2 : 1),
  _FusedMatMul: ({ a }, { transposeA }, out) => size(out) * last(a, transposeA ? 2 : 1),
  DenseLayer: ({ x }, _, out) => size(out) * last(x, 1),
  Conv2D: ({ filter }, _, out) => size(out) * filterSize(filter),
  FusedConv2D: ({ filter }, _, out) => size(out) * filterSize(filter),
  Conv2DBackpropInput: ({ dy, filter }) => size(dy) * filterSize(filter),
  Conv2DBackpropFilter: ({ dy }, { filterShape }) => size(dy) * filterSize(filterShape),
  ConvolutionLayer: ({ kernel }, _, out) => size(out) * filterSize(kernel),
  ConvolutionLayerInputGradient: ({ dy, kernel }) => size(dy) * filterSize(kernel),
  ConvolutionLayerFilterGradient: ({ dy }, { shape }) => size(dy) * filterSize(shape),
};

/** Multiplications and additions of one `step` on the wasm backend, which must be an ordinary one. */
export async function countOperations(tf, step) {
  let count = 0;
  const kernels = Object.keys(multiplications).map((kernelName) => tf.getKernel(kernelName, "wasm"));
  const register = (kernel) => {
    tf.unregisterKernel(kernel.kernelName, "wasm");
    tf.registerKernel(kernel);
  };
  for (const kernel of kernels) {
    const kernelFunc = (call) => {
      const output = kernel.kernelFunc(call);
      const given = Object.entries(call.inputs).filter(([, tensor]) => tensor != null);
      const shapes = Object.fromEntries(given.map(([name, { shape }]) => [name, shape]));
      count += 2 * multiplications[kernel.kernelName](shapes, call.attrs ?? {}, output.shape);
      return output;
    };
    register({ ...kernel, kernelFunc });
  }
  try {
    await step();
  } finally {
    kernels.forEach(register);
  }
  return count;
}
