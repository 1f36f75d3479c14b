import type { Statement } from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./typescript";

/** Names that a compiled cell declares as values: its JavaScript sets them to undefined before all else. */
export function declaredValues(javascript: string): Set<string> {
  const names = new Set<string>();
  for (const [line] of javascript.matchAll(/^(?:exports\.[^\s=]+ = )+void 0;$/gm)) {
    for (const [, name] of line.matchAll(/exports\.([^\s=]+) = /g)) names.add(name);
  }
  return names;
}

/** The text of `declarations` (a `.d.ts`) without the values named in `lost`; types alone stay. */
export function withoutValues(typescript: TypeScript, declarations: string, lost: ReadonlySet<string>): string {
  const file = typescript.createSourceFile("cell.d.ts", declarations, typescript.ScriptTarget.ES2022, true);
  return file.statements
    .map((statement) => {
      if (typescript.isVariableStatement(statement)) return variables(typescript, statement, lost);
      return valueNames(typescript, statement).some((name) => lost.has(name)) ? "" : statement.getText();
    })
    .filter((text) => text !== "")
    .map((text) => `${text}\n`)
    .join("");
}

function variables(typescript: TypeScript, statement: Statement, lost: ReadonlySet<string>): string {
  if (!typescript.isVariableStatement(statement)) return "";
  const all = statement.declarationList.declarations;
  const kept = all.filter((declaration) => !lost.has(declaration.name.getText()));
  if (kept.length === all.length) return statement.getText();
  if (kept.length === 0) return "";
  const head = statement.getText().slice(0, all[0].getStart() - statement.getStart());
  return `${head}${kept.map((declaration) => declaration.getText()).join(", ")};`;
}

function valueNames(typescript: TypeScript, statement: Statement): string[] {
  if (
    typescript.isFunctionDeclaration(statement) ||
    typescript.isClassDeclaration(statement) ||
    typescript.isEnumDeclaration(statement) ||
    typescript.isModuleDeclaration(statement)
  ) {
    return statement.name === undefined ? [] : [statement.name.text];
  }
  if (!typescript.isImportDeclaration(statement)) return [];
  const clause = statement.importClause;
  const names = clause?.name === undefined ? [] : [clause.name.text];
  const bindings = clause?.namedBindings;
  if (bindings === undefined) return names;
  if (typescript.isNamespaceImport(bindings)) return [...names, bindings.name.text];
  return [...names, ...bindings.elements.map((element) => element.name.text)];
}
