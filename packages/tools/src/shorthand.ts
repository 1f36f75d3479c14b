import ts from "typescript";
import type { Problem } from "./failure";
import type { SourceCell } from "./source";

/**
 * Shorthand properties, as in `{ width }`, of what an earlier cell declares: tslab's compiler loses sight of these names
 * (they are "not defined" when the cell runs), while `{ width: width }` is understood.
 * @param text - the chapter as one module, its lines where they stand in the source file
 */
export function shorthandProblems(text: string, cells: readonly SourceCell[], file: string): Problem[] {
  const module = ts.createSourceFile("chapter.ts", text, ts.ScriptTarget.ES2022, true);
  const checker = checkerOf(module);
  const cellAt = (node: ts.Node): SourceCell | undefined => {
    const line = module.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    return cells.filter(({ marker }) => marker <= line).at(-1);
  };
  const problems: Problem[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) {
      const [declaration] = checker.getShorthandAssignmentValueSymbol(node)?.declarations ?? [];
      if (declaration !== undefined && cellAt(declaration) !== cellAt(node)) {
        const { line, character } = module.getLineAndCharacterOfPosition(node.getStart());
        const name = node.name.text;
        problems.push({
          file,
          line: line + 1,
          column: character + 1,
          message: `a cell does not find "${name}" of an earlier cell in the shorthand { ${name} }: expected { ${name}: ${name} }`,
        });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(module);
  return problems;
}

/** A checker that knows nothing but the names of one module. */
function checkerOf(module: ts.SourceFile): ts.TypeChecker {
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === module.fileName ? module : undefined),
    getDefaultLibFileName: () => "",
    getCurrentDirectory: () => "",
    getCanonicalFileName: (name) => name,
    getNewLine: () => "\n",
    useCaseSensitiveFileNames: () => true,
    fileExists: (name) => name === module.fileName,
    readFile: () => undefined,
    writeFile: () => undefined,
  };
  return ts.createProgram([module.fileName], { noLib: true, noResolve: true, types: [] }, host).getTypeChecker();
}
