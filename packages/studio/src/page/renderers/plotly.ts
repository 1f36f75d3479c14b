import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { Message } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import type { Figure } from "deepen/dist/plot/figure.js";
import { dark, fonts, size, type } from "deepen/dist/plot/theme.js";
import { address } from "plotly:address";
import { lighting, onLighting } from "../theme";

const mimeType = "application/vnd.plotly.v1+json";

/** What this page uses of Plotly. */
interface Plotly {
  react(node: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  purge(node: HTMLElement): void;
  readonly Plots: { resize(node: HTMLElement): Promise<unknown> };
}

/** A figure drawn by Plotly: redrawn when its output is updated, when the lighting changes and when its width does. */
class PlotlyFigure extends Widget implements IRenderMime.IRenderer {
  private figure: Figure | undefined;
  private config: Readonly<Record<string, unknown>> = {};
  private drawn: Plotly | undefined;
  private readonly canvas = document.createElement("div");
  private readonly stopFollowing = onLighting(() => void this.draw());
  private readonly sizes = new ResizeObserver(() => {
    if (this.drawn !== undefined && this.canvas.offsetWidth > 0) void this.drawn.Plots.resize(this.canvas);
  });

  constructor() {
    super();
    this.addClass("deepen-figure");
    this.node.setAttribute("role", "img");
    this.node.append(this.canvas);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const given = model.data[mimeType] as unknown as Pick<Figure, "data" | "layout"> & {
      config?: Readonly<Record<string, unknown>>;
    };
    const description = String(model.data["text/plain"] ?? "Figure");
    this.figure = { data: given.data, layout: given.layout, description };
    this.config = given.config ?? {};
    this.node.setAttribute("aria-label", description);
    const { height, meta } = given.layout;
    this.canvas.style.maxWidth = `${meta?.width ?? size.figure.width}px`;
    this.canvas.style.height = `${height ?? size.figure.height}px`;
    await this.draw();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.stopFollowing();
    this.sizes.disconnect();
    this.drawn?.purge(this.canvas);
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.sizes.observe(this.canvas);
  }

  private async draw(): Promise<void> {
    const plotly = await inTurn();
    if (this.isDisposed || this.figure === undefined) return;
    const { data, layout } = lighting() === "dark" ? dark(this.figure) : this.figure;
    await plotly.react(
      this.canvas,
      structuredClone(data),
      { ...structuredClone(layout), ...onPage, modebar: tools() },
      { displaylogo: false, showSendToCloud: false, ...this.config, responsive: false },
    );
    this.drawn = plotly;
  }
}

export const plotlyFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: [mimeType],
  defaultRank: 0,
  createRenderer: () => new PlotlyFigure(),
};

/** A figure stands on the page itself, as wide as its place: no ground of its own, no fixed size. */
const onPage = { width: undefined, height: undefined, autosize: true, paper_bgcolor: "#0000", plot_bgcolor: "#0000" };

/** Plotly's tools over a figure, in the colours of the page: it would derive them from the figure's ground, which has none. */
function tools(): Readonly<Record<string, string>> {
  const { backgroundColor, color } = getComputedStyle(document.body);
  return { bgcolor: backgroundColor, color: "#888888", activecolor: color };
}

let loading: Promise<Plotly> | undefined;
let turn: Promise<unknown> = Promise.resolve();

/** Plotly, when the figures asked for before have had their turn and the page has drawn what it had to. */
function inTurn(): Promise<Plotly> {
  // Plotly measures what it writes: the type must be there first, or labels end up in the wrong place.
  loading ??= Promise.all([load(), document.fonts.load(`${type.figure}px ${fonts.figure}`)]).then(([plotly]) => plotly);
  const ready = Promise.all([loading, turn.then(breath)]).then(([plotly]) => plotly);
  turn = ready.catch(() => undefined);
  return ready;
}

function breath(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

function load(): Promise<Plotly> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => {
      resolve((window as unknown as { Plotly: Plotly }).Plotly);
    });
    script.addEventListener("error", () => {
      loading = undefined;
      reject(
        new Error("Plotly could not be loaded from the course server, so this figure is not drawn. Reload the page."),
      );
    });
    document.head.append(script);
  });
}
