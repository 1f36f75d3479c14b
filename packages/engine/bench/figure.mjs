// The benchmark's results as a Plotly figure: how many times faster than stock TensorFlow.js each engine trains.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { titles } from "./table.mjs";

const size = { width: 900, height: 460 };

/** Okabe and Ito's colours, which the colour-blind can tell apart. */
const colours = { engine: "#56b4e9", captured: "#0072b2", native: "#e69f00", pytorch: "#999999" };

/** The figure of a report of index.mjs. */
export function figure({ machine, results }) {
  const shown = Object.keys(colours).filter((engine) => results.every(({ engines }) => engines[engine] !== undefined));
  const data = shown.map((engine) => ({
    type: "bar",
    name: titles[engine],
    x: results.map(({ model }) => model.replace(/, | (?=[^ ]*$)/, "<br>")),
    y: results.map(({ engines }) => engines.stock.milliseconds / engines[engine].milliseconds),
    marker: { color: colours[engine] },
  }));
  const layout = {
    ...size,
    title: {
      text: `Training steps a second, as a multiple of TensorFlow.js's wasm backend<br><sub>${machine}, one thread</sub>`,
    },
    barmode: "group",
    xaxis: { automargin: true, tickangle: 0, tickfont: { size: 11 } },
    yaxis: { title: { text: "times stock wasm" }, rangemode: "tozero" },
    legend: { orientation: "h", y: 1.08, x: 1, xanchor: "right", bgcolor: "rgba(0,0,0,0)" },
    template: { layout: { plot_bgcolor: "#ffffff", yaxis: { gridcolor: "#dddddd" } } },
  };
  return { data, layout };
}

/** Writes the figure as JSON or, if the file's name ends in .png, as a picture, which takes the course's Chromium. */
export async function writeFigure(report, file) {
  if (!file.endsWith(".png")) {
    writeFileSync(file, `${JSON.stringify(figure(report), null, 2)}\n`);
    return;
  }
  const { findChromium, openPainter } = createRequire(import.meta.url)("../../tools/dist/chromium.js");
  const executable = findChromium();
  if (executable === undefined)
    throw new Error("--figure: a PNG needs Chromium (set DEEPEN_CHROMIUM), or name a .json");
  const { paint, close } = await openPainter(executable);
  try {
    writeFileSync(file, Buffer.from(await paint(figure(report), size.width, size.height), "base64"));
  } finally {
    await close();
  }
}
