import "./measures";
export { cka, type CkaOptions } from "./cka";
export { features, type Features, type FeatureValues } from "./features";
export { linearProbe, type ProbeData } from "./linearProbe";
export { maximise, type Maximised, type MaximiseOptions, type Penalties } from "./maximise";
export { mostActivating, type Patch } from "./mostActivating";
export type { Profile } from "./profile";
export { record } from "./record";
export type { Unit } from "./unit";
