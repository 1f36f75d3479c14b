import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";

/** How a factor lies in the output seen as rows and columns; the compiled kernels know them by these numbers. */
const kinds = { whole: 0, row: 1, column: 2, number: 3 } as const;

/** An output and its two factors as the compiled kernels take them. */
interface Layout {
  readonly shape: number[];
  readonly rows: number;
  readonly columns: number;
  readonly a: number;
  readonly b: number;
}

/** One factor: its kind, and the columns (row) or rows (column) that it has. */
interface Factor {
  readonly kind: keyof typeof kinds;
  readonly rows?: number;
  readonly columns?: number;
}

/**
 * Arithmetic of two tensors, element by element, with the broadcasting that nets use: same shapes, one number, a row for
 * all rows (biases), a number for each row (means).
 *
 * Replaces what tfjs's `Add`, `Sub`, `Multiply` and `RealDiv` do with float32: they make, set up and free an XNNPACK
 * operator each time, which for small tensors takes ten times as long as the arithmetic. The bits are the same. Other
 * broadcasting and other types take tfjs's own.
 */
function arithmetic(
  kernelName: "Add" | "Sub" | "Multiply" | "RealDiv",
  name: "add" | "subtract" | "multiply" | "divide",
): tf.KernelFunc {
  const stock = tf.getKernel(kernelName, "wasm").kernelFunc;
  return (params) => {
    const { a, b } = params.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const layout = a.dtype === "float32" && b.dtype === "float32" ? layoutOf(a.shape, b.shape) : undefined;
    if (layout === undefined) return stock(params);
    const backend = params.backend as WasmBackend;
    const out = backend.makeOutput(layout.shape, "float32");
    sideModule(backend)[name](
      addressOf(backend, a),
      addressOf(backend, b),
      addressOf(backend, out),
      layout.rows,
      layout.columns,
      layout.a,
      layout.b,
    );
    return out;
  };
}

function layoutOf(a: number[], b: number[]): Layout | undefined {
  if (tf.util.arraysEqual(a, b)) {
    return { shape: a, rows: 1, columns: tf.util.sizeFromShape(a), a: kinds.whole, b: kinds.whole };
  }
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a, b);
  const size = tf.util.sizeFromShape(shape);
  const [first, second] = [factor(a, shape, size), factor(b, shape, size)];
  if (first === undefined || second === undefined || size === 0) return undefined;
  const columns = first.columns ?? second.columns ?? size / (first.rows ?? second.rows ?? 1);
  const rows = size / columns;
  const agree = [first, second].every((one) => (one.columns ?? columns) === columns && (one.rows ?? rows) === rows);
  return agree ? { shape, rows, columns, a: kinds[first.kind], b: kinds[second.kind] } : undefined;
}

function factor(own: number[], shape: number[], size: number): Factor | undefined {
  const count = tf.util.sizeFromShape(own);
  if (count === size) return { kind: "whole" };
  if (count === 1) return { kind: "number" };
  const padded = [...Array<number>(shape.length - own.length).fill(1), ...own];
  const firstOwn = padded.findIndex((length) => length !== 1);
  const lastOwn = padded.length - 1 - [...padded].reverse().findIndex((length) => length !== 1);
  if (padded.every((length, axis) => axis < firstOwn || length === shape[axis])) return { kind: "row", columns: count };
  if (padded.every((length, axis) => axis > lastOwn || length === shape[axis])) return { kind: "column", rows: count };
  return undefined;
}

/** `tf.add` as tfjs calls it. */
export const addKernel = arithmetic("Add", "add");

/** `tf.sub` as tfjs calls it. */
export const subKernel = arithmetic("Sub", "subtract");

/** `tf.mul` as tfjs calls it. */
export const multiplyKernel = arithmetic("Multiply", "multiply");

/** `tf.div` as tfjs calls it. */
export const realDivKernel = arithmetic("RealDiv", "divide");
