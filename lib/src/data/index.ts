export * from "./examples";
export { mnist } from "./mnist";
