import type { CodeEditor } from "@jupyterlab/codeeditor";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { Tooltip } from "@jupyterlab/tooltip";
import type { JSONObject } from "@lumino/coreutils";
import { Widget } from "@lumino/widgets";

let shown: Tooltip | undefined;

/** Shows what the kernel knows about the name at the cursor: its type and its documentation. */
export async function inspect(panel: NotebookPanel): Promise<void> {
  const kernel = panel.sessionContext.session?.kernel;
  const editor = panel.content.activeCell?.editor;
  if (kernel === null || kernel === undefined || editor === null || editor === undefined) return;
  const code = editor.model.sharedModel.getSource();
  const cursor = editor.getOffsetAt(editor.getCursorPosition());
  for (const position of [cursor, calleeBefore(code, cursor)]) {
    if (position === undefined) continue;
    const { content } = await kernel.requestInspect({ code, cursor_pos: position, detail_level: 0 });
    if (content.status === "ok" && content.found) {
      show(content.data, editor, panel);
      return;
    }
  }
}

/** Where the name ends whose call the cursor stands in ("mean(|" → just behind "mean"); undefined outside of calls. */
function calleeBefore(code: string, cursor: number): number | undefined {
  let depth = 0;
  for (let at = cursor - 1; at >= 0; at -= 1) {
    if (code[at] === ")") depth += 1;
    if (code[at] === "(") {
      if (depth === 0) return /\w\s*$/.test(code.slice(0, at)) ? code.slice(0, at).trimEnd().length : undefined;
      depth -= 1;
    }
  }
  return undefined;
}

function show(bundle: JSONObject, editor: CodeEditor.IEditor, panel: NotebookPanel): void {
  shown?.dispose();
  shown = new Tooltip({ anchor: panel.content, bundle, editor, rendermime: panel.content.rendermime });
  Widget.attach(shown, document.body);
}
