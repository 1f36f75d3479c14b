import { existsSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { Failure } from "./failure";
import { reducedColours } from "./palette";
import type { Painter, PlotlyFigure } from "./figures";

/** The part of Plotly that runs inside the page. */
interface PlotlyInPage {
  toImage(
    figure: { data: readonly unknown[]; layout: Readonly<Record<string, unknown>>; config: Record<string, unknown> },
    options: { format: "png"; width: number; height: number; scale: number },
  ): Promise<string>;
}

/** A Chromium that paints figures, and the means to end it. */
export interface PaintingBrowser {
  readonly paint: Painter;
  close(): Promise<void>;
}

/** Version of the Plotly that draws the pictures. */
export function plotlyVersion(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the version of the package as installed, not as compiled against
  return (require("plotly.js-dist-min/package.json") as { version: string }).version;
}

/**
 * Path of the Chromium to use: DEEPEN_CHROMIUM, else a usual name on the PATH or a usual place; undefined if there is none.
 * @throws Failure if DEEPEN_CHROMIUM names a file that does not exist
 */
export function findChromium(): string | undefined {
  const asked = process.env.DEEPEN_CHROMIUM;
  if (asked !== undefined && asked !== "") {
    if (!existsSync(asked)) throw new Failure(`DEEPEN_CHROMIUM names ${asked}, which does not exist.`);
    return asked;
  }
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe", "msedge.exe"];
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return [
    ...folders.flatMap((folder) => names.map((name) => path.join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ...[process.env.ProgramFiles, process.env["ProgramFiles(x86)"]]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        path.join(folder, "Google", "Chrome", "Application", "chrome.exe"),
        path.join(folder, "Microsoft", "Edge", "Application", "msedge.exe"),
      ]),
  ].find((file) => existsSync(file));
}

/**
 * Starts a headless Chromium with Plotly loaded and no network.
 * @param executable - as `findChromium` gives it
 */
export async function openPainter(executable: string): Promise<PaintingBrowser> {
  const browser = await chromium.launch({ executablePath: executable, args: ["--enable-unsafe-swiftshader"] });
  try {
    const context = await browser.newContext({ offline: true });
    const page = await context.newPage();
    await page.addScriptTag({ path: require.resolve("plotly.js-dist-min/plotly.min.js") });
    const paint: Painter = async (figure, width, height) => {
      const url = await page.evaluate(draw, { figure, width, height });
      return reducedColours(url.slice(url.indexOf(",") + 1));
    };
    return { paint, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Runs inside the page: the figure on white, at twice its size. */
function draw({ figure, width, height }: { figure: PlotlyFigure; width: number; height: number }): Promise<string> {
  const { Plotly } = globalThis as unknown as { Plotly: PlotlyInPage };
  const layout = { ...figure.layout, paper_bgcolor: "#ffffff" };
  return Plotly.toImage(
    { data: figure.data, layout, config: { staticPlot: true } },
    { format: "png", width, height, scale: 2 },
  );
}
