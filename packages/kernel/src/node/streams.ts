import { Console } from "node:console";
import type { KernelCore } from "../core/kernel";

/** Sends what code prints, by console or by process.stdout and process.stderr, to the notebook. */
export function redirectOutput(kernel: KernelCore): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new TextDecoder();
    const write = (chunk: Uint8Array | string, encoding?: unknown, done?: unknown): boolean => {
      kernel.write(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") process.nextTick(callback as () => void);
      return true;
    };
    process[name].write = write;
  }
  // A console of its own: colours and widths of the terminal that the server was started in have no place in a notebook.
  // Its streams are bare: a real one whose write is terminated half-way writes never again.
  const bare = (name: "stdout" | "stderr") =>
    ({ write: (text: string) => kernel.write(name, text) }) as unknown as NodeJS.WritableStream;
  const plain = new Console({
    stdout: bare("stdout"),
    stderr: bare("stderr"),
    ignoreErrors: false,
    colorMode: false,
  });
  Object.assign(console, plain);
}
