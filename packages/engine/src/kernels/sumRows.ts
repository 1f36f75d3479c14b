import type { WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

/**
 * Sum or mean over axes that are not the last ones: column sums without a transposition.
 *
 * Replaces what tfjs's `Sum` and `Mean` do with such axes (gradients of biases, batch normalisation, global average
 * pooling): they transpose the tensor, slowly, and sum its rows. Terms and order are the same, and so are the bits. Other
 * axes and types take tfjs's own kernel.
 */
function reduction(kernelName: "Sum" | "Mean"): tf.KernelFunc {
  const stock = tf.getKernel(kernelName, "wasm").kernelFunc;
  return (params) => {
    const backend = params.backend as WasmBackend;
    const { x } = params.inputs as { x: tf.TensorInfo };
    const axes = tf.util.parseAxisParam(params.attrs?.axis as unknown as number | number[], x.shape);
    const [first, end] = [axes[0] ?? 0, (axes[0] ?? 0) + axes.length];
    const neighbours = axes.every((axis, index) => axis === first + index);
    const columns = tf.util.sizeFromShape(x.shape.slice(end));
    if (x.dtype !== "float32" || axes.length === 0 || !neighbours || end >= x.shape.length || columns === 1) {
      return stock(params);
    }
    const keepDims = params.attrs?.keepDims === true;
    const kept = [...x.shape.slice(0, first), ...(keepDims ? axes.map(() => 1) : []), ...x.shape.slice(end)];
    const rows = tf.util.sizeFromShape(x.shape.slice(first, end));
    const out = backend.makeOutput(kept, "float32");
    const address = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
    const groups = tf.util.sizeFromShape(x.shape.slice(0, first));
    sideModule(backend).sumRows(address(x), address(out), groups, rows, columns, kernelName === "Sum" ? 1 : rows);
    return out;
  };
}

/** `tf.sum` as tfjs calls it. */
export const sumKernel = reduction("Sum");

/** `tf.mean` as tfjs calls it. */
export const meanKernel = reduction("Mean");
