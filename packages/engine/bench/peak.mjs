// The synthetic peak of this machine: what a wasm loop of SIMD multiplications and additions in registers reaches.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));
const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");

function compile() {
  const out = mkdtempSync(join(tmpdir(), "deepen-peak-"));
  try {
    const file = join(out, "peak.wasm");
    const options = ["--outFile", file, "--runtime", "stub", "--enable", "simd", "-O3", "--noAssert"];
    const run = spawnSync(process.execPath, [compiler, "assembly/bench/peak.ts", ...options], {
      cwd: folder,
      encoding: "utf8",
    });
    if (run.status !== 0) throw new Error(`AssemblyScript could not compile assembly/bench/peak.ts:\n${run.stderr}`);
    return new WebAssembly.Module(readFileSync(file));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** A function that measures for some 20 ms and gives GFLOP/s, one thread. */
export function peakMeter() {
  const { peak } = new WebAssembly.Instance(compile(), { env: { abort: () => undefined } }).exports;
  const count = 100_000;
  return () => {
    let best = Infinity;
    for (let run = 0; run < 40; run++) {
      const from = performance.now();
      peak(count, 1e-9, 0.5);
      best = Math.min(best, performance.now() - from);
    }
    return (96 * count) / best / 1e6;
  };
}
