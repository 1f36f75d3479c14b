export { convNet, type ConvNetOptions } from "./convNet";
export { Dropout } from "./dropout";
export * from "./init";
export * from "./initializer";
export * from "./mlp";
export { makeModel, type ModelSpec, type ModelUse } from "./modelSpec";
export { resNet, type ResNetOptions } from "./resNet";
export { Survival } from "./survival";
