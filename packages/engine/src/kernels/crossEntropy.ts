import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";
import type { SideModule } from "../wasm.generated";
import { run } from "./layerActivation";

type Gradient = Omit<tf.GradConfig, "kernelName">;

/** One pass over rows of labels and of `x`, at the addresses of these, of what else goes in, and of the result. */
type Pass = (module: SideModule, addresses: number[], rows: number, columns: number, attrs: unknown) => void;

/**
 * A kernel of labels and `x`, float32 `[..., K]` with K ≥ 1, which gives one number a row, `[...]`; or, with `dy` of that
 * shape, the gradient of `x`.
 */
function rowsKernel(pass: Pass): tf.KernelFunc {
  return ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WasmBackend;
    const { dy, labels, x } = inputs as Record<string, tf.TensorInfo | undefined> &
      Record<"labels" | "x", tf.TensorInfo>;
    const columns = x.shape[x.shape.length - 1];
    const rows = tf.util.sizeFromShape(x.shape) / columns;
    const out = backend.makeOutput(dy === undefined ? x.shape.slice(0, -1) : x.shape, "float32");
    const addresses = [...(dy === undefined ? [] : [dy]), labels, x, out].map((tensor) => addressOf(backend, tensor));
    pass(sideModule(backend), addresses, rows, columns, attrs);
    return out;
  };
}

type Three = [number, number, number];
type Four = [number, number, number, number];

/** Cross-entropy of softmax(x), a row: tfjs takes nine operations for it. */
export const softmaxCrossEntropyKernel = rowsKernel((module, at, rows, columns) => {
  module.softmaxCrossEntropy(...(at as Three), rows, columns);
});

export const softmaxCrossEntropyGradientKernel = rowsKernel((module, at, rows, columns) => {
  module.softmaxCrossEntropyGradient(...(at as Four), rows, columns);
});

/** Cross-entropy of probabilities x, a row, as Keras and tfjs's layers compute it: tfjs takes eight operations for it. */
export const categoricalCrossentropyKernel = rowsKernel((module, at, rows, columns, attrs) => {
  module.categoricalCrossentropy(...(at as Three), rows, columns, ...boundsOf(attrs));
});

export const categoricalCrossentropyGradientKernel = rowsKernel((module, at, rows, columns, attrs) => {
  module.categoricalCrossentropyGradient(...(at as Four), rows, columns, ...boundsOf(attrs));
});

/** Between what bounds probabilities are kept: `epsilon` off 0 and 1. */
function boundsOf(attrs: unknown): [low: number, high: number] {
  const { epsilon } = attrs as { epsilon: number };
  return [epsilon, 1 - epsilon];
}

/** The gradient of a cross-entropy whose logarithms of probabilities are `logarithms(x)`. */
function gradientOf(gradientName: string, logarithms: (x: tf.Tensor, attrs: tf.NamedAttrMap) => tf.Tensor): Gradient {
  return {
    inputsToSave: ["labels", "x"],
    gradFunc: (anyDy, [labels, x], attrs) => {
      const dy = anyDy as tf.Tensor;
      return {
        x: () => run(gradientName, { dy, labels, x }, attrs),
        labels: () => dy.expandDims(-1).mul(logarithms(x, attrs)).neg(),
      };
    },
  };
}

/** Also of the labels, where tfjs's own gradient of them is wrong. */
export const softmaxCrossEntropyGradient = gradientOf("SoftmaxCrossEntropyGradient", (x) => tf.logSoftmax(x));

export const categoricalCrossentropyGradient = gradientOf("CategoricalCrossentropyGradient", (x, attrs) =>
  x
    .div(x.sum(-1, true))
    .clipByValue(...boundsOf(attrs))
    .log(),
);

/** The gradient of the gradient, which tfjs's own operations do not have. */
export const softmaxCrossEntropySecond: Gradient = {
  inputsToSave: ["dy", "labels", "x"],
  gradFunc: (anyDdx, [dy, labels, x]) => {
    const ddx = anyDdx as tf.Tensor;
    const y = tf.softmax(x);
    const scaled = ddx.mul(dy.expandDims(-1));
    return {
      dy: () => ddx.mul(y.sub(labels)).sum(-1),
      labels: () => scaled.neg(),
      x: () => run("SoftmaxGradient", { dy: scaled, x: y }, {}),
    };
  },
};
