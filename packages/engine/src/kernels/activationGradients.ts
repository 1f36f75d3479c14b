import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";
import type { SideModule } from "../wasm.generated";

type Gradient = Omit<tf.GradConfig, "kernelName">;

/** One pass over `count` numbers, at the addresses of `dy`, of the activation's input (or output), and of the result. */
type Pass = (module: SideModule, addresses: [number, number, number], count: number, attrs: unknown) => void;

/** A kernel that takes `dy` and the input (or the output) of an activation. */
function gradientKernel(pass: Pass): tf.KernelFunc {
  return ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WasmBackend;
    const { dy, x } = inputs as { dy: tf.TensorInfo; x: tf.TensorInfo };
    const out = backend.makeOutput(x.shape, "float32");
    const addresses = [dy, x, out].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
    pass(sideModule(backend), addresses, tf.util.sizeFromShape(x.shape), attrs);
    return out;
  };
}

export const reluGradientKernel = gradientKernel((module, at, count) => {
  module.reluGradient(...at, count);
});

export const relu6GradientKernel = gradientKernel((module, at, count) => {
  module.relu6Gradient(...at, count);
});

export const sigmoidGradientKernel = gradientKernel((module, at, count) => {
  module.sigmoidGradient(...at, count);
});

export const tanhGradientKernel = gradientKernel((module, at, count) => {
  module.tanhGradient(...at, count);
});

export const leakyReluGradientKernel = gradientKernel((module, at, count, attrs) => {
  module.leakyReluGradient(...at, count, (attrs as { alpha: number }).alpha);
});

export const clipGradientKernel = gradientKernel((module, at, count, attrs) => {
  const { clipValueMin, clipValueMax } = attrs as { clipValueMin: number; clipValueMax: number };
  module.clipGradient(...at, count, clipValueMin, clipValueMax);
});

const eluGradientKernel = gradientKernel((module, at, count) => {
  module.eluGradient(...at, count);
});

/** `EluGrad` as tfjs calls it, with `y` for the output. */
export const eluGradKernel: tf.KernelFunc = ({ inputs: { dy, y }, ...rest }) =>
  eluGradientKernel({ inputs: { dy, x: y }, ...rest });

/**
 * The gradient of an activation: one kernel on wasm, for float32; else tfjs's own, which is two to five operations.
 *
 * @param kernelName - the activation
 * @param gradientName - the kernel above, by the name under which it is registered
 */
function oneKernel(kernelName: string, gradientName: string, input: "x" | "logits" = "x"): Gradient {
  const stock = tf.getGradient(kernelName);
  return {
    gradFunc(dy, saved, attrs) {
      const [x] = saved;
      if (tf.getBackend() !== "wasm" || x.dtype !== "float32") return stock.gradFunc(dy, saved, attrs);
      return { [input]: () => run(gradientName, dy as tf.Tensor, x, attrs) };
    },
  };
}

function run(gradientName: string, dy: tf.Tensor, x: tf.Tensor, attrs: tf.NamedAttrMap): tf.Tensor {
  return tf.engine().runKernel(gradientName, { dy, x }, attrs);
}

export const reluGradient = oneKernel("Relu", "ReluGradient");
export const relu6Gradient = oneKernel("Relu6", "Relu6Gradient");
export const leakyReluGradient = oneKernel("LeakyRelu", "LeakyReluGradient");
export const clipGradient = oneKernel("ClipByValue", "ClipGradient");
export const sigmoidGradient = oneKernel("Sigmoid", "SigmoidGradient");
export const tanhGradient = oneKernel("Tanh", "TanhGradient");
export const softmaxGradient = oneKernel("Softmax", "SoftmaxGradient", "logits");

/** The gradient of a gradient whose `x` decides only where `dy` passes. */
function ofGate(gradientName: string): Gradient {
  return {
    inputsToSave: ["x"],
    gradFunc: (ddx, [x], attrs) => ({
      dy: () => run(gradientName, ddx as tf.Tensor, x, attrs),
      x: () => tf.zerosLike(x),
    }),
  };
}

/** The gradient of a gradient that is `dy` times `slope(y)`; `bend` is the slope's derivative. */
function ofSlope(gradientName: string, bend: (y: tf.Tensor) => tf.Tensor): Gradient {
  return {
    inputsToSave: ["dy", "x"],
    gradFunc: (anyDdx, [dy, y], attrs) => {
      const ddx = anyDdx as tf.Tensor;
      return { dy: () => run(gradientName, ddx, y, attrs), x: () => ddx.mul(dy).mul(bend(y)) };
    },
  };
}

export const reluSecond = ofGate("ReluGradient");
export const relu6Second = ofGate("Relu6Gradient");
export const leakyReluSecond = ofGate("LeakyReluGradient");
export const clipSecond = ofGate("ClipGradient");
export const sigmoidSecond = ofSlope("SigmoidGradient", (y) => tf.sub(1, y.mul(2)));
export const tanhSecond = ofSlope("TanhGradient", (y) => y.mul(-2));

export const softmaxSecond: Gradient = {
  inputsToSave: ["dy", "x"],
  gradFunc: (anyDdx, [dy, y], attrs) => {
    const ddx = anyDdx as tf.Tensor;
    const along = (other: tf.Tensor) => other.mul(y).sum(-1, true);
    return {
      dy: () => run("SoftmaxGradient", ddx, y, attrs),
      x: () =>
        ddx
          .mul(dy)
          .sub(ddx.mul(along(dy)))
          .sub(dy.mul(along(ddx))),
    };
  },
};
