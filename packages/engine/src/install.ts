import { fusedMatMulKernel } from "./kernels/fusedMatMul";
import { matMulKernel } from "./kernels/matMul";
import { tf } from "./tf";

/** The tfjs kernels that the engine replaces on the wasm backend, by tfjs's name. */
const replaced: Readonly<Record<string, tf.KernelFunc>> = {
  BatchMatMul: matMulKernel,
  _FusedMatMul: fusedMatMulKernel,
};

/** Names of the kernels that the engine replaces on the wasm backend. */
export const kernelNames: readonly string[] = Object.keys(replaced);

let installed = false;

/**
 * Registers the engine's kernels for the wasm backend, once.
 *
 * The stock kernel's `setupFunc` stays: tfjs runs it at every start of the backend, and the registration of kernels
 * belongs to the name of the backend, so that a backend which is removed and registered again finds them in place.
 */
export function installKernels(): void {
  if (installed) return;
  for (const [kernelName, kernelFunc] of Object.entries(replaced)) {
    const { setupFunc, disposeFunc } = tf.getKernel(kernelName, "wasm");
    tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({ kernelName, backendName: "wasm", setupFunc, disposeFunc, kernelFunc });
  }
  installed = true;
}
