import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";

const mimeType = "image/svg+xml";

/** An SVG shown as a picture: nothing in it can run, and frames that follow each other do not flicker. */
class SvgPicture extends Widget implements IRenderMime.IRenderer {
  private readonly image = document.createElement("img");

  constructor() {
    super();
    this.addClass("deepen-picture");
    this.node.append(this.image);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const next = new Image();
    next.src = `data:${mimeType};charset=utf-8,${encodeURIComponent(String(model.data[mimeType]))}`;
    await next.decode();
    this.image.src = next.src;
    this.image.alt = String(model.data["text/plain"] ?? "");
  }
}

export const pictureFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: [mimeType],
  defaultRank: 80,
  createRenderer: () => new SvgPicture(),
};
