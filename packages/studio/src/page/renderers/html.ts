import { RenderedHTML, RenderedMarkdown, type RenderMimeRegistry } from "@jupyterlab/rendermime";
import { MimeModel } from "@jupyterlab/rendermime";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";

/** HTML of outputs: always sanitised, also where the reader ran the cell himself; tables read as tables. */
class SafeHtml extends RenderedHTML {
  override async render(model: IRenderMime.IMimeModel): Promise<void> {
    await super.render(untrusted(model));
    polish(this.node);
  }
}

/** Markdown of cells, outputs and cards: the same care. */
class SafeMarkdown extends RenderedMarkdown {
  override async render(model: IRenderMime.IMimeModel): Promise<void> {
    await super.render(untrusted(model));
    polish(this.node);
  }
}

export const htmlFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: ["text/html"],
  defaultRank: 50,
  createRenderer: (options) => new SafeHtml(options),
};

export const markdownFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: ["text/markdown"],
  defaultRank: 60,
  createRenderer: (options) => new SafeMarkdown(options),
};

/** Renders Markdown with math into a new node; what it holds is sanitised. */
export async function markdownNode(text: string, rendermime: RenderMimeRegistry): Promise<HTMLElement> {
  const renderer = rendermime.createRenderer("text/markdown");
  await renderer.renderModel(new MimeModel({ data: { "text/markdown": text }, trusted: false }));
  // Renderers typeset what is on the page already; this node is not yet.
  await rendermime.latexTypesetter?.typeset(renderer.node);
  return renderer.node;
}

function untrusted(model: IRenderMime.IMimeModel): IRenderMime.IMimeModel {
  return new MimeModel({ data: { ...model.data }, metadata: { ...model.metadata }, trusted: false });
}

function polish(node: HTMLElement): void {
  for (const table of node.querySelectorAll("table")) alignNumbers(table);
  for (const link of node.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    if (link.host === location.host) continue;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
}

/** Sets columns of numbers to the right, heading included, with figures of equal width. */
function alignNumbers(table: HTMLTableElement): void {
  const rows = [...table.rows];
  const body = rows.filter((row) => row.querySelector("td") !== null);
  const width = Math.max(0, ...rows.map((row) => row.cells.length));
  for (let column = 0; column < width; column += 1) {
    const texts = body.map((row) => row.cells[column]?.textContent?.trim() ?? "").filter((text) => text !== "");
    if (texts.length === 0 || !texts.every(isNumber)) continue;
    for (const row of rows) row.cells[column]?.classList.add("deepen-numeric");
  }
}

/** A number, also with sign, exponent, percent, or an interval behind it ("0.91 ± 0.02", "1.2 × 10⁻³", "NaN"). */
function isNumber(text: string): boolean {
  return /^[-−+]?(\d[\d.,\s]*|∞|NaN|Infinity)(e[-+]?\d+)?(\s*[×±%]\s*[-−+\d.,e⁻⁰¹²³⁴⁵⁶⁷⁸⁹\s±×]*)?$/.test(text);
}
