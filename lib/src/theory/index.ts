export type { ActivationName } from "./activation";
export { batchNormExplosion } from "./batchNormExplosion";
export {
  type ConvNetShape,
  convNetCost,
  type Cost,
  type MlpShape,
  mlpCost,
  type ResNetShape,
  resNetCost,
} from "./cost";
export { bornDeadBound } from "./deadRelu";
export { meanField, type Prediction, type RandomNet } from "./meanField";
export { pathCensus } from "./pathCensus";
export { type ConvolutionStack, receptiveField } from "./receptiveField";
export {
  activationMean,
  activationSecondMoment,
  chi1,
  fixedPoint,
  slopeSecondMoment,
  varianceMap,
  type Variances,
} from "./signalPropagation";
export { widest } from "./widest";
