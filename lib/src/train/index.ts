export { across } from "./across";
export type { Augmentation } from "./augmentation";
export { breathe, Interrupted } from "./breathe";
export { evaluate } from "./evaluate";
export {
  type ByPart,
  type CurvePoint,
  experiment,
  type ExperimentResult,
  type ExperimentSpec,
  type TrainSpec,
} from "./experiment";
export { fit, type FitOptions, type FitProgress } from "./fit";
export type { History, Score } from "./history";
export { type Loss, softmaxCrossEntropy } from "./loss";
export { type Measure, type Measured, registerMeasure } from "./measure";
export type { OptimizerSpec } from "./optimizer";
export { parseRecord, readRecord, recordText, type SweepRecord } from "./record";
export { type Schedule, scheduleFactor } from "./schedule";
export { sweep, type SweepOptions } from "./sweep";
