export { type DataParts, type DataSpec, loadData } from "./dataSpec";
export * from "./examples";
export { withLabelNoise } from "./labelNoise";
export { mnist } from "./mnist";
export { mnist1d, type Mnist1dOptions } from "./mnist1d";
export { shapes, type Shapes, type ShapesOptions } from "./shapes";
export { shift } from "./shift";
export { split } from "./split";
export { subset } from "./subset";
