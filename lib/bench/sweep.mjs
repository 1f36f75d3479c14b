// How much sooner a sweep ends on two workers than on one: runs the same experiments on each in turns, compares the
// results to the bit, and prints the least seconds of each with their ratio. Nothing is taken from the disk.
//
//   npm run bench:sweep [-- --rounds N]
import { isDeepStrictEqual, parseArgs } from "node:util";

process.env.DEEPEN_CACHE = "none"; // read when the library is loaded
const { train } = await import("deepen");

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds: expected 1 or more, got ${values.rounds}`);

const specs = Array.from({ length: 8 }, (_, seed) => ({
  data: { kind: "mnist1d", train: 1000, test: 500 },
  model: { kind: "mlp", depth: 6, width: 64, activation: "relu", init: "heNormal", norm: "batch" },
  train: { steps: 2000, batchSize: 50, optimizer: { kind: "adam", learningRate: 0.003 } },
  seed,
}));

async function timed(workers, list = specs) {
  const start = process.hrtime.bigint();
  const results = await train.sweep(list, { workers });
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, results };
}

await timed(2, specs.slice(0, 2)); // starts both workers
const least = { 1: Infinity, 2: Infinity };
let first;
for (let round = 0; round < rounds; round++) {
  for (const workers of [1, 2]) {
    const { seconds, results } = await timed(workers);
    first ??= results;
    if (!isDeepStrictEqual(results, first)) throw new Error(`${workers} workers gave other results`);
    least[workers] = Math.min(least[workers], seconds);
  }
}
console.log(`${specs.length} nets, ${specs[0].train.steps} steps each, least of ${rounds} rounds; equal results`);
for (const workers of [1, 2]) console.log(`${workers} worker${workers > 1 ? "s" : ""}: ${least[workers].toFixed(1)} s`);
console.log(`gain: ${(least[1] / least[2]).toFixed(2)} times`);
process.exit(); // kept workers would wait for the next sweep
