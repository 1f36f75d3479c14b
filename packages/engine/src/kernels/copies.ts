import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";
import { share } from "./identity";

// Slice, Concat, SplitV, Pack, Unpack and Transpose without a change of order: tfjs reads the tensors into JavaScript and
// writes them back, row by row. Here rows are copied where they lie. Strings take tfjs's own kernels.

const stock = Object.fromEntries(
  ["Slice", "Concat", "SplitV", "Pack", "Unpack", "Transpose"].map((name) => [
    name,
    tf.getKernel(name, "wasm").kernelFunc,
  ]),
);

const product = (shape: readonly number[]): number => tf.util.sizeFromShape([...shape]);

/** `tf.slice` as tfjs calls it. */
export const sliceKernel: tf.KernelFunc = (params) => {
  const { x } = params.inputs as { x: tf.TensorInfo };
  if (x.dtype === "string") return stock.Slice(params);
  const { begin, size } = params.attrs as { begin: number | number[]; size: number | number[] };
  const [first, counts] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size);
  tf.slice_util.assertParamsValid(x as tf.Tensor, first, counts);
  return part(params.backend as WasmBackend, x, first, counts);
};

/** `tf.split` as tfjs calls it. */
export const splitVKernel: tf.KernelFunc = (params) => {
  const { x } = params.inputs as { x: tf.TensorInfo };
  if (x.dtype === "string") return stock.SplitV(params);
  const { numOrSizeSplits, axis } = params.attrs as { numOrSizeSplits: number | number[]; axis: number };
  const [along] = tf.util.parseAxisParam(axis, x.shape);
  const begin = x.shape.map(() => 0);
  return tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, along).map((count) => {
    const size = x.shape.map((length, other) => (other === along ? count : length));
    const piece = part(params.backend as WasmBackend, x, begin, size);
    begin[along] += count;
    return piece;
  });
};

/** `tf.unstack` as tfjs calls it. */
export const unpackKernel: tf.KernelFunc = (params) => {
  const { value } = params.inputs as { value: tf.TensorInfo };
  if (value.dtype === "string") return stock.Unpack(params);
  const [along] = tf.util.parseAxisParam((params.attrs as { axis: number }).axis, value.shape);
  const shape = value.shape.filter((_, axis) => axis !== along);
  return Array.from({ length: value.shape[along] }, (_, place) => {
    const begin = value.shape.map((__, axis) => (axis === along ? place : 0));
    const size = value.shape.map((length, axis) => (axis === along ? 1 : length));
    return { ...part(params.backend as WasmBackend, value, begin, size), shape };
  });
};

/** `tf.concat` as tfjs calls it. */
export const concatKernel: tf.KernelFunc = (params) => {
  const inputs = Object.values(params.inputs) as tf.TensorInfo[];
  if (inputs[0].dtype === "string") return stock.Concat(params);
  const [along] = tf.util.parseAxisParam((params.attrs as { axis: number }).axis, inputs[0].shape);
  tf.backend_util.assertParamsConsistent(
    inputs.map(({ shape }) => shape),
    along,
  );
  return join(params.backend as WasmBackend, inputs, along);
};

/** `tf.stack` as tfjs calls it. */
export const packKernel: tf.KernelFunc = (params) => {
  const inputs = Object.values(params.inputs) as tf.TensorInfo[];
  const [{ dtype, shape }] = inputs;
  if (dtype === "string") return stock.Pack(params);
  for (const input of inputs) {
    tf.util.assertShapesMatch(shape, input.shape, "All tensors passed to stack must have matching shapes");
    tf.util.assert(dtype === input.dtype, () => "All tensors passed to stack must have matching dtypes");
  }
  const [along] = tf.util.parseAxisParam((params.attrs as { axis: number }).axis, [...shape, 1]);
  const expanded = inputs.map((input) => ({ ...input, shape: [...shape.slice(0, along), 1, ...shape.slice(along)] }));
  return join(params.backend as WasmBackend, expanded, along);
};

/** `tf.transpose` as tfjs calls it; where only axes of length 1 move, the data is shared. */
export const transposeKernel: tf.KernelFunc = (params) => {
  const { x } = params.inputs as { x: tf.TensorInfo };
  const { perm } = params.attrs as { perm: number[] };
  const moving = perm.filter((axis) => x.shape[axis] !== 1);
  const still = moving.every((axis, place) => place === 0 || moving[place - 1] < axis);
  if (x.dtype === "string" || !still) return stock.Transpose(params);
  return share(
    params.backend as WasmBackend,
    x,
    perm.map((axis) => x.shape[axis]),
  );
};

/** The part of a tensor that begins at `begin` and has the shape `size`. */
function part(backend: WasmBackend, x: tf.TensorInfo, begin: number[], size: number[]): tf.TensorInfo {
  if (x.shape.length === 0) return share(backend, x, size);
  const out = backend.makeOutput(size, x.dtype);
  const unit = tf.util.bytesPerElement(x.dtype);
  const isCut = (axis: number): boolean => size[axis] !== x.shape[axis];
  const lastCut =
    size
      .map((_, axis) => axis)
      .filter(isCut)
      .pop() ?? 0;
  /** Copies what lies within the axes from `axis` on; runs of whole axes before the last cut one are rows of one copy. */
  const copy = (from: number, to: number, axis: number): void => {
    const step = product(x.shape.slice(axis + 1)) * unit;
    const next = size.findIndex((_, other) => other >= axis && isCut(other));
    if (next === -1 || next === lastCut) {
      const inner = product(x.shape.slice(lastCut + 1)) * unit;
      const bytes = size[lastCut] * inner;
      const rows = product(x.shape.slice(axis, lastCut));
      sideModule(backend).copyRows(from + begin[lastCut] * inner, to, rows, bytes, x.shape[lastCut] * inner, bytes);
      return;
    }
    const toStep = product(size.slice(axis + 1)) * unit;
    for (let place = 0; place < size[axis]; place++) {
      copy(from + (begin[axis] + place) * step, to + place * toStep, axis + 1);
    }
  };
  if (product(size) > 0) copy(addressOf(backend, x), addressOf(backend, out), 0);
  return out;
}

/** Tensors one after the other along an axis. */
function join(backend: WasmBackend, inputs: readonly tf.TensorInfo[], along: number): tf.TensorInfo {
  const [{ shape, dtype }] = inputs;
  const length = inputs.reduce((sum, input) => sum + input.shape[along], 0);
  const outShape = shape.map((own, axis) => (axis === along ? length : own));
  const out = backend.makeOutput(outShape, dtype);
  const rows = product(shape.slice(0, along));
  const inner = product(shape.slice(along + 1)) * tf.util.bytesPerElement(dtype);
  let to = addressOf(backend, out);
  for (const input of inputs) {
    const bytes = input.shape[along] * inner;
    sideModule(backend).copyRows(addressOf(backend, input), to, rows, bytes, bytes, length * inner);
    to += bytes;
  }
  return out;
}
