import type { ExecuteReply, Kernel, Message } from "@deepen/kernel";
import { runCells } from "../../../packages/tools/src/execute";

interface Answer {
  status: ExecuteReply["status"];
  messages?: [type: string, content: Record<string, unknown>][];
}

/** A kernel that answers each code with what `answers` holds for it. */
function scriptedKernel(answers: Record<string, Answer | Error>): { kernel: Pick<Kernel, "execute">; ran: string[] } {
  const ran: string[] = [];
  const kernel: Pick<Kernel, "execute"> = {
    execute(code, options) {
      ran.push(code);
      const answer = answers[code] ?? { status: "ok" };
      if (answer instanceof Error) return Promise.reject(answer);
      for (const [type, content] of answer.messages ?? []) {
        const message = { channel: "iopub", header: { msg_type: type }, content } as unknown as Message;
        options?.onMessage?.(message);
      }
      return Promise.resolve({ status: answer.status, execution_count: 0 });
    },
  };
  return { kernel, ran };
}

const cell = (code: string, ...tags: string[]) => ({ id: code, code, tags });
const nothing = (): void => undefined;

describe("runCells", () => {
  test("runs cells in order, counts from 1, tells of each, and gives results their count", async () => {
    const { kernel, ran } = scriptedKernel({
      b: {
        status: "ok",
        messages: [["execute_result", { data: { "text/plain": "2" }, metadata: {}, execution_count: 99 }]],
      },
    });
    const told: number[] = [];
    const ended = await runCells(kernel, [cell("a"), cell("b")], (index) => told.push(index));
    expect(ran).toEqual(["a", "b"]);
    expect(told).toEqual([0, 1]);
    expect(ended).toEqual({
      runs: [
        { count: 1, outputs: [] },
        {
          count: 2,
          outputs: [{ output_type: "execute_result", data: { "text/plain": "2" }, metadata: {}, execution_count: 2 }],
        },
      ],
    });
  });

  test("stops at the cell that fails and tells its error and what it had shown", async () => {
    const error = { ename: "RangeError", evalue: "no", traceback: ["RangeError: no"] };
    const { kernel, ran } = scriptedKernel({
      b: {
        status: "error",
        messages: [
          ["stream", { name: "stdout", text: "hm\n" }],
          ["error", error],
        ],
      },
    });
    const ended = await runCells(kernel, [cell("a"), cell("b"), cell("c")], nothing);
    expect(ran).toEqual(["a", "b"]);
    expect(ended).toMatchObject({
      error: {
        cell: 1,
        counts: [1, 2],
        ...error,
        outputs: [{ name: "stdout", text: "hm\n" }, { output_type: "error" }],
      },
    });
  });

  test("goes on after a cell that may raise, and does not run one to be skipped", async () => {
    const { kernel, ran } = scriptedKernel({
      a: { status: "error", messages: [["error", { ename: "E", evalue: "v", traceback: [] }]] },
    });
    const ended = await runCells(
      kernel,
      [cell("a", "raises-exception"), cell("b", "skip-execution"), cell("c")],
      nothing,
    );
    expect(ran).toEqual(["a", "c"]);
    expect(ended).toMatchObject({ runs: [{ count: 1, outputs: [{ ename: "E" }] }, { count: null }, { count: 2 }] });
  });

  test("takes the kernel's end for the cell's failure", async () => {
    const { kernel } = scriptedKernel({ a: new Error("the kernel ended (killed by SIGKILL).") });
    const ended = await runCells(kernel, [cell("a")], nothing);
    expect(ended).toMatchObject({ error: { ename: "KernelError", evalue: "the kernel ended (killed by SIGKILL)." } });
  });
});
