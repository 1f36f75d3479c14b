import { watch } from "./guard";
import { replaceOptimizerSteps } from "./optimizerSteps";

export { adamw, type AdamWOptions } from "./adamw";
export { capture, type CaptureInfo, type CaptureOptions, type CapturedFunction } from "./capture/capture";
export type { Outputs } from "./capture/run";
export { allowCapture, isOnlyTfjs } from "./capture/ownCode";
export { clipByGlobalNorm } from "./clipByGlobalNorm";
export { dropout, randomNormal, randomStream, randomUniform, type RandomStream } from "./random";
export type { Description, EngineName } from "./describe";
export { guard, type Outcome } from "./guard";
export { describe, ready, type ReadyOptions } from "./ready";
export { tf } from "./tf";

replaceOptimizerSteps();
watch();
