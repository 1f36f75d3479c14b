export * from "./gaussianMean";
export * from "./gaussHermite";
export { norm, qr, type QrFactors } from "./linearAlgebra";
export * from "./mersenneTwister";
export * from "./ridge";
export * from "./rng";
export * from "./special";
export * from "./stats";
export { canonicalJson } from "./json";
