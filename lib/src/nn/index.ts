export * from "./init";
export * from "./initializer";
export * from "./mlp";
