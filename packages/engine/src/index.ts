export type { Description, EngineName } from "./describe";
export { describe, ready, type ReadyOptions } from "./ready";
export { tf } from "./tf";
