import { Presets, SingleBar } from "cli-progress";

/** Shows how far a chapter's run is. */
export interface Progress {
  /** A chapter with `cells` code cells begins. */
  begin(slug: string, cells: number): void;
  /** The cell with index `index` has run. */
  done(index: number, id: string, seconds: number): void;
  /** The chapter has ended, well or not. */
  end(): void;
}

/** A bar on a terminal; elsewhere (CI, a file) one plain line per cell. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barOn(stream) : linesOn(stream);
}

function barOn(stream: NodeJS.WriteStream): Progress {
  let bar: SingleBar | undefined;
  return {
    begin(slug, cells) {
      bar = new SingleBar(
        {
          format: `${slug} {bar} {value}/{total} {cell}`,
          stream,
          clearOnComplete: true,
          hideCursor: false,
          gracefulExit: false, // Its own handler would swallow the first Ctrl-C.
        },
        Presets.shades_classic,
      );
      bar.start(cells, 0, { cell: "starting the kernel" });
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

function linesOn(stream: NodeJS.WriteStream): Progress {
  let total = 0;
  return {
    begin(slug, cells) {
      total = cells;
      stream.write(`${slug}: ${String(cells)} code cells\n`);
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
