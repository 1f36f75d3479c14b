import { host } from "../host";
import type { Figure } from "../plot/figure";
import { svg } from "../plot/svg";
import { pacer } from "./pace";
import { figureBundle } from "./show";

/** A figure that grows while a cell runs. */
export interface Live {
  /** Draws the figure as it is now, if the last drawing is a tenth of a second old. */
  update(): void;
  /** Draws the finished figure, which then stays. */
  end(): void;
}

let shown = 0;

/**
 * Shows a figure that grows: a light picture while the cell runs, the real figure at the end, in one place.
 * @param draw - gives the figure as it is now, or undefined while there is nothing to draw; called only when a drawing is due
 */
export function live(draw: () => Figure | undefined): Live {
  const displayId = `deepen-live-${String(++shown)}`;
  const pace = pacer();
  let update = false;
  return {
    update() {
      if (!pace.due()) return;
      const figure = draw();
      if (figure === undefined) return;
      const text = `${figure.layout.title.text} (still growing)`;
      host().display({ "image/svg+xml": svg(figure), "text/plain": text }, { displayId, update });
      update = true;
    },
    end() {
      const figure = draw();
      if (figure === undefined) return;
      host().display(figureBundle(figure), { displayId, update });
      update = true;
    },
  };
}
