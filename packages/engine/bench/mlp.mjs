// Step time of an MLP of ten layers of 256, batch 128, with tfjs's stock wasm backend and with the engine's kernels.
// Each runs in processes of its own, in turns, so that what else the machine does hits both; the smallest median counts.
//
//   npm run bench --workspace @deepen/engine [-- ROUNDS]
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const [kind, rounds = "3"] = process.argv[2]?.match(/^(stock|ours)$/) ? [process.argv[2]] : [null, process.argv[2]];

/** Median step time in this process, in milliseconds. */
async function measure() {
  let tf;
  if (kind === "ours") {
    const engine = require("@deepen/engine");
    await engine.ready({ engine: "wasm" });
    tf = engine.tf;
  } else {
    tf = require("@tensorflow/tfjs");
    const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");
    const folder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"));
    setWasmPaths(join(folder, "/"));
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    await tf.setBackend("wasm");
  }
  const layers = Array.from({ length: 10 }, (_, layer) =>
    tf.layers.dense({ units: 256, activation: "relu", ...(layer === 0 ? { inputShape: [256] } : {}) }),
  );
  const model = tf.sequential({ layers });
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const [x, y] = [tf.randomNormal([128, 256]), tf.randomNormal([128, 256])];
  const times = [];
  for (let step = 0; step < 20; step++) {
    const from = performance.now();
    await model.trainOnBatch(x, y);
    times.push(performance.now() - from);
  }
  const steady = times.slice(5).sort((a, b) => a - b);
  return steady[Math.floor(steady.length / 2)];
}

if (kind !== null) {
  console.log(await measure());
} else {
  const best = { stock: Infinity, ours: Infinity };
  for (let round = 0; round < Number(rounds); round++) {
    for (const name of ["stock", "ours"]) {
      const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name], { encoding: "utf8" });
      if (run.status !== 0) throw new Error(`${name}: ${run.stderr}`);
      best[name] = Math.min(best[name], Number(run.stdout));
    }
  }
  const ratio = best.stock / best.ours;
  console.log(
    `stock ${best.stock.toFixed(1)} ms, ours ${best.ours.toFixed(1)} ms a step: ${ratio.toFixed(1)} times faster`,
  );
}
