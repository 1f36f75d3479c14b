// Time of a training step of nine models: tfjs's stock wasm backend, the engine, the engine with captured steps, and, where
// they are present, native TensorFlow and PyTorch. Each measurement runs in a process of its own, on one thread, in turns,
// so that what else the machine does hits all; the smallest median counts.
//
//   npm run bench [-- --only PART OF A NAME] [-- --json FILE] [-- --figure FILE] [-- --rounds N] [-- --seconds N]
//
// PyTorch is measured by the Python that DEEPEN_PYTHON names. --figure writes Plotly's JSON, or a PNG with Chromium.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { hasNative } from "./backends.mjs";
import { writeFigure } from "./figure.mjs";
import { models } from "./models.cjs";
import { peakMeter } from "./peak.mjs";
import { header, tableRow } from "./table.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    json: { type: "string" },
    figure: { type: "string" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "1.5" },
  },
});
const python = process.env.DEEPEN_PYTHON;
const engines = ["stock", "engine", "captured", ...(hasNative() ? ["native"] : []), ...(python ? ["pytorch"] : [])];

/** One measurement in a process of its own. */
function measureApart(model, engine) {
  const script = (name) => fileURLToPath(new URL(name, import.meta.url));
  const [command, file, given] =
    engine === "pytorch" ? [python, "pytorch.py", [model]] : [process.execPath, "measure.mjs", [model, engine]];
  const env = { ...process.env, OMP_NUM_THREADS: "1", TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1" };
  const run = spawnSync(command, [script(file), ...given, values.seconds], { encoding: "utf8", env });
  if (run.status !== 0) throw new Error(`${model}, ${engine}: ${run.stderr || run.error}`);
  return JSON.parse(run.stdout.trim().split("\n").pop());
}

/** Of several measurements the one with the smallest median; losses must agree with `expected`, from another engine. */
function better(best, next, what, expected) {
  const apart = (expected ?? next.losses).some((loss, step) => Math.abs(loss - next.losses[step]) > 0.01 * loss);
  if (apart) throw new Error(`${what}: expected losses near ${expected}, got ${next.losses}`);
  return next.milliseconds >= best?.milliseconds ? best : next;
}

const meter = peakMeter();
let peak = 0;
const results = [];
console.log(header(engines));
for (const model of Object.keys(models).filter((name) => name.toLowerCase().includes(values.only.toLowerCase()))) {
  const best = {};
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const engine of engines) {
      peak = Math.max(peak, meter());
      best[engine] = better(best[engine], measureApart(model, engine), `${model}, ${engine}`, best.stock?.losses);
    }
  }
  results.push({ model, batch: models[model].batch, operations: best.engine.operations, engines: best });
  console.log(tableRow(results[results.length - 1], engines, peak));
}
const machine = `${cpus()[0].model}, Node ${process.version}`;
console.log(`\n${machine}, one thread; SIMD peak ${peak.toFixed(1)} GFLOP/s; ${values.rounds} processes each`);

const report = { machine, peak, rounds: Number(values.rounds), seconds: Number(values.seconds), results };
// npm runs scripts in the package's folder; file names are told from where it was called.
const from = process.env.INIT_CWD ?? process.cwd();
if (values.json !== undefined) writeFileSync(resolve(from, values.json), `${JSON.stringify(report, null, 2)}\n`);
if (values.figure !== undefined) await writeFigure(report, resolve(from, values.figure));
