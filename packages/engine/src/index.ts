import { watch } from "./guard";

export type { Description, EngineName } from "./describe";
export { guard, type Outcome } from "./guard";
export { describe, ready, type ReadyOptions } from "./ready";
export { tf } from "./tf";

watch();
