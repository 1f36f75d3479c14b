// SHA-256 of the weights of every model of packages/engine/bench after some steps of training, as one line of JSON.
// `node tests/packages/engine/support/trainedWeights.mjs --write` stores them, after a change that is meant to change bits.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { endianness } from "node:os";

const require = createRequire(import.meta.url);
const { ready, tf } = require("../../../../packages/engine");
const { models } = require("../../../../packages/engine/bench/models.cjs");

/** Steps of training; the large nets get fewer. */
const steps = { "ResNet-20 28×28": 3, "MLP 10×256": 10, "GPT 2 blocks, 64 wide": 10 };

async function hashOf({ batch, make }, count) {
  const training = make(tf, batch);
  for (let step = 0; step < count; step++) await training.step();
  const tensors = training.model?.getWeights() ?? Object.values(training.weights);
  const digest = createHash("sha256");
  for (const tensor of tensors) digest.update(new Uint8Array(tensor.dataSync().slice().buffer));
  return digest.digest("hex");
}

if (endianness() !== "LE") throw new Error("the stored hashes are of little-endian numbers");
await ready({ engine: "wasm" });
const hashes = {};
for (const [name, model] of Object.entries(models)) hashes[name] = await hashOf(model, steps[name] ?? 20);
const file = new URL("trainedWeights.json", import.meta.url);
if (process.argv.includes("--write")) writeFileSync(file, `${JSON.stringify(hashes, null, 2)}\n`);
else console.log(JSON.stringify({ version: process.version, hashes }));
