export { tf } from "@deepen/engine";
export * as plot from "./plot/index";
export * as lesson from "./lesson/index";
export { setHost, type Host } from "./host";
