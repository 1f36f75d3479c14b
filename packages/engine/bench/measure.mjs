// Measures one model with one engine in this process and prints JSON: node measure.mjs MODEL ENGINE SECONDS, of which the
// first third warms up.
import { backends } from "./backends.mjs";
import { models } from "./models.cjs";
import { countOperations } from "./operations.mjs";

const [name, engine, seconds] = process.argv.slice(2);
const { tf, capture } = await backends[engine]();
const { batch, make } = models[name];
const training = make(tf, batch);
const step = stepOf(training);

/** The training step; one that is made of core operations is captured here, as its author would do it. */
function stepOf({ model, optimizer, loss, step: ordinary }) {
  if (capture === undefined || model !== undefined) return ordinary;
  const captured = capture(() => optimizer.minimize(loss, true), { optimizer });
  return () => {
    const value = captured();
    const [number] = value.dataSync();
    value.dispose();
    return number;
  };
}

const losses = [];
for (let count = 0; count < 4; count++) losses.push(await step());
const start = performance.now();
const elapsed = () => (performance.now() - start) / 1000;
while (elapsed() < seconds / 3) await step();
const times = [];
while (times.length < 5 || elapsed() < seconds) {
  const from = performance.now();
  await step();
  times.push(performance.now() - from);
}
times.sort((a, b) => a - b);
console.log(
  JSON.stringify({
    milliseconds: times[Math.floor(times.length / 2)],
    losses,
    // WebAssembly's memory never shrinks: its size is the most that was needed.
    heapBytes: tf.backend().wasm?.HEAPU8.length,
    operations: engine === "engine" ? await countOperations(tf, step) : undefined,
  }),
);
