import { host, type MimeBundle } from "../host";
import type { Figure } from "../plot/figure";

/** Shows a figure: drawn live where Plotly is, described in words elsewhere. */
export function show(figure: Figure): void {
  host().display(figureBundle(figure));
}

/** The bundle of a figure: Plotly's JSON and the description; a PNG is added only when a notebook is built. */
export function figureBundle(figure: Figure): MimeBundle {
  const { data, layout, description } = figure;
  const config = { showSendToCloud: false, displaylogo: false, responsive: true };
  return { "application/vnd.plotly.v1+json": { data, layout, config }, "text/plain": description };
}
