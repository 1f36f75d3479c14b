import { tf } from "./tf";

let load = (): void => {
  throw new Error("it needs Node");
};

/** Says how TensorFlow's library is loaded, which registers the backend `tensorflow`; for the Node door. */
export function loadNativeWith(loader: () => void): void {
  load = loader;
}

/**
 * Starts TensorFlow's own library through tfjs-node.
 *
 * @throws Error if it is not installed or cannot start
 */
export async function startNative(): Promise<void> {
  load();
  if (!(await tf.setBackend("tensorflow"))) throw new Error("tfjs-node could not initialise its backend");
}
