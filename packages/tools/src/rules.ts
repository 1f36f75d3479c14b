import ts from "typescript";
import { editionCells, moduleText, regionProblems } from "./edition";
import type { Problem } from "./failure";
import { shorthandProblems } from "./shorthand";
import type { ChapterSource } from "./source";

const longestCell = 40;

/**
 * What a source may not hold though it is good TypeScript: cells longer than 40 lines, broken exercise regions,
 * and the forms of top-level `await` and of shorthand properties that the kernel's compiler reads as something else.
 * @param text - the source file's content
 */
export function ruleProblems(source: ChapterSource, text: string): Problem[] {
  const { cells, file } = source;
  const long = cells
    .filter(({ kind, lines }) => kind === "code" && lines.length > longestCell)
    .map(({ id, marker, lines }) => ({
      file,
      line: marker,
      message: `the cell "${id}" has ${String(lines.length)} lines: expected at most ${String(longestCell)}`,
    }));
  const forms = (module: string): Problem[] => [
    ...awaitProblems(module, file),
    ...shorthandProblems(module, cells, file),
  ];
  const authors = forms(text);
  const learners = forms(moduleText(editionCells(cells, "learner")));
  const lines = new Set(authors.map(({ line }) => line));
  return [...long, ...regionProblems(cells, file), ...authors, ...learners.filter(({ line }) => !lines.has(line))];
}

function awaitProblems(text: string, file: string): Problem[] {
  const problems: Problem[] = [];
  const module = `${text}\nexport {};`; // Else the parser takes it for a script, where await is a name.
  const parsed = ts.createSourceFile(file, module, ts.ScriptTarget.ES2022);
  const complain = (node: ts.Node, message: string): void => {
    const { line, character } = parsed.getLineAndCharacterOfPosition(node.getStart(parsed));
    problems.push({ file, line: line + 1, column: character + 1, message });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) {
      complain(node, "a cell cannot `for await` at its top level: expected the loop inside an async function");
    }
    if (ts.isAwaitExpression(node)) {
      const operand = node.expression.getText(parsed)[0];
      if (["(", "[", "`"].includes(operand)) {
        complain(
          node,
          `a cell reads a top-level \`await ${operand}\` as a use of something named await: expected a name first, as in \`const job = …; await job\``,
        );
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return problems;
}
