// SHA-256 of the weights of every model of packages/engine/bench after some steps of training, and the numbers of tensors
// that their last steps made, as one line of JSON.
// `node tests/packages/engine/support/trainedWeights.mjs --write` stores them, after a change that is meant to change bits.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { endianness } from "node:os";

const require = createRequire(import.meta.url);
const { capture, ready, tf } = require("../../../../packages/engine");
const { models } = require("../../../../packages/engine/bench/models.cjs");

/** Steps of training; the large nets get fewer. */
const steps = { "ResNet-20 28×28": 5, "MLP 10×256": 10, "GPT 2 blocks, 64 wide": 10 };

/** A step of training; models made of core operations are captured here, others by the engine itself. */
function stepOf({ model, optimizer, loss, step }) {
  if (model !== undefined) return step;
  const captured = capture(() => [optimizer.minimize(loss, true)], { optimizer });
  return () => tf.dispose(captured());
}

/** Hash of the trained weights, and how many tensors the last step made. */
async function train({ batch, make }, count) {
  const training = make(tf, batch);
  const takeStep = stepOf(training);
  let made = 0;
  for (let step = 0; step < count; step++) {
    const before = tf.engine().nextTensorId();
    await takeStep();
    made = tf.engine().nextTensorId() - before;
  }
  const tensors = training.model?.getWeights() ?? Object.values(training.weights);
  const digest = createHash("sha256");
  for (const tensor of tensors) digest.update(new Uint8Array(tensor.dataSync().slice().buffer));
  return { hash: digest.digest("hex"), made };
}

if (endianness() !== "LE") throw new Error("the stored hashes are of little-endian numbers");
await ready({ engine: "wasm" });
const hashes = {};
const made = {};
for (const [name, model] of Object.entries(models)) {
  const result = await train(model, steps[name] ?? 20);
  hashes[name] = result.hash;
  made[name] = result.made;
}
const file = new URL("trainedWeights.json", import.meta.url);
if (process.argv.includes("--write")) writeFileSync(file, `${JSON.stringify(hashes, null, 2)}\n`);
else console.log(JSON.stringify({ hashes, made }));
