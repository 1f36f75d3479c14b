import type {
  CustomTransformers,
  Node,
  ShorthandPropertyAssignment,
  SourceFile,
  TransformerFactory,
  TypeChecker,
} from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./typescript";

/** The file in which tslab keeps the declarations of earlier cells. */
export const earlierCells = "__prev__.d.ts";

/**
 * tslab turns `w` of an earlier cell into `exports.w` everywhere but in `{ w }`: this step writes `{ w: exports.w }` for it,
 * also where an object is taken apart.
 */
export function withShorthands(
  typescript: TypeScript,
  checker: TypeChecker,
  transformers: CustomTransformers = {},
): CustomTransformers {
  const { factory } = typescript;
  const expand = (node: ShorthandPropertyAssignment): Node => {
    const value = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), node.name.text);
    const standard = node.objectAssignmentInitializer;
    return factory.createPropertyAssignment(
      node.name.text,
      standard === undefined ? value : factory.createAssignment(value, standard),
    );
  };
  const isEarlier = (node: ShorthandPropertyAssignment): boolean =>
    (checker.getShorthandAssignmentValueSymbol(node)?.declarations ?? []).some((declaration) =>
      declaration.getSourceFile().fileName.endsWith(`/${earlierCells}`),
    );
  const step: TransformerFactory<SourceFile> = (context) => (file) => {
    const visit = (node: Node): Node => {
      const inner = typescript.visitEachChild(node, visit, context);
      const found = typescript.isShorthandPropertyAssignment(node) && isEarlier(node);
      return found && typescript.isShorthandPropertyAssignment(inner) ? expand(inner) : inner;
    };
    return typescript.visitEachChild(file, visit, context);
  };
  return { ...transformers, before: [...(transformers.before ?? []), step] };
}
