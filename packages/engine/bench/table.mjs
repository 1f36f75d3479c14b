// The benchmark's results as a table in Markdown.

/** What each engine is called. */
export const titles = {
  stock: "stock wasm",
  engine: "engine",
  captured: "captured",
  native: "native",
  pytorch: "PyTorch",
};

const row = (cells) => `| ${cells.join(" | ")} |`;

/** Title row and rule. */
export function header(engines) {
  const columns = ["model (batch)", ...engines.map((engine) => `${titles[engine]}, ms`), ...ratioTitles(engines)];
  columns.push("GFLOP/s", "of peak", "heap, MB");
  return `${row(columns)}\n${row(columns.map((_, place) => (place === 0 ? "---" : "---:")))}`;
}

const ratioTitles = (engines) => [
  "engine ÷",
  "captured ÷",
  ...engines.slice(3).map((engine) => `${titles[engine]} ÷ captured`),
];

/** Times, how many times faster than stock, how many times slower the others are than captured steps, rate, memory. */
export function tableRow({ model, batch, operations, engines: results }, engines, peak) {
  const ms = (engine) => results[engine].milliseconds;
  const rate = operations / ms("captured") / 1e6;
  const ratios = [ms("stock") / ms("engine"), ms("stock") / ms("captured")];
  ratios.push(...engines.slice(3).map((engine) => ms(engine) / ms("captured")));
  return row([
    `${model} (${batch})`,
    ...engines.map((engine) => ms(engine).toFixed(ms(engine) < 1 ? 2 : ms(engine) < 100 ? 1 : 0)),
    ...ratios.map((ratio) => ratio.toPrecision(ratio < 10 ? 2 : 3)),
    rate.toFixed(1),
    `${((100 * rate) / peak).toFixed(0)} %`,
    (results.captured.heapBytes / 2 ** 20).toFixed(0),
  ]);
}
