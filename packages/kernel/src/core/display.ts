/** Data of an output by MIME type: JSON types as objects, others as strings. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** What else a display message says. */
export interface DisplayOptions {
  metadata?: Readonly<Record<string, unknown>>;
  /** Outputs with an id can be updated in place. */
  displayId?: string;
  /** Updates the outputs with this id rather than adding one. */
  update?: boolean;
}

/** What came of a cell: "killed" means that its `catch` and `finally` did not run. */
export type Outcome = "completed" | "failed" | "killed";

/** Called before a cell; what it returns is called after the cell. */
export type Guard = () => (outcome: Outcome) => void;

/** What the kernel offers to code in cells, at `globalThis[Symbol.for("deepen.kernel")]`. */
export interface KernelHost {
  /** Adds an output to the running cell, or updates one. */
  display(data: MimeBundle, options?: DisplayOptions): void;
  /** True once the reader asked to stop the running cell. */
  stopRequested(): boolean;
  /** Registers a guard: called before each cell, and at once for the running one. */
  guard(begin: Guard): void;
}

/** Where {@link KernelHost} stands in `globalThis`. */
export const hostSymbol = Symbol.for("deepen.kernel");

const types = {
  javascript: "text/javascript",
  html: "text/html",
  markdown: "text/markdown",
  latex: "text/latex",
  svg: "image/svg+xml",
  png: "image/png",
  jpeg: "image/jpeg",
  gif: "image/gif",
  pdf: "application/pdf",
  text: "text/plain",
} as const;

type Show = (content: string | Uint8Array) => void;

/** tslab's display: one method a MIME type, and `raw` for any other. */
export type Display = Record<keyof typeof types, Show> & { raw(type: string, content: unknown): void };

/** The module that cells get as `tslab`. */
export interface TslabModule {
  display: Display;
  newDisplay(): Display;
  versions: Readonly<Record<string, string>>;
}

/** The module `tslab` for cells, showing by `show`. */
export function tslabModule(
  show: (data: MimeBundle, options?: DisplayOptions) => void,
  id: () => string,
  versions: Readonly<Record<string, string>>,
): TslabModule {
  const create = (displayId?: string): Display => {
    let shown = false;
    const raw = (type: string, content: unknown): void => {
      const data = { [type]: content instanceof Uint8Array ? encodeBase64(content) : content };
      show(data, displayId === undefined ? {} : { displayId, update: shown });
      shown = displayId !== undefined;
    };
    const methods = Object.entries(types).map(([name, type]): [string, Show] => [
      name,
      (content) => raw(type, content),
    ]);
    return { ...(Object.fromEntries(methods) as Record<keyof typeof types, Show>), raw };
  };
  return { display: create(), newDisplay: () => create(id()), versions };
}

function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 32_768) {
    text += String.fromCharCode(...bytes.subarray(start, start + 32_768));
  }
  return btoa(text);
}
