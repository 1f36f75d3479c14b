import type { NotebookPanel } from "@jupyterlab/notebook";
import { RequestError, type CourseApi } from "./api";
import { engineOf } from "./engine";
import { cellExecuted, type ChapterKernel } from "./kernel";
import type { Notices } from "./notices";
import type { Saver } from "./save";
import type { TopBar } from "./topBar";

/** Between looks whether a server that went away is back, in milliseconds. */
const lookAgain = 3000;

/** The server answers what a dead kernel leaves open, so the kernel looks idle for a moment: no longer than this, in milliseconds. */
const justNow = 1000;

/** What is watched, and where it is told. */
export interface Watched {
  readonly kernel: ChapterKernel;
  readonly panel: NotebookPanel;
  readonly saver: Saver;
  readonly api: CourseApi;
  readonly bar: TopBar;
  readonly notices: Notices;
}

/** Tells the reader how kernel, saving and server fare, and what to do where something is wrong. */
export function watch(watched: Watched): void {
  const suspect = serverWatch(watched);
  watchKernel(watched, suspect);
  watchEngine(watched);
  watchSaving(watched, suspect);
}

function watchKernel({ kernel, bar, notices }: Watched, suspect: () => void): void {
  let before = kernel.state;
  let leftBusy = -Infinity;
  const follow = (): void => {
    if (before === "busy") leftBusy = performance.now();
    const wasBusy = performance.now() - leftBusy < justNow;
    const wasLost = before === "disconnected";
    before = kernel.state;
    bar.showKernel(kernel.state);
    if (kernel.state === "disconnected") suspect();
    if (kernel.state === "dead" || (kernel.state === "none" && wasLost)) {
      notices.show({
        name: "kernel",
        tone: "bad",
        text: `The kernel has ended${wasBusy ? " before its cell was done" : ""}. Your text is safe; what the cells computed is lost. Start a fresh kernel, then run the cells again from the top.`,
        remedies: [{ label: "Start a fresh kernel", act: () => void kernel.restart() }],
      });
    } else if (kernel.state !== "none") {
      notices.hide("kernel");
      notices.hide("complete");
    }
  };
  kernel.stateChanged.connect(follow);
  follow();
}

/** Asks for the engine after the first cell that may have loaded it, anew in every kernel. */
function watchEngine({ kernel, panel, bar }: Watched): void {
  let known = false;
  let asking = false;
  const forget = (): void => {
    if (kernel.state === "idle" || kernel.state === "busy" || kernel.state === "disconnected") return;
    known = false;
    bar.showEngine("");
  };
  kernel.stateChanged.connect(forget);
  const ask = async (): Promise<void> => {
    const connection = kernel.connection;
    if (connection === undefined || known || asking) return;
    asking = true;
    const engine = await engineOf(connection).catch(() => "");
    asking = false;
    known = engine !== "";
    bar.showEngine(engine);
  };
  cellExecuted.connect((_, { notebook, cell, success }) => {
    if (notebook === panel.content && success && cell.model.type === "code") void ask();
  });
}

function watchSaving({ saver, bar, notices }: Watched, suspect: () => void): void {
  saver.stateChanged.connect(() => {
    bar.showSave(saver.state, saver.reason);
    if (saver.state === "saved") {
      notices.hide("save");
    } else if (saver.state === "failed" && saver.unreachable) {
      suspect();
    } else if (saver.state === "failed") {
      notices.show({
        name: "save",
        tone: "bad",
        text: `Your changes are not saved: ${saver.reason}. They stay on this page, and saving is tried again every few seconds. Do not close the page.`,
        closable: false,
        remedies: [{ label: "Save now", act: () => void saver.save() }],
      });
    } else if (saver.state === "conflict") {
      notices.show({
        name: "save",
        tone: "warn",
        text: "This chapter was changed elsewhere, perhaps in another tab, after you opened it here.",
        closable: false,
        remedies: [
          { label: "Keep what is on this page", act: () => void saver.overwrite() },
          { label: "Load the other", act: () => void saver.close().then(() => location.reload()) },
        ],
      });
    }
  });
}

/** Returns what to call when the server may be gone: it looks, tells, and looks again until the server is back. */
function serverWatch({ saver, api, notices }: Watched): () => void {
  let looking = false;
  const look = async (): Promise<void> => {
    let wasGone = false;
    for (;;) {
      const failure = await api.alive().then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure === undefined) break;
      wasGone = true;
      notices.show({ name: "server", tone: "bad", text: gone(failure), closable: false });
      await new Promise((resolve) => setTimeout(resolve, lookAgain));
    }
    notices.hide("server");
    if (!wasGone) return;
    await saver.save();
  };
  return () => {
    if (looking) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  };
}

function gone(failure: unknown): string {
  return failure instanceof RequestError && failure.status !== 0
    ? `${failure.message} What you typed is still on this page.`
    : "The course server has stopped. What you typed is still on this page: keep it open, and start the server again with npm start in the course folder. Your changes are saved as soon as it answers.";
}
