import { YNotebook } from "@jupyter/ydoc";
import { NotebookActions, type NotebookPanel } from "@jupyterlab/notebook";
import { CommandRegistry } from "@lumino/commands";
import { completion } from "./completion";
import { inspect } from "./inspection";
import type { ChapterKernel } from "./kernel";
import type { Notices } from "./notices";
import type { Saver } from "./save";

/** What keys and buttons do to the chapter. */
export interface Commands {
  runAll(): Promise<void>;
  /** Runs the active cell where it stands. */
  run(): Promise<void>;
  addAbove(): void;
  addBelow(type?: "code" | "markdown"): void;
  remove(): void;
}

/** Ties JupyterLab's notebook actions to JupyterLab's keys. */
export function commands(panel: NotebookPanel, kernel: ChapterKernel, saver: Saver, notices: Notices): Commands {
  const { content: notebook, sessionContext: session } = panel;
  const completer = completion(panel);
  const told = async (running: Promise<unknown>): Promise<void> => {
    try {
      await running;
    } catch (error) {
      if (kernel.connection === undefined) return; // Its death is told by a notice of its own.
      const message = error instanceof Error ? error.message : String(error);
      notices.show({ name: "run", tone: "bad", text: `The cell could not be run: ${message}` });
    }
  };
  // What follows is a step of its own for undo: Yjs would join changes that come within half a second.
  const step = (): void => {
    const shared = notebook.model?.sharedModel;
    if (shared instanceof YNotebook) shared.undoManager.stopCapturing();
  };
  const act: Commands = {
    runAll: () => told(NotebookActions.runAll(notebook, session)),
    run: () => told(NotebookActions.run(notebook, session)),
    addAbove: () => {
      step();
      NotebookActions.insertAbove(notebook);
      notebook.mode = "edit";
    },
    addBelow: (type = "code") => {
      step();
      NotebookActions.insertBelow(notebook);
      if (type === "markdown") NotebookActions.changeCellType(notebook, "markdown");
      notebook.mode = "edit";
    },
    remove: () => {
      step();
      NotebookActions.deleteCells(notebook);
    },
  };

  const registry = new CommandRegistry();
  const bind = (name: string, keys: readonly string[][], selector: string, execute: () => unknown): void => {
    registry.addCommand(name, { execute });
    for (const each of keys) registry.addKeyBinding({ command: name, keys: each, selector });
  };
  // Keys that are letters or Enter belong to a button or a link that has the focus, not to its cell.
  const command =
    ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus:not(button):not(a):not(summary):not(input)";
  const everywhere = ".deepen-lesson";
  const completing = ".jp-Notebook.jp-mod-editMode .jp-CodeCell .jp-mod-completer-enabled";

  bind("run-and-advance", [["Shift Enter"]], everywhere, () => told(NotebookActions.runAndAdvance(notebook, session)));
  bind("run", [["Ctrl Enter"], ["Accel Enter"]], everywhere, () => act.run());
  bind("run-and-insert", [["Alt Enter"]], everywhere, () => told(NotebookActions.runAndInsert(notebook, session)));
  bind("save", [["Accel S"]], "body", () => saver.save());
  bind("edit", [["Enter"]], command, () => {
    notebook.mode = "edit";
  });
  bind("leave", [["Escape"]], ".jp-Notebook.jp-mod-editMode", () => {
    notebook.mode = "command";
    notebook.node.focus();
  });
  bind("add-above", [["A"]], command, act.addAbove);
  bind("add-below", [["B"]], command, () => {
    act.addBelow();
  });
  bind("remove", [["D", "D"]], command, act.remove);
  bind("undo", [["Z"]], command, () => {
    NotebookActions.undo(notebook);
  });
  bind("redo", [["Shift Z"]], command, () => {
    NotebookActions.redo(notebook);
  });
  bind("to-markdown", [["M"]], command, () => {
    NotebookActions.changeCellType(notebook, "markdown");
  });
  bind("to-code", [["Y"]], command, () => {
    NotebookActions.changeCellType(notebook, "code");
  });
  bind("up", [["ArrowUp"], ["K"]], command, () => {
    NotebookActions.selectAbove(notebook);
  });
  bind("down", [["ArrowDown"], ["J"]], command, () => {
    NotebookActions.selectBelow(notebook);
  });
  bind("interrupt", [["I", "I"]], command, () => kernel.stop());
  bind("complete", [["Tab"]], completing, () => {
    if (kernel.connection !== undefined) completer.invoke();
    else
      notices.show({
        name: "complete",
        tone: "neutral",
        text: "Completion asks the kernel, which starts with the first cell you run.",
      });
  });
  bind("accept-completion", [["Enter"]], ".jp-Notebook .jp-mod-completer-active", () => {
    completer.accept();
  });
  bind("inspect", [["Shift Tab"]], ".jp-Notebook.jp-mod-editMode .jp-CodeCell", () => inspect(panel));
  document.addEventListener(
    "keydown",
    (event) => {
      registry.processKeydownEvent(event);
    },
    true,
  );
  return act;
}
