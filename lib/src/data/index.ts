export * from "./examples";
export { mnist } from "./mnist";
export { mnist1d, type Mnist1dOptions } from "./mnist1d";
export { shapes, type Shapes, type ShapesOptions } from "./shapes";
export { split } from "./split";
