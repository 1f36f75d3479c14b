import type { Kernel, Message } from "@deepen/kernel";
import { type LiveOutput, NotebookOutputs } from "./outputs";

/** A code cell to run. */
export interface RunnableCell {
  readonly id: string;
  readonly tags: readonly string[];
  readonly code: string;
}

/** What running one cell gave. */
export interface CellRun {
  /** From 1; null for a cell tagged "skip-execution". */
  readonly count: number | null;
  readonly outputs: readonly LiveOutput[];
}

/** An error as the kernel tells it. */
export interface KernelError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** An error that ended a notebook's run. */
export interface CellError extends KernelError {
  /** Index of the cell among those that were to run. */
  readonly cell: number;
  /** The execution counts so far, the failed cell's last; null for a skipped cell. */
  readonly counts: readonly (number | null)[];
  /** What the cell had shown. */
  readonly outputs: readonly LiveOutput[];
}

/** Told after each cell: its index, and how long it took by the clock. */
export type OnCell = (index: number, seconds: number) => void;

const cellLimitSeconds = 600;

/**
 * Runs cells in order in a fresh kernel, until one fails. A cell tagged "raises-exception" may fail; one tagged "skip-execution" does not run.
 */
export async function runCells(
  kernel: Pick<Kernel, "execute">,
  cells: readonly RunnableCell[],
  onDone: OnCell,
): Promise<{ runs: CellRun[] } | { error: CellError }> {
  const collected = new NotebookOutputs(cells.length);
  const counts: (number | null)[] = [];
  let count = 0;
  for (const [index, { code, tags }] of cells.entries()) {
    const begun = performance.now();
    if (tags.includes("skip-execution") || code.trim() === "") {
      counts.push(null);
    } else {
      count++;
      counts.push(count);
      const error = await runCell(kernel, code, (message) => {
        collected.take(index, message);
      });
      if (error !== undefined && !tags.includes("raises-exception")) {
        return { error: { cell: index, counts, ...error, outputs: collected.of(index) } };
      }
    }
    onDone(index, (performance.now() - begun) / 1000);
  }
  return {
    runs: counts.map((cellCount, index) => ({
      count: cellCount,
      outputs: collected
        .of(index)
        .map((output) =>
          output.output_type === "execute_result" ? { ...output, execution_count: cellCount } : output,
        ),
    })),
  };
}

async function runCell(
  kernel: Pick<Kernel, "execute">,
  code: string,
  onOutput: (message: Message) => void,
): Promise<KernelError | undefined> {
  let sent: KernelError | undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the cell ran longer than ${String(cellLimitSeconds)} s`));
    }, cellLimitSeconds * 1000);
  });
  const executed = kernel.execute(code, {
    stopOnError: false,
    onMessage: (message) => {
      if (message.channel !== "iopub") return;
      if (message.header.msg_type === "error") sent = message.content as unknown as KernelError;
      onOutput(message);
    },
  });
  try {
    const { status } = await Promise.race([executed, late]);
    if (status === "ok") return undefined;
    return sent ?? { ename: "Error", evalue: `the kernel answered "${status}"`, traceback: [] };
  } catch (error) {
    executed.catch(() => undefined); // A cell that is given up still ends some time.
    return { ename: "KernelError", evalue: (error as Error).message, traceback: [] };
  } finally {
    clearTimeout(timer);
  }
}
