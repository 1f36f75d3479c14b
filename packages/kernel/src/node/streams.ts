import { Console } from "node:console";
import { Writable } from "node:stream";
import type { KernelCore } from "../core/kernel";

/** Sends what code prints, by console or by process.stdout and process.stderr, to the notebook. */
export function redirectOutput(kernel: KernelCore): void {
  const stream = (name: "stdout" | "stderr"): Writable =>
    new Writable({
      decodeStrings: false,
      write: (chunk: Buffer | string, _encoding, done) => {
        kernel.write(name, typeof chunk === "string" ? chunk : chunk.toString());
        done();
      },
    });
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
  const plain = new Console({ stdout: stream("stdout"), stderr: stream("stderr"), colorMode: false });
  Object.assign(console, plain);
}
