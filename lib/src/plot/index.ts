export { bars, type BarSeries, type BarsOptions } from "./bars";
export { curves, type CurvesOptions, type Reference } from "./curves";
export { depthProfile, type DepthProfileOptions, type DepthSeries } from "./depthProfile";
export type { Figure } from "./figure";
export { heatMap, type HeatMapOptions } from "./heatMap";
export { imageGrid, type ImageGridOptions, type ImageRow } from "./imageGrid";
export type { Series } from "./series";
export type { Role } from "./theme";
export { smallMultiples, type SmallMultiplesOptions } from "./smallMultiples";
