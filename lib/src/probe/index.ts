export type { Profile } from "./profile";
export { record } from "./record";
