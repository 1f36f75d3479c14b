import path from "node:path";
import ts from "typescript";
import { Failure, type Problem } from "./failure";

/** A module to check: as on disk, or one that exists in memory only. */
export interface CheckedModule {
  /** Absolute; its folder decides what packages it sees. */
  readonly path: string;
  readonly text: string;
  /** The name that problems carry. */
  readonly shown: string;
}

/**
 * Type-checks chapters with the options that editors and ESLint use for them: `notebooks/src/tsconfig.json`
 * (strict, top-level await, the cells' small set of globals).
 * @param configuration - path of that tsconfig.json
 * @returns every error, syntax included, at its line and column
 * @throws Failure if the configuration itself cannot be read
 */
export function typeProblems(modules: readonly CheckedModule[], configuration: string): Problem[] {
  const options = compilerOptions(configuration);
  const byPath = new Map(modules.map((module) => [portable(module.path), module]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => byPath.has(portable(file)) || fileExists(file);
  host.readFile = (file) => byPath.get(portable(file))?.text ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const module = byPath.get(portable(file));
    return module === undefined
      ? getSourceFile(file, version, ...rest)
      : ts.createSourceFile(file, module.text, version, true);
  };
  const program = ts.createProgram([...byPath.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ category }) => category === ts.DiagnosticCategory.Error)
    .map((diagnostic) => {
      const message = `${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n    ")} (TS${String(diagnostic.code)})`;
      const { file, start } = diagnostic;
      if (file === undefined || start === undefined) throw new Failure(`${configuration}: ${message}`);
      const { line, character } = file.getLineAndCharacterOfPosition(start);
      const shown = byPath.get(portable(file.fileName))?.shown ?? portable(file.fileName);
      return { file: shown, line: line + 1, column: character + 1, message };
    });
}

function compilerOptions(configuration: string): ts.CompilerOptions {
  const complaints: string[] = [];
  const complain = (diagnostic: ts.Diagnostic): void => {
    complaints.push(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n    "));
  };
  const parsed = ts.getParsedCommandLineOfConfigFile(
    configuration,
    { noEmit: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: complain },
  );
  const noInputs = 18003; // A course's tsconfig.json is good before its first chapter is written, too.
  parsed?.errors.filter(({ code }) => code !== noInputs).forEach(complain);
  if (parsed === undefined || complaints.length > 0) {
    throw new Failure(`${configuration} cannot be used to check the chapters: ${complaints.join("\n")}`);
  }
  return parsed.options;
}

function portable(file: string): string {
  return path.resolve(file).split(path.sep).join("/");
}
