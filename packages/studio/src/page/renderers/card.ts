import type { RenderMimeRegistry } from "@jupyterlab/rendermime";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { button, element } from "../dom";
import { markdownNode } from "./html";
import { toneIcon, type Tone } from "./icon";

const mimeType = "application/vnd.deepen.card+json";

/** A card as the lesson library sends it: Markdown in `body` and in the folded `details`, code behind `actions`. */
interface Card {
  readonly kind: "predict" | "exercise" | "claim" | "recall";
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly tone: Tone;
  readonly body: string;
  readonly details?: readonly { readonly summary: string; readonly body: string }[];
  readonly actions?: readonly { readonly label: string; readonly code: string }[];
}

/** Runs code in the kernel, out of the history, and puts what it displays into a node; false if no kernel runs. */
export type SilentRunner = (code: string, into: HTMLElement) => Promise<boolean>;

const kinds: Record<Card["kind"], string> = {
  predict: "Predict",
  exercise: "Exercise",
  claim: "Claim",
  recall: "Recall",
};

/** One of the four kinds of card: title, state, body, folded parts, one row of actions. */
class CardView extends Widget implements IRenderMime.IRenderer {
  constructor(
    private readonly rendermime: RenderMimeRegistry,
    private readonly run: SilentRunner,
  ) {
    super({ node: element("section") });
    this.addClass("deepen-card");
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const card = model.data[mimeType] as unknown as Card;
    const body = await markdownNode(card.body, this.rendermime);
    const folded = await Promise.all((card.details ?? []).map((each) => this.folded(each)));
    this.node.dataset.kind = card.kind;
    this.node.dataset.tone = card.tone;
    this.node.dataset.card = card.id;
    this.node.setAttribute("aria-label", `${kinds[card.kind]}: ${card.title}`);
    const answer = element("div", { class: "deepen-card-answer", attributes: { "aria-live": "polite" } });
    this.node.replaceChildren(
      element("header", {
        children: [
          element("span", { class: "deepen-card-kind", text: kinds[card.kind] }),
          element("span", { class: "deepen-card-state", children: [toneIcon(card.tone), card.state] }),
          element("p", { class: "deepen-card-title", text: card.title }),
        ],
      }),
      body,
      ...folded,
      ...this.actions(card, answer),
    );
  }

  private async folded({ summary, body }: { summary: string; body: string }): Promise<HTMLElement> {
    const line = element("summary", { text: summary });
    await this.rendermime.latexTypesetter?.typeset(line);
    return element("details", { children: [line, await markdownNode(body, this.rendermime)] });
  }

  private actions(card: Card, answer: HTMLElement): HTMLElement[] {
    if (card.actions === undefined || card.actions.length === 0) return [];
    const controls = card.actions.map(({ label, code }) => {
      const control = button(label, () => {
        void this.act(code, answer, controls);
      });
      return control;
    });
    return [element("div", { class: "deepen-actions", children: controls }), answer];
  }

  private async act(code: string, answer: HTMLElement, controls: readonly HTMLButtonElement[]): Promise<void> {
    for (const control of controls) control.disabled = true;
    answer.replaceChildren(element("p", { class: "deepen-quiet", text: "Asking the kernel …" }));
    const ran = await this.run(code, answer);
    if (!ran) answer.replaceChildren(element("p", { class: "deepen-quiet", text: "Run the cells above first." }));
    for (const control of controls) control.disabled = false;
  }
}

/** Draws cards; `run` is what their buttons call. */
export function cardFactory(rendermime: RenderMimeRegistry, run: SilentRunner): IRenderMime.IRendererFactory {
  return {
    safe: true,
    mimeTypes: [mimeType],
    defaultRank: 1,
    createRenderer: () => new CardView(rendermime, run),
  };
}
