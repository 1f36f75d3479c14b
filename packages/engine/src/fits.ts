import { tf } from "./tf";

/** Models in the middle of `fit`. */
const training = new Set<tf.LayersModel>();
let watching = false;

/**
 * Starts noting which models are in the middle of `fit`, where tfjs keeps a flag that refuses a second one; called when
 * the engine is loaded.
 */
export function watchFits(): void {
  if (watching) return;
  watching = true;
  Object.defineProperty(tf.LayersModel.prototype, "isTraining", {
    configurable: true,
    get(this: tf.LayersModel): boolean {
      return training.has(this);
    },
    set(this: tf.LayersModel, value: boolean): void {
      if (value) training.add(this);
      else training.delete(this);
    },
  });
}

/** No model is in the middle of `fit` any more: the cell that called it was killed. */
export function endFits(): void {
  training.clear();
}
