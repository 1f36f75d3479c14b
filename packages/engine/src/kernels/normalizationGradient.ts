import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

/**
 * Gradients of a normalisation's `y` with regard to `x`, `gamma` and `beta`, in two passes over the input.
 *
 * Inputs: `x` and `dy`, float32 of one shape whose last axis is that of `gamma`; the `mean` and the `variance` that the
 * forward kernel gave. Outputs: the three gradients.
 */
function normalizationGradient(name: "batchNormGradient" | "layerNormGradient"): tf.KernelFunc {
  return ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WasmBackend;
    const { x, dy, gamma, mean, variance } = inputs as Record<string, tf.TensorInfo>;
    const [columns] = gamma.shape;
    const outputs = [x.shape, [columns], [columns]].map((shape) => backend.makeOutput(shape, "float32"));
    const [dx, dgamma, dbeta] = outputs.map((output) => addressOf(backend, output));
    sideModule(backend)[name](
      addressOf(backend, x),
      addressOf(backend, dy),
      addressOf(backend, gamma),
      addressOf(backend, mean),
      addressOf(backend, variance),
      dx,
      dgamma,
      dbeta,
      tf.util.sizeFromShape(x.shape) / columns,
      columns,
      (attrs as { epsilon: number }).epsilon,
    );
    return outputs;
  };
}

/** Of batch normalisation: `mean` and `variance` are one number a channel. */
export const batchNormGradientKernel = normalizationGradient("batchNormGradient");

/** Of layer normalisation: `mean` and `variance` are one number a row. */
export const layerNormGradientKernel = normalizationGradient("layerNormGradient");
