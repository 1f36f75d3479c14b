import type { Kernel } from "@jupyterlab/services";

const words: Readonly<Record<string, string>> = {
  wasm: "WebAssembly",
  cpu: "plain JavaScript, slow",
  native: "native TensorFlow",
};

/**
 * Asks only where a cell has loaded TensorFlow.js already, which leaves `_tfengine` on the global object: loading it
 * for the question would take seconds.
 */
const question = `if ((globalThis as any)._tfengine) console.log(require("@deepen/engine").describe().engine)`;

/** The engine that computes in `kernel`, in words; empty if the lesson has not loaded one. */
export async function engineOf(kernel: Kernel.IKernelConnection): Promise<string> {
  let printed = "";
  const future = kernel.requestExecute({ code: question, silent: false, store_history: false, stop_on_error: false });
  future.onIOPub = ({ header, content }) => {
    if (header.msg_type === "stream" && "text" in content) printed += String(content.text);
  };
  await future.done;
  const engine = printed.trim();
  return words[engine] ?? engine;
}
