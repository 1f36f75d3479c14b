import type { NotebookPanel } from "@jupyterlab/notebook";
import { RequestError, type CourseApi } from "./api";
import { engineOf } from "./engine";
import { cellExecuted, type ChapterKernel } from "./kernel";
import type { Notices } from "./notices";
import type { Saver } from "./save";
import type { TopBar } from "./topBar";

/** Between looks whether a server that went away is back, in milliseconds. */
const lookAgain = 3000;

/** Tells the reader how the kernel fares, and what to do when it died. */
export function watchKernel(kernel: ChapterKernel, panel: NotebookPanel, bar: TopBar, notices: Notices): void {
  let asked: string | undefined;
  let before = kernel.state;
  const follow = (): void => {
    const wasBusy = before === "busy";
    before = kernel.state;
    bar.showKernel(kernel.state);
    if (kernel.state === "dead") {
      bar.showEngine("");
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
  const askEngine = async (): Promise<void> => {
    const connection = kernel.connection;
    if (connection === undefined || asked === connection.id) return;
    asked = connection.id;
    const engine = await engineOf(connection).catch(() => "");
    if (engine === "") asked = undefined;
    bar.showEngine(engine);
  };
  cellExecuted.connect((_, { notebook, cell, success }) => {
    if (notebook === panel.content && success && cell.model.type === "code" && kernel.state !== "busy")
      void askEngine();
  });
  panel.sessionContext.statusChanged.connect((_, status) => {
    if (status === "restarting") asked = undefined;
  });
}

/** Tells the reader whether his changes are on the disk, and what to do if not. */
export function watchSaving(saver: Saver, api: CourseApi, bar: TopBar, notices: Notices): void {
  saver.stateChanged.connect(() => {
    bar.showSave(saver.state, saver.reason);
    if (saver.state === "saved") {
      notices.hide("save");
      notices.hide("server");
    } else if (saver.state === "failed") {
      if (saver.unreachable) void tellServerGone(api, saver, notices);
      else {
        notices.show({
          name: "save",
          tone: "bad",
          text: `Your changes are not saved: ${saver.reason}. They stay on this page, and saving is tried again every few seconds. Do not close the page.`,
          closable: false,
          remedies: [{ label: "Save now", act: () => void saver.save() }],
        });
      }
    } else if (saver.state === "conflict") {
      notices.show({
        name: "save",
        tone: "warn",
        text: "This chapter was changed elsewhere, perhaps in another tab, after you opened it here.",
        closable: false,
        remedies: [
          { label: "Keep what is on this page", act: () => void saver.overwrite() },
          {
            label: "Load the other",
            act: () =>
              void saver.close().then(() => {
                location.reload();
              }),
          },
        ],
      });
    }
  });
}

async function tellServerGone(api: CourseApi, saver: Saver, notices: Notices): Promise<void> {
  const reason = await api.alive().then(
    () => undefined,
    (error: unknown) => error,
  );
  if (reason === undefined) return;
  notices.show({
    name: "server",
    tone: "bad",
    text:
      reason instanceof RequestError && reason.status !== 0
        ? `${reason.message} What you typed is still on this page.`
        : "The course server has stopped. What you typed is still on this page: keep it open, and start the server again with npm start in the course folder. It is saved as soon as the server answers.",
    closable: false,
  });
  window.setTimeout(() => void saver.save(), lookAgain);
}
