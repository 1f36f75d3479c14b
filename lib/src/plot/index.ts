export { curves, type CurvesOptions, type Reference } from "./curves";
export { depthProfile, type DepthProfileOptions, type DepthSeries } from "./depthProfile";
export type { Figure, Layout, Trace } from "./figure";
export type { Series } from "./series";
export type { Role } from "./theme";
export { smallMultiples, type SmallMultiplesOptions } from "./smallMultiples";
