export type { Figure, Layout, Trace } from "./figure";
export { figure } from "./figure";
export type { Role } from "./theme";
