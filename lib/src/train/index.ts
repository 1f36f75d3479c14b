export type { Augmentation } from "./augmentation";
export { breathe, Interrupted } from "./breathe";
export { evaluate } from "./evaluate";
export { fit, type FitOptions, type FitProgress } from "./fit";
export type { History, Score } from "./history";
export { type Loss, softmaxCrossEntropy } from "./loss";
export type { OptimizerSpec } from "./optimizer";
export { type Schedule, scheduleFactor } from "./schedule";
