import { fusedMatMulKernel } from "./kernels/fusedMatMul";
import { identityKernel } from "./kernels/identity";
import { matMulKernel } from "./kernels/matMul";
import { tf } from "./tf";

/** The tfjs kernels that the engine replaces on the wasm backend, by tfjs's name. */
const replaced: Readonly<Record<string, tf.KernelFunc>> = {
  BatchMatMul: matMulKernel,
  _FusedMatMul: fusedMatMulKernel,
  Identity: identityKernel,
};

/** Names of the kernels that the engine replaces on the wasm backend. */
export const kernelNames: readonly string[] = Object.keys(replaced);

/** tfjs's own kernels of these names, as they were when the engine was loaded. */
const stock = kernelNames.map((kernelName) => tf.getKernel(kernelName, "wasm"));

/**
 * Registers the engine's kernels for the wasm backend; a second call changes nothing.
 *
 * The stock kernel's `setupFunc` stays: tfjs runs it at every start of the backend, and the registration of kernels
 * belongs to the name of the backend, so that a backend which is removed and registered again finds them in place.
 */
export function installKernels(): void {
  for (const { kernelName, setupFunc, disposeFunc } of stock) {
    const kernelFunc = replaced[kernelName];
    const registered = tf.getKernel(kernelName, "wasm") as tf.KernelConfig | undefined;
    if (registered?.kernelFunc === kernelFunc) continue;
    if (registered !== undefined) tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({ kernelName, backendName: "wasm", setupFunc, disposeFunc, kernelFunc });
  }
}
