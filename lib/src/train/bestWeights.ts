import { tf } from "@deepen/engine";
import type { Score } from "./history";

/** Remembers a model's weights where it did best, and says when it has not done better for long. */
export interface BestWeights {
  /** Looks at a score; true if `patience` scores in a row were no better than the best. */
  seen(step: number, score: Score): boolean;
  /** Gives the model the weights of its best score, and says at which step that was; undefined before any score. */
  restore(): number | undefined;
}

/**
 * Early stopping on the validation loss.
 *
 * @param patience - scores that may be no better than the best, at least 1
 * @throws RangeError if patience is no positive integer
 */
export function bestWeights(model: tf.LayersModel, patience: number): BestWeights {
  if (!Number.isInteger(patience) || patience < 1) {
    throw new RangeError(`earlyStopping.patience: expected a positive integer, got ${patience}`);
  }
  let best: { readonly step: number; readonly loss: number; readonly weights: readonly tf.TypedArray[] } | undefined;
  let since = 0;
  return {
    seen(step, { loss }) {
      if (best === undefined || loss < best.loss) {
        best = { step, loss, weights: model.weights.map((weight) => weight.read().dataSync().slice()) };
        since = 0;
      } else {
        since++;
      }
      return since >= patience;
    },
    restore() {
      tf.tidy(() => {
        best?.weights.forEach((values, index) => {
          const weight = model.weights[index];
          weight.write(tf.tensor(values, weight.read().shape));
        });
      });
      return best?.step;
    },
  };
}
