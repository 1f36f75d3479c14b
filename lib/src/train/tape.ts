import { tf } from "@deepen/engine";

/**
 * Runs `body`, which takes gradients; where it throws on its way forwards, frees the tensors that tfjs has kept for the
 * way back and would forget.
 */
export function withGradients<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    const { state } = tf.engine();
    if (state.gradientDepth === 0 && state.activeTape) {
      for (const { saved } of state.activeTape) tf.dispose(saved);
      state.activeTape = [];
    }
    throw error;
  }
}
