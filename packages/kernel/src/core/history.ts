/** One cell that ran: `[session, execution count, code, text of its result]`. */
type Entry = readonly [session: number, line: number, input: string, output: string | null];

/** The cells of this session, for `history_request`. */
export class History {
  private readonly entries: Entry[] = [];

  /** Keeps a cell that ran. */
  add(line: number, input: string, output: string | null): void {
    this.entries.push([1, line, input, output]);
  }

  /** The `history` of a history_reply: tuples of session, line and input, or input with output where that is asked for. */
  answer(request: Record<string, unknown>): unknown[] {
    return this.select(request).map(([session, line, input, output]) => [
      session,
      line,
      request.output === true ? [input, output] : input,
    ]);
  }

  private select(request: Record<string, unknown>): Entry[] {
    const count = typeof request.n === "number" ? request.n : undefined;
    switch (request.hist_access_type) {
      case "range":
        return this.range(Number(request.session ?? 0), Number(request.start ?? 0), request.stop);
      case "search":
        return this.search(String(request.pattern ?? "*"), request.unique === true, count);
      default:
        return count === undefined ? [...this.entries] : last(this.entries, count);
    }
  }

  /** Session 0 is the current one, as negative ones count back: there is only the current one. */
  private range(session: number, start: number, stop: unknown): Entry[] {
    if (session !== 0 && session !== 1) return [];
    const end = typeof stop === "number" ? stop : Infinity;
    return this.entries.filter(([, line]) => line >= start && line < end);
  }

  private search(pattern: string, unique: boolean, count: number | undefined): Entry[] {
    const wanted = glob(pattern);
    let found = this.entries.filter(([, , input]) => wanted.test(input));
    if (unique) found = [...new Map(found.map((entry) => [entry[2], entry])).values()];
    return count === undefined ? found : last(found, count);
  }
}

function last(entries: readonly Entry[], count: number): Entry[] {
  return count <= 0 ? [] : entries.slice(-count);
}

/** A pattern with `*` and `?`, as a regular expression over the whole text. */
function glob(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*/g, "[^]*").replace(/\?/g, "[^]")}$`);
}
