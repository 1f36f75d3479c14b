export type * from "./exercise";
