import { Cell, type IInputPrompt } from "@jupyterlab/cells";
import { Notebook } from "@jupyterlab/notebook";
import { Widget } from "@lumino/widgets";
import { button, element } from "./dom";

/** The margin of a code cell: its run count, and a button that runs it. */
class CellPrompt extends Widget implements IInputPrompt {
  private count: string | null = null;
  private readonly label = element("span", { class: "deepen-count" });

  constructor(run: (cell: Cell) => void) {
    super();
    this.addClass("jp-InputPrompt");
    this.addClass("deepen-prompt");
    const control = button(
      "",
      () => {
        const cell = this.cell();
        if (cell !== undefined) run(cell);
      },
      { class: "deepen-run", hint: "Run this cell (Shift-Enter)" },
    );
    control.setAttribute("aria-label", "Run this cell");
    this.node.append(control, this.label);
  }

  get executionCount(): string | null {
    return this.count;
  }

  set executionCount(value: string | null) {
    this.count = value;
    const running = value === "*";
    if (running) delete this.node.dataset.duration;
    this.toggleClass("deepen-running", running);
    this.label.textContent = running ? "" : (value ?? "");
    this.label.title = running ? "Running, or waiting for its turn" : value === null ? "" : `Ran as number ${value}`;
  }

  private cell(): Cell | undefined {
    for (let widget = this.parent; widget !== null; widget = widget.parent) {
      if (widget instanceof Cell) return widget;
    }
    return undefined;
  }
}

/** Makes cells as JupyterLab does, with our margin. */
export class CellFactory extends Notebook.ContentFactory {
  constructor(
    options: Notebook.ContentFactory.IOptions,
    private readonly run: (cell: Cell) => void,
  ) {
    super(options);
  }

  override createInputPrompt(): IInputPrompt {
    return new CellPrompt(this.run);
  }
}
