import { tf } from "../tf";

/**
 * Reads an equation of `einsum`, with tfjs's own checks.
 *
 * @param equation - such as `ij,jk->ik`
 * @param shapes - of the tensors, which must fit it
 * @returns the letters of each tensor's axes and of the output's
 * @throws Error for what tfjs refuses, and for a letter twice in the output
 */
export function einsumTerms(
  equation: string,
  shapes: readonly (readonly number[])[],
): { readonly terms: readonly string[]; readonly output: string } {
  const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, shapes.length);
  shapes.forEach((shape, index) => {
    if (shape.length !== idDims[index].length) {
      throw new Error(
        `einsum: expected tensor ${index} of rank ${idDims[index].length} for "${equation}", got shape [${shape}]`,
      );
    }
  });
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, shapes.map((shape) => ({ shape })) as tf.Tensor[]);
  const [inputs, output] = equation.replace(/\s/g, "").split("->");
  if (new Set(output).size !== output.length) {
    throw new Error(`einsum: expected each letter once in the output, got "${output}"`);
  }
  return { terms: inputs.split(","), output };
}
