export * from "./examples";
export { mnist } from "./mnist";
export { mnist1d, type Mnist1dOptions } from "./mnist1d";
