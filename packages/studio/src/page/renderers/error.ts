import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { element } from "../dom";

const mimeType = "application/vnd.jupyter.error";

/** A cell's error: what went wrong first, where after it. */
class CellError extends Widget implements IRenderMime.IRenderer {
  constructor() {
    super();
    this.addClass("deepen-error");
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const { ename, evalue, traceback } = model.data[mimeType] as Partial<{
      ename: string;
      evalue: string;
      traceback: string[];
    }>;
    const name = ename ?? "Error";
    const message = plain(evalue ?? "");
    this.toggleClass("deepen-interrupted", name === "Interrupted" || name === "KeyboardInterrupt");
    const frames = withoutHeadline(plain((traceback ?? []).join("\n")), name, message);
    this.node.replaceChildren(
      element("p", {
        class: "deepen-error-message",
        children: [element("strong", { text: name }), message === "" ? "" : `: ${message}`],
      }),
      ...(frames === "" ? [] : [element("pre", { text: frames })]),
    );
    return Promise.resolve();
  }
}

export const errorFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: [mimeType],
  defaultRank: 10,
  createRenderer: () => new CellError(),
};

/** Text without terminal colours. */
function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- terminal colours are control characters
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}

/** A traceback without the line at its head that only repeats the message. */
function withoutHeadline(trace: string, name: string, message: string): string {
  const start = trace.trimStart();
  const headline = [`${name}: ${message}`, message, name].find((each) => each !== "" && start.startsWith(each));
  const rest = headline === undefined ? start : start.slice(headline.length);
  // A compiler's message comes again with its cell in front: "cell 3:1:33 - …" after "1:33 - …".
  const [first, ...others] = rest.split("\n");
  const repeated = message !== "" && first !== undefined && /^cell \d+:/.test(first) && first.endsWith(message);
  return (repeated ? others.join("\n") : rest).replace(/^\s*\n/, "").trimEnd();
}
