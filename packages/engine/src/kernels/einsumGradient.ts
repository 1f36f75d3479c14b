import { tf } from "../tf";
import { einsumTerms } from "./einsumTerms";

/**
 * The gradient of `tf.einsum`, for every backend: tfjs has none.
 *
 * With respect to one factor it is the einsum of the output's gradient with the other factor; where the factor was summed
 * over an axis of its own, every element of that axis gets the same.
 */
export const einsumGradient: tf.GradFunc = (dy, saved, attrs) => {
  const { terms, output } = einsumTerms(
    String(attrs.equation),
    saved.map(({ shape }) => shape),
  );
  const gradient = dy as tf.Tensor;
  const derivatives = terms.map((term, index) => (): tf.Tensor => {
    const other = terms.length === 1 ? "" : terms[1 - index];
    const kept = [...term].filter((letter) => output.includes(letter) || other.includes(letter)).join("");
    const inner =
      terms.length === 1
        ? gradient.transpose([...kept].map((letter) => output.indexOf(letter)))
        : tf.einsum(`${output},${other}->${kept}`, gradient, saved[1 - index]);
    if (kept === term) return inner;
    const { shape } = saved[index];
    const spread = [...term].map((letter, axis) => (kept.includes(letter) ? shape[axis] : 1));
    return inner.reshape(spread).mul(tf.ones(shape));
  });
  return Object.fromEntries(derivatives.map((derivative, index) => [index, derivative]));
};
