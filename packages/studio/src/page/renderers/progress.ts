import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { element } from "../dom";

const mimeType = "application/vnd.deepen.progress+json";

/** A quiet bar with words: what is going on, how far it is. */
class Progress extends Widget implements IRenderMime.IRenderer {
  private readonly label = element("span", { class: "deepen-progress-label" });
  private readonly note = element("span", { class: "deepen-progress-note" });
  private readonly bar = element("progress");

  constructor() {
    super();
    this.addClass("deepen-progress");
    this.node.append(this.label, this.bar, this.note);
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const { label, value, max, note } = model.data[mimeType] as Partial<{
      label: string;
      value: number;
      max: number;
      note: string;
    }>;
    this.label.textContent = label ?? "";
    this.note.textContent = note ?? "";
    this.bar.max = max ?? 1;
    this.bar.value = value ?? 0;
    this.bar.setAttribute("aria-label", [label, note].filter(Boolean).join(", "));
    this.toggleClass("deepen-done", (value ?? 0) >= (max ?? 1));
    return Promise.resolve();
  }
}

export const progressFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: [mimeType],
  defaultRank: 1,
  createRenderer: () => new Progress(),
};
