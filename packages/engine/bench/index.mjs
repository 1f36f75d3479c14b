// Time of a training step of several models, with tfjs's stock wasm backend and with the engine. Each measurement runs in
// a process of its own, in turns, so that what else the machine does hits both; the smallest median counts.
//
//   npm run bench --workspace @deepen/engine [-- --rounds N] [-- --only PART OF A NAME] [-- --json FILE]
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { backends } from "./backends.mjs";
import { models } from "./models.cjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    json: { type: "string" },
    measure: { type: "string" },
    backend: { type: "string" },
  },
});

/** Median time of a step in this process, in milliseconds, and the losses of the first steps. */
async function measure(name, backend) {
  const { batch, make } = models[name];
  const { step } = make(await backends[backend](), batch);
  const losses = [];
  for (let count = 0; count < 4; count++) losses.push(await step());
  const times = [];
  const until = performance.now() + 1500;
  while (times.length < 5 || (times.length < 60 && performance.now() < until)) {
    const from = performance.now();
    await step();
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  return { milliseconds: times[Math.floor(times.length / 2)], losses };
}

function measureApart(name, backend) {
  const script = fileURLToPath(import.meta.url);
  const run = spawnSync(process.execPath, [script, "--measure", name, "--backend", backend], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`${name}, ${backend}: ${run.stderr}`);
  return JSON.parse(run.stdout.trim().split("\n").pop());
}

function compare() {
  const results = [];
  for (const name of Object.keys(models).filter((each) => each.toLowerCase().includes(values.only.toLowerCase()))) {
    const best = {};
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const backend of Object.keys(backends)) {
        const result = measureApart(name, backend);
        if (!(result.milliseconds >= best[backend]?.milliseconds)) best[backend] = result;
      }
    }
    const result = { model: name, stock: best.stock.milliseconds, engine: best.engine.milliseconds };
    results.push({ ...result, ratio: result.stock / result.engine, losses: [best.stock.losses, best.engine.losses] });
    const [slow, fast] = [result.stock, result.engine].map((time) => time.toFixed(1).padStart(8));
    console.log(`${name.padEnd(36)}${slow} ms${fast} ms  ${(result.stock / result.engine).toFixed(1)} times faster`);
  }
  const machine = `${cpus()[0].model}, Node ${process.version}`;
  console.log(machine);
  if (values.json) writeFileSync(values.json, JSON.stringify({ machine, rounds: values.rounds, results }, null, 2));
}

if (values.measure !== undefined) console.log(JSON.stringify(await measure(values.measure, values.backend)));
else compare();
