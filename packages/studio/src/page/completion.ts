import {
  Completer,
  CompleterModel,
  CompletionHandler,
  KernelCompleterProvider,
  ProviderReconciliator,
} from "@jupyterlab/completer";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { Widget } from "@lumino/widgets";

/** Longest wait for the kernel's answer, in milliseconds. */
const timeout = 10_000;

/** Completion in code cells, asked of the kernel; call the returned function at Tab. */
export function completion(panel: NotebookPanel): () => void {
  const completer = new Completer({ editor: null, model: new CompleterModel() });
  const provider = new KernelCompleterProvider();
  const reconciliator = (): ProviderReconciliator =>
    new ProviderReconciliator({
      context: {
        widget: panel,
        editor: panel.content.activeCell?.editor ?? null,
        session: panel.sessionContext.session,
      },
      providers: [provider],
      timeout,
    });
  const handler = new CompletionHandler({ completer, reconciliator: reconciliator() });
  const follow = (): void => {
    handler.editor = panel.content.activeCell?.editor ?? null;
    handler.reconciliator = reconciliator();
  };
  panel.content.activeCellChanged.connect(follow);
  panel.sessionContext.sessionChanged.connect(follow);
  panel.sessionContext.kernelChanged.connect(follow);
  follow();
  completer.hide();
  Widget.attach(completer, document.body);
  return () => {
    handler.invoke();
  };
}
