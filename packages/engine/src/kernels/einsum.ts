import type { WasmBackend } from "../internals";
import { tf } from "../tf";
import { runStock } from "./activation";
import { expectFloat32 } from "./convolution";
import { einsumTerms } from "./einsumTerms";
import { matMul } from "./matMul";

/** A tensor with a letter for each of its axes. */
interface Labelled {
  readonly tensor: tf.TensorInfo;
  readonly labels: string;
}

/**
 * Sums of products after Einstein's notation, of one or two tensors: `bqhd,bkhd->bhqk`.
 *
 * tfjs's wasm backend has no `Einsum`, and its cpu backend multiplies everything with everything before it sums. This one
 * sums what only one factor has, brings both into the order of a matrix product, where they are not, and multiplies.
 *
 * @throws Error for what tfjs refuses (three tensors, `...`, a letter twice in one term) and for other types than float32
 */
export const einsumKernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as WasmBackend;
  const tensors = Object.values(inputs as tf.NamedTensorInfoMap) as tf.TensorInfo[];
  expectFloat32("einsum", ...tensors);
  const { terms, output } = einsumTerms(
    String(attrs?.equation),
    tensors.map(({ shape }) => shape),
  );
  // What is made on the way is freed at the end, but for the result.
  const made: tf.TensorInfo[] = [];
  const run = (kernelName: string, { tensor }: Labelled, kernelAttrs: tf.NamedAttrMap, labels: string): Labelled => {
    const result = runStock(backend, kernelName, { x: tensor }, kernelAttrs);
    made.push(result);
    return { tensor: result, labels };
  };
  /** Sums over the axes that are not in `kept`. */
  const sumOthers = (factor: Labelled, kept: string): Labelled => {
    const letters = [...factor.labels];
    const axis = letters.flatMap((letter, index) => (kept.includes(letter) ? [] : [index]));
    if (axis.length === 0) return factor;
    return run("Sum", factor, { axis, keepDims: false }, letters.filter((letter) => kept.includes(letter)).join(""));
  };
  const transpose = (factor: Labelled, labels: string): Labelled => {
    if (labels === factor.labels) return factor;
    return run("Transpose", factor, { perm: [...labels].map((letter) => factor.labels.indexOf(letter)) }, labels);
  };

  const factors = terms.map((labels, index) => {
    const others = terms.filter((_, other) => other !== index).join("");
    return sumOthers({ tensor: tensors[index], labels }, output + others);
  });
  let result: Labelled;
  if (factors.length === 1) {
    result = transpose(factors[0], output);
  } else {
    const product = multiply(backend, factors[0], factors[1], output, transpose);
    made.push(product.tensor);
    result = transpose(product, output);
  }
  const { tensor } = result;
  const own = made.some(({ dataId }) => dataId === tensor.dataId);
  for (const { dataId } of made) if (dataId !== tensor.dataId) backend.disposeData(dataId);
  return own ? tensor : runStock(backend, "Identity", { x: tensor }, {});
};

/** The product of two factors as one matrix product for each combination of the letters that both and the output have. */
function multiply(
  backend: WasmBackend,
  a: Labelled,
  b: Labelled,
  output: string,
  transpose: (factor: Labelled, labels: string) => Labelled,
): Labelled {
  const select = (letters: string, condition: (letter: string) => boolean) => [...letters].filter(condition).join("");
  const batch = select(output, (letter) => a.labels.includes(letter) && b.labels.includes(letter));
  const left = select(output, (letter) => !b.labels.includes(letter));
  const right = select(output, (letter) => !a.labels.includes(letter));
  const summed = select(a.labels, (letter) => !output.includes(letter));
  // A factor whose last two groups lie the other way round need not be laid out anew.
  const transposeA = a.labels === batch + summed + left;
  const transposeB = b.labels === batch + right + summed;
  const first = transposeA ? a : transpose(a, batch + left + summed);
  const second = transposeB ? b : transpose(b, batch + summed + right);
  const size = (letters: string) => tf.util.sizeFromShape(shapeOf(letters, a, b));
  const [count, rows, depth, columns] = [batch, left, summed, right].map(size);
  const product = matMul(
    backend,
    reshaped(first.tensor, [count, ...(transposeA ? [depth, rows] : [rows, depth])]),
    reshaped(second.tensor, [count, ...(transposeB ? [columns, depth] : [depth, columns])]),
    transposeA,
    transposeB,
  );
  const labels = batch + left + right;
  return { tensor: reshaped(product, shapeOf(labels, a, b)), labels };
}

/** The same data under another shape, for the time of a call. */
function reshaped({ dataId, dtype }: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  return { dataId, dtype, shape };
}

/** The sizes of axes by their letters. */
function shapeOf(letters: string, ...factors: readonly Labelled[]): number[] {
  return [...letters].map((letter) => {
    const factor = factors.find(({ labels }) => labels.includes(letter));
    return factor?.tensor.shape[factor.labels.indexOf(letter)] ?? 1;
  });
}
