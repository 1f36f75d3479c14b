import type { Compiler } from "./compiler";
import type { History } from "./history";
import type { Message } from "./messages";

/** What answers are made of. */
export interface Knowledge {
  compiler: Compiler;
  history: History;
  info: Record<string, unknown>;
  declarations: string;
}

/** Content of the reply to any request but execute_request; undefined for messages that have no reply. */
export function answer(message: Message, known: Knowledge): Record<string, unknown> | undefined {
  const type = message.header.msg_type;
  const code = String(message.content.code ?? "");
  const position = Number(message.content.cursor_pos ?? code.length);
  switch (type) {
    case "kernel_info_request":
      return known.info;
    case "complete_request":
      return complete(known, code, position);
    case "inspect_request": {
      const text = known.compiler.inspect(known.declarations, code, position);
      const data = text === undefined ? {} : { "text/plain": text };
      return { status: "ok", found: text !== undefined, data, metadata: {} };
    }
    case "is_complete_request":
      return { ...known.compiler.isComplete(code) };
    case "history_request":
      return { status: "ok", history: known.history.answer(message.content) };
    case "comm_info_request":
      return { status: "ok", comms: {} };
    default:
      if (!type.endsWith("_request")) return undefined;
      return { status: "error", ename: "UnknownRequest", evalue: `${type} is not known to this kernel`, traceback: [] };
  }
}

function complete(known: Knowledge, code: string, position: number): Record<string, unknown> {
  const { start, end, matches } = known.compiler.complete(known.declarations, code, position);
  return {
    status: "ok",
    matches: matches.map((match) => match.text),
    cursor_start: start,
    cursor_end: end,
    metadata: { _jupyter_types_experimental: matches.map((match) => ({ ...match, start, end })) },
  };
}
