import type { NotebookPanel } from "@jupyterlab/notebook";
import type { Commands } from "./commands";
import { button, element } from "./dom";

/** Small buttons at the active cell: add above, add below, delete. */
export function cellTools(panel: NotebookPanel, commands: Commands): void {
  const tools = element("div", {
    class: "deepen-cell-tools",
    attributes: { role: "toolbar", "aria-label": "This cell" },
    children: [
      small("Code above", "Add a code cell above (A)", commands.addAbove),
      small("Code below", "Add a code cell below (B)", () => {
        commands.addBelow();
      }),
      small("Text below", "Add a text cell below (B, then M)", () => {
        commands.addBelow("markdown");
      }),
      small("Delete", "Delete this cell (D, D); Z brings it back", commands.remove),
    ],
  });
  const follow = (): void => {
    panel.content.activeCell?.node.append(tools);
  };
  panel.content.activeCellChanged.connect(follow);
  follow();
}

function small(text: string, hint: string, act: () => void): HTMLButtonElement {
  return button(text, act, { class: "deepen-button deepen-plain", hint });
}
