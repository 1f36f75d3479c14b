export * from "./gaussianMean";
export * from "./gaussHermite";
export * from "./linearAlgebra";
export * from "./mersenneTwister";
export * from "./ridge";
export * from "./rng";
export * from "./special";
export * from "./stats";
export { canonicalJson } from "./json";
