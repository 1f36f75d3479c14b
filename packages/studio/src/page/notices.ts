import { button, element } from "./dom";
import type { Remedy } from "./failure";
import { toneIcon, type Tone } from "./renderers/icon";

/** A message above the lesson, one for each `name`: a later one with the same name takes its place. */
export interface Notice {
  readonly name: string;
  readonly tone: Tone;
  readonly text: string;
  readonly remedies?: readonly Remedy[];
  /** Whether the reader can put it away; true by default. */
  readonly closable?: boolean;
}

/** The messages above the lesson, read out by screen readers as they come. */
export class Notices {
  readonly node = element("div", { class: "deepen-notices", attributes: { role: "status", "aria-live": "polite" } });

  show({ name, tone, text, remedies = [], closable = true }: Notice): void {
    const shown = element("div", {
      class: "deepen-notice",
      attributes: { "data-notice": name, "data-tone": tone },
      children: [
        toneIcon(tone),
        element("p", { text }),
        ...remedies.map(({ label, act }) => button(label, act)),
        ...(closable
          ? [
              button(
                "Close",
                () => {
                  this.hide(name);
                },
                { class: "deepen-button deepen-plain" },
              ),
            ]
          : []),
      ],
    });
    const old = this.find(name);
    if (old === null) this.node.append(shown);
    else old.replaceWith(shown);
  }

  hide(name: string): void {
    this.find(name)?.remove();
  }

  private find(name: string): Element | null {
    return this.node.querySelector(`[data-notice="${name}"]`);
  }
}
