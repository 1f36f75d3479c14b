import { addressOf, type WasmBackend } from "../internals";
import { sideModule } from "../sideModule";
import { tf } from "../tf";
import { share } from "./identity";

const stock = tf.getKernel("Cast", "wasm").kernelFunc;

const conversions: Readonly<Record<string, "intToFloat" | "floatToInt" | "boolToFloat" | "boolToInt">> = {
  "int32 to float32": "intToFloat",
  "float32 to int32": "floatToInt",
  "bool to float32": "boolToFloat",
  "bool to int32": "boolToInt",
};

/**
 * Another type for the numbers of a tensor; the same type shares the data.
 *
 * Replaces tfjs's `Cast`, a copy by JavaScript even where nothing changes. Other conversions take tfjs's own.
 */
export const castKernel: tf.KernelFunc = (params) => {
  const backend = params.backend as WasmBackend;
  const { x } = params.inputs as { x: tf.TensorInfo };
  const { dtype } = params.attrs as { dtype: tf.DataType };
  if (x.dtype === dtype) return share(backend, x, x.shape);
  const conversion = conversions[`${x.dtype} to ${dtype}`] as (typeof conversions)[string] | undefined;
  if (conversion === undefined) return stock(params);
  const out = backend.makeOutput(x.shape, dtype);
  sideModule(backend)[conversion](addressOf(backend, x), addressOf(backend, out), tf.util.sizeFromShape(x.shape));
  return out;
};
