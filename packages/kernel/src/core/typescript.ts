import type * as Tslab from "@tslab/typescript-for-tslab";
import { earlierCells, withShorthands } from "./shorthand";
import { decodedMappings, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";

/** TypeScript as tslab uses it. */
export type TypeScript = typeof Tslab;

/** Where emitted JavaScript comes from: per line, ascending, `[column, source line, source column]`; source line and column count from 1. */
export type LineMap = readonly (readonly (readonly [number, number, number])[])[];

/** A TypeScript for tslab's converter that types cells by our globals only, and remembers source maps. */
export interface MappedTypeScript {
  typescript: TypeScript;
  /** Source map of an output of `transpileModule`, by its text; each can be taken once. */
  takeMap(javascript: string): LineMap | undefined;
}

const inlineMap = /\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/** tslab puts this many lines before a cell. */
const prefixLines = 1;

/**
 * Wraps TypeScript for tslab's converter, which emits twice (TypeScript to ES modules to CommonJS) and keeps no source maps:
 * the wrapper asks the first emit for a map and joins it with the second's.
 * @param typeRoots - folders whose package `node` holds the types of what every cell can use; no other `@types` are taken in
 */
export function withSourceMaps(real: TypeScript, typeRoots: string[]): MappedTypeScript {
  const maps = new Map<string, LineMap>();

  const createProgram = (...values: unknown[]): Tslab.EmitAndSemanticDiagnosticsBuilderProgram => {
    const create = real.createEmitAndSemanticDiagnosticsBuilderProgram as (
      ...values: unknown[]
    ) => Tslab.EmitAndSemanticDiagnosticsBuilderProgram;
    const builder = create(...values);
    const emit = builder.emit.bind(builder);
    builder.emit = (file, write, token, onlyDeclarations, transformers) =>
      emit(
        file,
        write,
        token,
        onlyDeclarations,
        withShorthands(real, builder.getProgram().getTypeChecker(), transformers),
      );
    return builder;
  };

  const createWatchCompilerHost = (
    rootNames: string[],
    options: Tslab.CompilerOptions,
    system: Tslab.System,
    _createProgram: unknown,
    ...rest: unknown[]
  ): unknown => {
    watchOnlySources(system);
    const create = real.createWatchCompilerHost as (...values: unknown[]) => unknown;
    return create(
      rootNames,
      { ...options, inlineSourceMap: true, types: ["node"], typeRoots },
      system,
      createProgram,
      ...rest,
    );
  };

  const transpileModule = (source: string, options: Tslab.TranspileOptions): Tslab.TranspileOutput => {
    const found = inlineMap.exec(source);
    if (found === null) return real.transpileModule(source, options);
    const result = real.transpileModule(source.slice(0, found.index), {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
    });
    const outputText = result.outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, "");
    if (result.sourceMapText !== undefined) {
      maps.set(outputText, join(decodeBase64(found[1]), result.sourceMapText));
    }
    return { ...result, outputText };
  };

  const typescript = Object.create(null) as Record<string, unknown>;
  const changed: Record<string, unknown> = { createWatchCompilerHost, transpileModule };
  for (const name of Object.keys(real)) {
    typescript[name] = name in changed ? changed[name] : (real as unknown as Record<string, unknown>)[name];
  }
  return {
    typescript: typescript as unknown as TypeScript,
    takeMap: (javascript) => {
      const map = maps.get(javascript);
      maps.delete(javascript);
      return map;
    },
  };
}

/**
 * Declarations and manifests are not watched: a package that is rebuilt meanwhile would start a second rebuild, at which tslab's
 * converter fails, and modules are loaded once a session anyway. Its own two files are not on disk.
 */
function watchOnlySources(system: Tslab.System): void {
  const watchFile = system.watchFile;
  const nothing = { close: () => undefined };
  system.watchFile = (file, ...rest) => {
    const source = /\.[jt]sx?$/.test(file) && (!file.endsWith(".d.ts") || file.endsWith(`/${earlierCells}`));
    return file.includes("/node_modules/") || !source || watchFile === undefined ? nothing : watchFile(file, ...rest);
  };
  system.watchDirectory = () => nothing;
}

function join(firstMap: string, secondMap: string): LineMap {
  const first = new TraceMap(firstMap);
  return decodedMappings(new TraceMap(secondMap)).map((line) =>
    line.flatMap((segment) => {
      if (segment.length < 4) return [];
      const [column, , sourceLine, sourceColumn] = segment as [number, number, number, number];
      const original = originalPositionFor(first, { line: sourceLine + 1, column: sourceColumn });
      return original.line === null ? [] : [[column, original.line - prefixLines, original.column + 1] as const];
    }),
  );
}

function decodeBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
}
