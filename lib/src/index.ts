export { tf } from "@deepen/engine";
export * as math from "./math/index";
export * as theory from "./theory/index";
export * as data from "./data/index";
export * as nn from "./nn/index";
export * as train from "./train/index";
export * as probe from "./probe/index";
export * as plot from "./plot/index";
export * as lesson from "./lesson/index";
export {
  setHost,
  type ChapterExercises,
  type DisplayOptions,
  type Host,
  type LedgerEntry,
  type MimeBundle,
  type WorkerOutcome,
  type Workers,
} from "./host";
