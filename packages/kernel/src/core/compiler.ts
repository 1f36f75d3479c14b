import type { CompletionInfo, Converter, ConvertResult, Diagnostic, SideOutput } from "tslab/dist/converter";
import type { CodeMetadata } from "tslab/dist/metadata";
import type { QuickInfo } from "@tslab/typescript-for-tslab";
import { fromCodePoints, toCodePoints } from "./cursor";
import { withoutValues } from "./declarations";
import { syntaxProblems } from "./syntax";
import type { LineMap, MappedTypeScript, TypeScript } from "./typescript";

/** The parts of tslab 1.0.22 that the kernel is built on. */
export interface Tslab {
  createConverter(): Converter;
  getCodeMetadata(source: string): CodeMetadata;
  isCompleteCode(source: string): { completed: boolean; indent?: string };
  printQuickInfo(info: QuickInfo): string;
}

/** Something wrong in a cell; line and column count from 1. */
export interface Problem {
  /** Set where the problem is in another file than the cell. */
  file?: string;
  line: number;
  column: number;
  text: string;
}

/** A module that a cell brought in besides itself: a `@module` cell or a local file, compiled. */
export interface SideModule {
  path: string;
  javascript: string;
  map: LineMap;
}

/** A cell, compiled: what to run, and what the next cell must know. */
export interface Compiled {
  problems: Problem[];
  javascript: string;
  map: LineMap;
  /** Declarations of this and earlier cells, as the text of a `.d.ts`. */
  declarations: string;
  awaits: boolean;
  /** The export that holds the value of the last expression. */
  last: string | undefined;
  modules: SideModule[];
}

/** Completions; start and end are positions in code points, as Jupyter counts them. */
export interface Completions {
  start: number;
  end: number;
  matches: { text: string; type: string }[];
}

/** tslab's converter over a map-keeping TypeScript: a pure function of declarations and source, made anew if a kill broke it. */
export class Compiler {
  private converter: Converter | undefined;

  /** @param advise - what to do about a module that was not found; empty if nothing is known */
  constructor(
    private readonly tslab: Tslab,
    private readonly mapped: MappedTypeScript,
    private readonly advise: (module: string) => string,
  ) {}

  /** Compiles `source` as the cell after the cells that made `declarations`. */
  compile(declarations: string, source: string): Compiled {
    const early = syntaxProblems(this.typescript, source);
    if (early.length > 0) return failed(early);
    const result = this.steady((converter) => converter.convert(declarations, source));
    if (result.diagnostics.length > 0) return failed(result.diagnostics.map((each) => this.problem(each)));
    return {
      problems: [],
      javascript: result.output ?? "",
      map: this.mapped.takeMap(result.output ?? "") ?? [],
      declarations: result.declOutput ?? "",
      awaits: result.hasToplevelAwait === true,
      last: result.lastExpressionVar,
      modules: this.modules(result),
    };
  }

  /**
   * What the next cell must know after a cell that ended before its end: earlier declarations, and those of the cell but for
   * the values named in `lost`. Undefined if the two do not fit together.
   */
  declarationsWithout(lost: ReadonlySet<string>, cell: Compiled, earlier: string): string | undefined {
    const kept = withoutValues(this.typescript, cell.declarations, lost);
    const merged = this.steady((converter) => converter.convert(earlier, kept));
    return merged.diagnostics.length > 0 ? undefined : merged.declOutput;
  }

  /** Name of the module that a cell defines by `@module name`, or undefined. */
  moduleName(source: string): string | undefined {
    return this.tslab.getCodeMetadata(source).module;
  }

  /** Defines the module of a `@module` cell, and tells its problems; it is compiled where a cell imports it. */
  addModule(source: string): Problem[] {
    const metadata = this.tslab.getCodeMetadata(source);
    if (metadata.module === undefined) throw new Error("source: expected a cell with a @module tag");
    return this.current()
      .addModule(metadata.module, source, metadata)
      .map((each) => this.problem(each));
  }

  /** Completions at `position` (code points). */
  complete(declarations: string, source: string, position: number): Completions {
    const found = this.current().complete(declarations, source, fromCodePoints(source, position));
    const kinds = new Map(
      (found.original as CompletionInfo["original"])?.entries.map((each) => [each.name, each.kind]),
    );
    return {
      start: toCodePoints(source, found.start),
      end: toCodePoints(source, found.end),
      matches: found.candidates.map((text) => ({ text, type: kinds.get(text) ?? "" })),
    };
  }

  /** What is known about the name at `position` (code points), or about the function whose arguments are there. */
  inspect(declarations: string, source: string, position: number): string | undefined {
    const at = fromCodePoints(source, position);
    for (const place of [at, at - 1, calleeEnd(source, at)]) {
      if (place === undefined || place < 0) continue;
      const info = this.current().inspect(declarations, source, place) as QuickInfo | undefined;
      if (info !== undefined) return this.tslab.printQuickInfo(info);
    }
    return undefined;
  }

  /** Whether `source` can be run as it is, with the indent of the next line where it can not yet. */
  isComplete(source: string): { status: "complete" | "incomplete" | "invalid"; indent?: string } {
    const { completed, indent } = this.tslab.isCompleteCode(source);
    if (!completed) return { status: "incomplete", indent: indent ?? "" };
    const { diagnostics } = this.typescript.transpileModule(source, { reportDiagnostics: true });
    const wrong = (diagnostics ?? []).length > 0 || syntaxProblems(this.typescript, source).length > 0;
    return { status: wrong ? "invalid" : "complete" };
  }

  /** Version of TypeScript. */
  get version(): string {
    return this.typescript.version;
  }

  /** Forgets the converter: the next request makes a new one. */
  reset(): void {
    this.converter = undefined;
  }

  private get typescript(): TypeScript {
    return this.mapped.typescript;
  }

  /** Compiling is a pure function of its input: a converter that fails was broken before, and a new one is asked. */
  private steady<T>(work: (converter: Converter) => T): T {
    try {
      return work(this.current());
    } catch {
      this.reset();
      return work(this.current());
    }
  }

  private current(): Converter {
    return (this.converter ??= this.tslab.createConverter());
  }

  private modules(result: ConvertResult): SideModule[] {
    return (result.sideOutputs ?? []).map((side: SideOutput) => ({
      path: side.path,
      javascript: side.data,
      map: this.mapped.takeMap(side.data) ?? [],
    }));
  }

  private problem(diagnostic: Diagnostic): Problem {
    const missing = /^Cannot find module '([^'.][^']*)'/.exec(diagnostic.messageText)?.[1];
    const advice = missing === undefined ? "" : this.advise(missing);
    return {
      file: diagnostic.fileName,
      line: diagnostic.start.line + 1,
      column: diagnostic.start.character + 1,
      text: diagnostic.messageText + (advice === "" ? "" : ` ${advice}`),
    };
  }
}

function failed(problems: Problem[]): Compiled {
  return { problems, javascript: "", map: [], declarations: "", awaits: false, last: undefined, modules: [] };
}

/** End of the name before the innermost open parenthesis left of `position`. */
function calleeEnd(source: string, position: number): number | undefined {
  let depth = 0;
  for (let at = position - 1; at >= 0; at--) {
    if (source[at] === ")") depth++;
    else if (source[at] === "(" && depth-- === 0) {
      const name = /[\w$]\s*$/.exec(source.slice(0, at));
      return name === null ? undefined : name.index;
    }
  }
  return undefined;
}
