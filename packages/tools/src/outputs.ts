import type { IMimeBundle, IOutput, OutputMetadata } from "@jupyterlab/nbformat";

/** What a kernel's message says, as far as outputs need it. */
export interface OutputMessage {
  readonly header: { readonly msg_type: string };
  readonly content: Readonly<Record<string, unknown>>;
}

/** An output while its notebook runs; text is one string. */
export type LiveOutput = IOutput & Record<string, unknown>;

/**
 * The outputs of a notebook that runs, collected from the kernel's messages as nbformat keeps them: consecutive streams of
 * one name merged, updates applied to every output of their display id, `clear_output` obeyed, `transient` dropped.
 */
export class NotebookOutputs {
  readonly #cells: LiveOutput[][];
  readonly #displays = new Map<string, LiveOutput[]>();
  readonly #clearLater = new Set<number>();

  /** @param cells - how many cells the notebook has */
  constructor(cells: number) {
    this.#cells = Array.from({ length: cells }, () => []);
  }

  /** The outputs of the cell with index `cell`. */
  of(cell: number): readonly LiveOutput[] {
    return this.#cells[cell];
  }

  /** Takes in one iopub message of the cell with index `cell`; messages that are no output change nothing. */
  take(cell: number, { header, content }: OutputMessage): void {
    switch (header.msg_type) {
      case "stream":
        this.#stream(cell, content.name as string, content.text as string);
        break;
      case "display_data":
        this.#add(cell, { output_type: "display_data", ...bundle(content) }, displayId(content));
        break;
      case "execute_result":
        this.#add(
          cell,
          { output_type: "execute_result", execution_count: null, ...bundle(content) },
          displayId(content),
        );
        break;
      case "error":
        this.#add(cell, {
          output_type: "error",
          ename: content.ename as string,
          evalue: content.evalue as string,
          traceback: content.traceback as string[],
        });
        break;
      case "update_display_data":
        for (const output of this.#displays.get(displayId(content) ?? "") ?? []) Object.assign(output, bundle(content));
        break;
      case "clear_output":
        if (content.wait === true) this.#clearLater.add(cell);
        else this.#clear(cell);
        break;
    }
  }

  #stream(cell: number, name: string, text: string): void {
    const last = this.#clearLater.has(cell) ? undefined : this.#cells[cell].at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text = `${last.text as string}${text}`;
    else this.#add(cell, { output_type: "stream", name, text });
  }

  #add(cell: number, output: LiveOutput, display?: string): void {
    if (this.#clearLater.delete(cell)) this.#clear(cell);
    this.#cells[cell].push(output);
    if (display !== undefined) this.#displays.set(display, [...(this.#displays.get(display) ?? []), output]);
  }

  #clear(cell: number): void {
    const gone = new Set(this.#cells[cell].splice(0));
    for (const [id, outputs] of this.#displays) {
      this.#displays.set(
        id,
        outputs.filter((output) => !gone.has(output)),
      );
    }
  }
}

function bundle(content: OutputMessage["content"]): { data: IMimeBundle; metadata: OutputMetadata } {
  return {
    data: { ...(content.data as IMimeBundle) },
    metadata: { ...(content.metadata as OutputMetadata | undefined) },
  };
}

function displayId(content: OutputMessage["content"]): string | undefined {
  return (content.transient as { display_id?: string } | undefined)?.display_id;
}
