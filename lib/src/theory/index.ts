export type { ActivationName } from "./activation";
export { batchNormExplosion } from "./batchNormExplosion";
export { bornDeadBound } from "./deadRelu";
export { meanField, type Prediction, type RandomNet } from "./meanField";
export {
  activationMean,
  activationSecondMoment,
  chi1,
  fixedPoint,
  slopeSecondMoment,
  varianceMap,
  type Variances,
} from "./signalPropagation";
