import { NotebookOutputs } from "../../../packages/tools/src/outputs";

const stream = (name: string, text: string) => ({ header: { msg_type: "stream" }, content: { name, text } });
const display = (text: string, id?: string, type = "display_data") => ({
  header: { msg_type: type },
  content: { data: { "text/plain": text }, metadata: {}, transient: id === undefined ? {} : { display_id: id } },
});
const clear = (wait: boolean) => ({ header: { msg_type: "clear_output" }, content: { wait } });
const shown = (text: string) => ({ output_type: "display_data", data: { "text/plain": text }, metadata: {} });

describe("NotebookOutputs", () => {
  test("merges consecutive streams of one name, not across another output", () => {
    const outputs = new NotebookOutputs(1);
    for (const message of [stream("stdout", "a\n"), stream("stdout", "b\n"), stream("stderr", "c\n")]) {
      outputs.take(0, message);
    }
    outputs.take(0, display("d"));
    outputs.take(0, stream("stderr", "e\n"));
    expect(outputs.of(0)).toEqual([
      { output_type: "stream", name: "stdout", text: "a\nb\n" },
      { output_type: "stream", name: "stderr", text: "c\n" },
      shown("d"),
      { output_type: "stream", name: "stderr", text: "e\n" },
    ]);
  });

  test("applies an update to every output of its display id, in whichever cell, and drops transient", () => {
    const outputs = new NotebookOutputs(2);
    outputs.take(0, display("first", "x"));
    outputs.take(1, display("again", "x"));
    outputs.take(1, display("other", "y"));
    outputs.take(1, display("new", "x", "update_display_data"));
    expect(outputs.of(0)).toEqual([shown("new")]);
    expect(outputs.of(1)).toEqual([shown("new"), shown("other")]);
  });

  test("ignores an update of a display that nobody made", () => {
    const outputs = new NotebookOutputs(1);
    outputs.take(0, display("new", "x", "update_display_data"));
    expect(outputs.of(0)).toEqual([]);
  });

  test("clear_output clears at once, or with wait at the next output", () => {
    const outputs = new NotebookOutputs(1);
    outputs.take(0, stream("stdout", "a"));
    outputs.take(0, clear(false));
    expect(outputs.of(0)).toEqual([]);
    outputs.take(0, stream("stdout", "b"));
    outputs.take(0, clear(true));
    expect(outputs.of(0)).toHaveLength(1);
    outputs.take(0, stream("stdout", "c"));
    expect(outputs.of(0)).toEqual([{ output_type: "stream", name: "stdout", text: "c" }]);
  });

  test("an update does not bring back what was cleared", () => {
    const outputs = new NotebookOutputs(1);
    outputs.take(0, display("a", "x"));
    outputs.take(0, clear(false));
    outputs.take(0, display("b", "x", "update_display_data"));
    expect(outputs.of(0)).toEqual([]);
  });

  test("keeps errors and results, and nothing of a status", () => {
    const outputs = new NotebookOutputs(1);
    outputs.take(0, { header: { msg_type: "status" }, content: { execution_state: "busy" } });
    outputs.take(0, {
      header: { msg_type: "execute_result" },
      content: { execution_count: 7, data: { "text/plain": "42" }, metadata: {} },
    });
    outputs.take(0, { header: { msg_type: "error" }, content: { ename: "E", evalue: "v", traceback: ["t"] } });
    expect(outputs.of(0)).toEqual([
      { output_type: "execute_result", execution_count: null, data: { "text/plain": "42" }, metadata: {} },
      { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
    ]);
  });
});
