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

/** What keys do to the list of completions. */
export interface Completion {
  /** Asks the kernel what may follow at the cursor. */
  invoke(): void;
  /** Takes the marked completion. */
  accept(): void;
}

/** Completion in code cells, asked of the kernel. */
export function completion(panel: NotebookPanel): Completion {
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
  return {
    invoke: () => {
      handler.invoke();
    },
    accept: () => {
      completer.selectActive();
    },
  };
}
