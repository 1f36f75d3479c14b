import { OutputArea, OutputAreaModel } from "@jupyterlab/outputarea";
import type { RenderMimeRegistry } from "@jupyterlab/rendermime";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import type { ChapterKernel } from "./kernel";
import type { SilentRunner } from "./renderers/card";

/** Runs the code behind a card's buttons: outside of the history, its displays drawn in the card, none of it saved. */
export function silentRunner(kernel: ChapterKernel, rendermime: RenderMimeRegistry): SilentRunner {
  return async (code, into) => {
    const connection = kernel.connection;
    if (connection === undefined) return false;
    const area = new OutputArea({ model: new OutputAreaModel({ trusted: false }), rendermime });
    const future = connection.requestExecute({ code, silent: false, store_history: false, stop_on_error: false });
    area.future = future;
    await future.done;
    into.replaceChildren(area.node);
    // The card's node is not a widget's child list: Lumino must be told by hand that the area is on the page.
    MessageLoop.sendMessage(area, Widget.Msg.AfterAttach);
    return true;
  };
}
