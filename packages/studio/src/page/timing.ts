import type { NotebookPanel } from "@jupyterlab/notebook";
import type { KernelMessage, Session } from "@jupyterlab/services";

/** Writes into the margin of each cell that ran for a second or longer how long it ran, on this page only. */
export function timeCells(panel: NotebookPanel): void {
  const cells = new Map<string, string>();
  const starts = new Map<string, number>();
  const follow = (
    _: Session.ISessionConnection,
    { msg, direction }: { msg: KernelMessage.IMessage; direction: string },
  ): void => {
    if (direction === "send" && msg.header.msg_type === "execute_request") {
      if (typeof msg.metadata.cellId === "string") cells.set(msg.header.msg_id, msg.metadata.cellId);
      return;
    }
    if (msg.header.msg_type !== "status" || !("execution_state" in msg.content)) return;
    const parent = "msg_id" in msg.parent_header ? msg.parent_header.msg_id : "";
    const cell = cells.get(parent);
    if (cell === undefined) return;
    if (msg.content.execution_state === "busy") starts.set(parent, performance.now());
    const start = starts.get(parent);
    if (msg.content.execution_state !== "idle" || start === undefined) return;
    cells.delete(parent);
    starts.delete(parent);
    write(panel, cell, (performance.now() - start) / 1000);
  };
  panel.sessionContext.sessionChanged.connect((_, { newValue }) => {
    newValue?.anyMessage.connect(follow);
  });
  panel.sessionContext.session?.anyMessage.connect(follow);
}

function write(panel: NotebookPanel, id: string, seconds: number): void {
  const prompt = panel.content.widgets.find(({ model }) => model.id === id)?.inputArea?.promptNode;
  if (prompt === undefined || prompt === null || seconds < 1) return;
  prompt.dataset.duration = inWords(Math.round(seconds));
}

/** A time in whole seconds: "7 s", "2 min 5 s". */
function inWords(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
