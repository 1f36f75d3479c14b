import { tf } from "@deepen/engine";
import type { Examples } from "../data/examples";
import { countRight } from "./accuracy";
import { toBatch } from "./batch";
import { breathe } from "./breathe";
import type { Score } from "./history";
import { type Loss, softmaxCrossEntropy } from "./loss";

const batchSize = 500;

/**
 * Loss and accuracy of a model on some examples, with its layers as in use (batch normalisation takes its stored
 * statistics, dropout does nothing).
 *
 * @param loss - default: mean softmax cross-entropy of logits
 * @throws Interrupted if the reader asks to stop
 */
export async function evaluate(
  model: tf.LayersModel,
  examples: Examples,
  loss: Loss = softmaxCrossEntropy,
): Promise<Score> {
  let lossSum = 0;
  let right = 0;
  for (let first = 0; first < examples.count; first += batchSize) {
    const chosen = Int32Array.from({ length: Math.min(batchSize, examples.count - first) }, (_, row) => first + row);
    tf.tidy(() => {
      const { x, classes } = toBatch(model, examples, chosen);
      const outputs = model.apply(x) as tf.Tensor2D;
      lossSum += loss(outputs, classes).dataSync()[0] * chosen.length;
      right += countRight(outputs.dataSync(), classes.dataSync(), examples.classes);
    });
    await breathe(`example ${first + chosen.length} of ${examples.count}`);
  }
  return { loss: lossSum / examples.count, accuracy: right / examples.count };
}
