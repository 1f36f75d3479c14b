import { findChromium, openPainter, type PaintingBrowser } from "./chromium";
import type { Painter } from "./figures";

/** A painter that starts its Chromium at the first figure to draw. */
export interface LazyPainter {
  /** Undefined where there is no Chromium. */
  readonly paint: Painter | undefined;
  close(): Promise<void>;
}

/** A painter for one run of the command; `close` ends what it started. */
export function lazyPainter(): LazyPainter {
  const executable = findChromium();
  let browser: Promise<PaintingBrowser> | undefined;
  return {
    paint:
      executable === undefined
        ? undefined
        : async (figure, width, height) => {
            browser ??= openPainter(executable);
            return (await browser).paint(figure, width, height);
          },
    async close() {
      await (await browser)?.close();
    },
  };
}
