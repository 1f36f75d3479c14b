import { watch } from "./guard";
import { replaceOptimizerSteps } from "./optimizerSteps";

export { adamw, type AdamWOptions } from "./adamw";
export type { Description, EngineName } from "./describe";
export { guard, type Outcome } from "./guard";
export { describe, ready, type ReadyOptions } from "./ready";
export { tf } from "./tf";

replaceOptimizerSteps();
watch();
