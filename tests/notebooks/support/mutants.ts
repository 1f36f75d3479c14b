import ts from "typescript";

/** A changed copy of a solution. */
export interface Mutant {
  /** What was changed, e.g. "line 2: `l + 1` became `l - 1`". */
  readonly change: string;
  readonly code: string;
}

/** Where one expression stands and what may stand there instead. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const arithmetic = ["+", "-", "*", "/", "%"];
const assignments = ["=", "+=", "-=", "*=", "/="];
const comparisons = ["<", "<=", ">", ">="];
const swaps: Readonly<Record<string, readonly string[]>> = {
  "===": ["!=="],
  "!==": ["==="],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
};
const functionsOfOne = ["sqrt", "cbrt", "abs", "exp", "log", "log10", "log2", "sin", "tanh", "floor", "ceil", "round"];
const methodPairs: Readonly<Record<string, string>> = {
  unshift: "push",
  push: "unshift",
  reduce: "reduceRight",
  reduceRight: "reduce",
  min: "max",
  max: "min",
  shift: "pop",
  pop: "shift",
};

/**
 * Every copy of a function in which one thing is changed: an operator, a constant, a comparison, an index, a name, a
 * mathematical function, the order or the presence of a statement.
 * @param code - a function declaration or expression in TypeScript
 */
export function mutants(code: string): Mutant[] {
  const file = ts.createSourceFile("solution.ts", code, ts.ScriptTarget.ES2022, true);
  const names = localNames(file);
  const found: Replacement[] = [];
  const visit = (node: ts.Node): void => {
    found.push(...replacements(node, names));
    ts.forEachChild(node, visit);
  };
  visit(file);
  const seen = new Set([code]);
  const all: Mutant[] = [];
  for (const { start, end, text } of found) {
    const changed = code.slice(0, start) + text + code.slice(end);
    if (seen.has(changed)) continue;
    seen.add(changed);
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    all.push({ change: `line ${String(line)}: \`${code.slice(start, end)}\` became \`${text}\``, code: changed });
  }
  return all;
}

function replacements(node: ts.Node, names: ReadonlyMap<string, ts.Node>): Replacement[] {
  const at = (target: ts.Node, texts: readonly string[]): Replacement[] =>
    texts.map((text) => ({ start: target.getStart(), end: target.getEnd(), text }));
  const text = node.getText();

  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText();
    const group = [arithmetic, assignments, comparisons].find((list) => list.includes(operator));
    const others = group?.filter((other) => other !== operator) ?? swaps[operator] ?? [];
    const sides = arithmetic.includes(operator) ? [node.left.getText(), node.right.getText()] : [];
    return [...at(node.operatorToken, others), ...at(node, sides)];
  }
  if (ts.isNumericLiteral(node)) {
    const value = Number(text);
    const others = [value + 1, value - 1, 0, 1, 2 * value, value / 2, -value, 10 * value, value * 1.01];
    return at(
      node,
      [...new Set(others.filter((other) => other !== value))].map((other) => `(${String(other)})`),
    );
  }
  if (ts.isPrefixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.PlusPlusToken) return at(node, [text.replace("++", "--")]);
    if (node.operator === ts.SyntaxKind.MinusMinusToken) return at(node, [text.replace("--", "++")]);
    return at(node, [node.operand.getText()]);
  }
  if (ts.isPostfixUnaryExpression(node)) {
    return at(node, [text.includes("++") ? text.replace("++", "--") : text.replace("--", "++")]);
  }
  if (ts.isElementAccessExpression(node)) {
    const index = node.argumentExpression;
    return at(index, [`${index.getText()} + 1`, `${index.getText()} - 1`]);
  }
  if (ts.isCallExpression(node)) return ofCall(node, at);
  if (ts.isPropertyAccessExpression(node) && node.name.text === "length")
    return at(node, [`(${text} - 1)`, `(${text} + 1)`]);
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [node.whenTrue.getText(), node.whenFalse.getText()];
    return at(node, [yes, no, `${node.condition.getText()} ? ${no} : ${yes}`]);
  }
  if (ts.isIfStatement(node)) {
    const { expression } = node;
    return at(expression, [`!(${expression.getText()})`, "true", "false"]);
  }
  if (ts.isReturnStatement(node) && node.expression !== undefined) {
    const value = node.expression.getText();
    return at(node.expression, [`-(${value})`, `1 / (${value})`, "undefined"]);
  }
  if (ts.isExpressionStatement(node)) return at(node, [";"]);
  if (ts.isIdentifier(node) && isRead(node) && names.has(text)) {
    return at(
      node,
      [...names.keys()].filter((other) => other !== text && visible(names.get(other)!, node)),
    );
  }
  return [];
}

function ofCall(
  node: ts.CallExpression,
  at: (target: ts.Node, texts: readonly string[]) => Replacement[],
): Replacement[] {
  const found: Replacement[] = [];
  const { expression } = node;
  if (ts.isPropertyAccessExpression(expression)) {
    const [owner, name] = [expression.expression.getText(), expression.name.text];
    if (owner === "Math" && functionsOfOne.includes(name)) {
      found.push(
        ...at(
          expression.name,
          functionsOfOne.filter((other) => other !== name),
        ),
      );
    }
    if (Object.hasOwn(methodPairs, name)) found.push(...at(expression.name, [methodPairs[name]]));
  }
  if (node.arguments.length === 1) found.push(...at(node, [node.arguments[0].getText()]));
  if (node.arguments.length === 2) {
    const [first, second] = node.arguments;
    found.push({ start: first.getStart(), end: second.getEnd(), text: `${second.getText()}, ${first.getText()}` });
  }
  return found;
}

/** Names of parameters and local variables, with the declaration of each. */
function localNames(file: ts.SourceFile): Map<string, ts.Node> {
  const names = new Map<string, ts.Node>();
  const visit = (node: ts.Node): void => {
    if ((ts.isParameter(node) || ts.isVariableDeclaration(node)) && ts.isIdentifier(node.name)) {
      names.set(node.name.text, node);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

function isRead(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isParameter(parent) || ts.isVariableDeclaration(parent)) return parent.initializer === node;
  return !ts.isFunctionDeclaration(parent) && !ts.isTypeNode(parent);
}

/** True if `declaration` stands before `use` and in a block around it: the mutant then compiles. */
function visible(declaration: ts.Node, use: ts.Node): boolean {
  if (declaration.getEnd() > use.getStart()) return false;
  let scope: ts.Node = declaration;
  while (!ts.isBlock(scope) && !ts.isFunctionLike(scope) && !ts.isSourceFile(scope) && !ts.isForStatement(scope)) {
    scope = scope.parent;
  }
  return scope.getStart() <= use.getStart() && use.getEnd() <= scope.getEnd();
}
