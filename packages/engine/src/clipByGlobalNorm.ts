import { addressOf, type WasmBackend } from "./internals";
import { isCompiled, sideModule } from "./sideModule";
import { tf } from "./tf";

/**
 * The tensors, scaled down together so that the norm of all their numbers is at most `most`; unchanged values if it is
 * already. The norm accumulates in float64; NaN anywhere makes all of them NaN.
 *
 * Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063, algorithm 1.
 *
 * @param tensors - float32, of any shapes; not changed
 * @throws RangeError if `most` is not positive
 */
export function clipByGlobalNorm(tensors: readonly tf.Tensor[], most: number): tf.Tensor[] {
  if (!(most > 0)) throw new RangeError(`most: expected a positive number, got ${String(most)}`);
  const known = tensors.every(({ dtype }) => dtype === "float32");
  if (tf.getBackend() === "wasm" && isCompiled() && known) return clipCompiled(tensors, most);
  return tf.tidy(() => {
    const total = tf.addN(tensors.map((tensor) => tensor.square().sum()));
    const factor = tf.scalar(most).div(tf.maximum(total.sqrt(), most));
    return tensors.map((tensor) => tensor.mul(factor));
  });
}

function clipCompiled(tensors: readonly tf.Tensor[], most: number): tf.Tensor[] {
  const backend = tf.backend() as unknown as WasmBackend;
  const module = sideModule(backend);
  const at = (tensor: tf.Tensor): number => addressOf(backend, tensor);
  return tf.tidy(() => {
    // One float64, as the numbers of two float32.
    let total: tf.Tensor = tf.zeros([2]);
    for (const tensor of tensors) {
      const next = make(backend, [2]);
      module.addSquaresTo(at(tensor), at(total), at(next), tensor.size);
      total = next;
    }
    return tensors.map((tensor) => {
      const clipped = make(backend, tensor.shape);
      module.clipToNorm(at(tensor), at(total), at(clipped), tensor.size, most);
      return clipped;
    });
  });
}

function make(backend: WasmBackend, shape: number[]): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, "float32"));
}
