import { Presets, SingleBar } from "cli-progress";

/** Shows how far a chapter's run, or a sweep, is. */
export interface Progress {
  /** Something of `count` parts begins. */
  begin(name: string, count: number): void;
  /** One more part is done, `index` before it; `seconds` are what a reader wants to know. */
  done(index: number, id: string, seconds: number): void;
  /** It has ended, well or not. */
  end(): void;
}

/**
 * A bar on a terminal; elsewhere (CI, a file) one plain line per part.
 * @param parts - what is counted
 */
export function progressOn(stream: NodeJS.WriteStream, parts = "code cells"): Progress {
  return stream.isTTY ? barOn(stream) : linesOn(stream, parts);
}

function barOn(stream: NodeJS.WriteStream): Progress {
  let bar: SingleBar | undefined;
  return {
    begin(name, count) {
      bar = new SingleBar(
        {
          format: `${name} {bar} {value}/{total} {cell}`,
          stream,
          clearOnComplete: true,
          hideCursor: false,
          gracefulExit: false, // Its own handler would swallow the first Ctrl-C.
        },
        Presets.shades_classic,
      );
      bar.start(count, 0, { cell: "starting" });
    },
    done(index, id, seconds) {
      bar?.update(index + 1, { cell: `${id} ${seconds.toFixed(1)} s` });
    },
    end() {
      bar?.stop();
      bar = undefined;
    },
  };
}

function linesOn(stream: NodeJS.WriteStream, parts: string): Progress {
  let total = 0;
  return {
    begin(name, count) {
      total = count;
      stream.write(`${name}: ${String(count)} ${parts}\n`);
    },
    done(index, id, seconds) {
      const count = `${String(index + 1).padStart(String(total).length)}/${String(total)}`;
      stream.write(`  ${count}  ${seconds.toFixed(1).padStart(5)} s  ${id}\n`);
    },
    end() {
      // Each line is complete.
    },
  };
}
