import { allowReading, currentRecording } from "../capture/recording";
import { addressOf, type WasmBackend } from "../internals";
import { tf } from "../tf";

const stock = tf.getKernel("GatherV2", "wasm").kernelFunc;

/**
 * `tf.gather` as tfjs calls it: tfjs's own kernel.
 *
 * That one reads the indices to check them. In a step that is being recorded the check is noted, to be made whenever the
 * step is repeated with other indices.
 */
export const gatherKernel: tf.KernelFunc = (params) => {
  const recording = currentRecording();
  if (recording === undefined) return stock(params);
  const { x, indices } = params.inputs as { x: tf.TensorInfo; indices: tf.TensorInfo };
  const [axis] = tf.util.parseAxisParam((params.attrs as { axis: number }).axis, x.shape);
  recording.indexChecks.push({ address: addressOf(params.backend as WasmBackend, indices), below: x.shape[axis] });
  return allowReading(() => stock(params));
};
