import { tf } from "@deepen/engine";

/**
 * A loss of outputs against classes.
 *
 * @param outputs - what the model puts out, float32 `[N, K]`
 * @param classes - one-hot labels, float32 `[N, K]`
 * @returns scalar, mean over the batch
 */
export type Loss = (outputs: tf.Tensor2D, classes: tf.Tensor2D) => tf.Scalar;

/** Mean cross-entropy of softmax(logits), in nats; the loss where none is named. */
export const softmaxCrossEntropy: Loss = (logits, classes) => tf.losses.softmaxCrossEntropy(classes, logits);
