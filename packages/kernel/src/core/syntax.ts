import type { Node, SourceFile } from "@tslab/typescript-for-tslab";
import type { Problem } from "./compiler";
import type { TypeScript } from "./typescript";

const advice = {
  call: "`await (…)` at the top level of a cell is read as a call of a function named await. Write `await f()` without the parenthesis, or give the value a name first: `const promise = …; await promise`.",
  loop: "`for await` does not work at the top level of a cell. Put the loop into an async function and await its call.",
  meta: "`import.meta` does not exist in a cell: cells run as CommonJS. Packages are found by their names, files relative to the notebook's folder.",
};

/** What tslab's compiler takes without complaint and what dies, or means something else, when it runs. */
export function syntaxProblems(typescript: TypeScript, source: string): Problem[] {
  if (!/\bawait\b|\bimport\s*\.\s*meta\b/.test(source)) return [];
  const file = typescript.createSourceFile("cell.ts", source, typescript.ScriptTarget.ES2022, true);
  const problems: Problem[] = [];
  const visit = (node: Node, topLevel: boolean): void => {
    const text = problem(typescript, node, topLevel);
    if (text !== undefined) problems.push({ ...place(file, node), text });
    const inside = topLevel && !typescript.isFunctionLike(node) && !typescript.isClassStaticBlockDeclaration(node);
    typescript.forEachChild(node, (child) => {
      visit(child, inside);
    });
  };
  visit(file, true);
  return problems;
}

function problem(typescript: TypeScript, node: Node, topLevel: boolean): string | undefined {
  if (typescript.isMetaProperty(node) && node.keywordToken === typescript.SyntaxKind.ImportKeyword) return advice.meta;
  if (!topLevel) return undefined;
  if (typescript.isForOfStatement(node) && node.awaitModifier !== undefined) return advice.loop;
  if (typescript.isCallExpression(node) && typescript.isIdentifier(node.expression)) {
    return node.expression.text === "await" ? advice.call : undefined;
  }
  // In a cell with imports our parser knows better; the compiler behind tslab does not.
  const operand = typescript.isAwaitExpression(node) ? node.expression : undefined;
  const first = operand?.getSourceFile().text[operand.getStart()];
  return first === "(" ? advice.call : undefined;
}

function place(file: SourceFile, node: Node): { line: number; column: number } {
  const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return { line: line + 1, column: character + 1 };
}
