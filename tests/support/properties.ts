import fc from "fast-check";

// The same cases for everyone and every run; DEEPEN_PROPERTY_SEED looks at others.
fc.configureGlobal({ seed: Number(process.env.DEEPEN_PROPERTY_SEED ?? 1) });
