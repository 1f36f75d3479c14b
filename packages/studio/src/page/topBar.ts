import type { PageConfiguration } from "./config";
import { button, element } from "./dom";
import { lightingButton } from "./indexPage";
import type { KernelState } from "./kernel";
import type { SaveState } from "./save";

/** What the buttons of the top bar do. */
export interface TopBarActions {
  runAll(): void;
  stop(): void;
  restart(): void;
  reset(): void;
  save(): void;
}

const kernelWords: Record<KernelState, string> = {
  none: "Kernel not started",
  starting: "Kernel starting …",
  idle: "Kernel ready",
  busy: "Kernel running",
  restarting: "Kernel restarting …",
  dead: "Kernel ended",
  disconnected: "Kernel not reached",
};

const saveWords: Record<SaveState, string> = {
  saved: "Saved",
  unsaved: "Not saved yet",
  saving: "Saving …",
  failed: "Not saved",
  conflict: "Not saved",
};

/** The one line above the lesson. */
export class TopBar {
  readonly node: HTMLElement;
  private readonly kernel = element("span", { class: "deepen-kernel", attributes: { role: "status" } });
  private readonly saved: HTMLButtonElement;
  private readonly stop: HTMLButtonElement;
  private state: KernelState = "none";
  private engine = "";

  constructor(title: string, configuration: PageConfiguration, actions: TopBarActions) {
    this.saved = button("", actions.save, {
      class: "deepen-button deepen-plain deepen-saved",
      hint: "Save now (Ctrl-S)",
    });
    this.stop = button("Stop", actions.stop, { hint: "Stop the running cell; variables stay (I, I)" });
    this.node = element("header", {
      class: "deepen-bar",
      children: [
        element("a", {
          class: "deepen-home",
          text: "Deepen",
          attributes: { href: configuration.baseUrl, title: "All chapters" },
        }),
        element("h1", { text: title }),
        this.kernel,
        element("div", {
          class: "deepen-bar-buttons",
          attributes: { role: "toolbar", "aria-label": "Chapter" },
          children: [
            button("Run all", actions.runAll, { hint: "Run every cell from the top" }),
            this.stop,
            button("Restart", actions.restart, { hint: "Start a fresh kernel; variables are lost" }),
            button("Reset", actions.reset, { hint: "Take the chapter as the course has it" }),
            this.saved,
            lightingButton(),
          ],
        }),
      ],
    });
    this.showKernel("none");
    this.showSave("saved", "");
  }

  showKernel(state: KernelState): void {
    this.state = state;
    this.kernel.dataset.state = state;
    const alive = state === "idle" || state === "busy";
    this.kernel.textContent =
      alive && this.engine !== "" ? `${kernelWords[state]} · ${this.engine}` : kernelWords[state];
    this.stop.disabled = state !== "busy" && state !== "starting";
  }

  /** @param engine - in words, as in "WebAssembly"; empty if not known */
  showEngine(engine: string): void {
    this.engine = engine;
    this.showKernel(this.state);
  }

  showSave(state: SaveState, reason: string): void {
    this.saved.textContent = saveWords[state];
    this.saved.dataset.state = state;
    this.saved.title = reason === "" ? "Save now (Ctrl-S)" : `Not saved: ${reason}`;
  }
}
