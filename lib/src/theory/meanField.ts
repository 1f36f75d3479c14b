import { type ActivationName } from "./activation";
import { activationMean, activationSecondMoment, slopeSecondMoment } from "./signalPropagation";

/** A fully connected net at its start, and what goes in at both ends. */
export interface RandomNet {
  /** Weight layers L, output included. */
  readonly depth: number;
  /** Hidden units H. */
  readonly width: number;
  /** Input features D, default 784. */
  readonly inputs?: number;
  /** Outputs K, default 10. */
  readonly classes?: number;
  /** Function φ of every hidden unit. */
  readonly activation: ActivationName;
  /** Variance of one weight of a layer, e.g. `(fanIn, fanOut) => nn.weightVariance("glorotUniform", fanIn, fanOut)`. */
  readonly weightVariance: (fanIn: number, fanOut: number) => number;
  /** Variance of a bias, default 0. */
  readonly biasVariance?: number;
  /** Mean square of the inputs, default 1 (standardised). */
  readonly inputSecondMoment?: number;
  /** Norm of the output layer's delta, from which the others follow; default 1. */
  readonly outputDeltaNorm?: number;
}

/** What theory expects of each weight layer, first to last, output included; for `probe.Profile` to be laid over. */
export interface Prediction {
  /** Variance q of the pre-activations z. */
  readonly preactivationVariance: readonly number[];
  /** Mean of the activations. */
  readonly activationMean: readonly number[];
  /** Standard deviation of the activations, over units and examples together. */
  readonly activationStd: readonly number[];
  /** Frobenius norm of ∂loss/∂z. */
  readonly deltaNorm: readonly number[];
}

/**
 * Activations and deltas of a random net in the limit of many units, layer by layer.
 *
 * Forwards q_l = Var(w_l) fanIn_l E[h²_{l−1}] + σ_b², h = φ(z), z ~ N(0, q). Backwards
 * ‖δ_l‖² = Var(w_{l+1}) fanIn_{l+1} E[φ′(√q_l z)²] ‖δ_{l+1}‖², with weights on the way back taken as if drawn anew.
 * The weight gradient ∂loss/∂W = Σ h δ over the batch has no such recursion: it depends on how alike the examples are.
 * @see Poole et al. 2016, arXiv:1606.05340; Schoenholz et al. 2017, arXiv:1611.01232
 * @throws RangeError if `depth` is no positive integer
 */
export function meanField(net: RandomNet): Prediction {
  const { depth, width, inputs = 784, classes = 10, activation, biasVariance = 0, inputSecondMoment = 1 } = net;
  if (!Number.isInteger(depth) || depth < 1) throw new RangeError(`depth: expected a positive integer, got ${depth}`);
  const sizes = [inputs, ...Array.from({ length: depth - 1 }, () => width), classes];
  const scaled = (layer: number): number => net.weightVariance(sizes[layer], sizes[layer + 1]) * sizes[layer];

  const preactivationVariance: number[] = [];
  let incoming = inputSecondMoment;
  for (let layer = 0; layer < depth; layer++) {
    const q = scaled(layer) * incoming + biasVariance;
    preactivationVariance.push(q);
    incoming = activationSecondMoment(activation, q);
  }
  const deltaNorm = [net.outputDeltaNorm ?? 1];
  for (let layer = depth - 2; layer >= 0; layer--) {
    const factor = scaled(layer + 1) * slopeSecondMoment(activation, preactivationVariance[layer]);
    deltaNorm.unshift(Math.sqrt(factor) * deltaNorm[0]);
  }
  const kind = (layer: number): ActivationName => (layer === depth - 1 ? "linear" : activation);
  const means = preactivationVariance.map((q, layer) => activationMean(kind(layer), q));
  return {
    preactivationVariance,
    activationMean: means,
    activationStd: preactivationVariance.map((q, layer) =>
      Math.sqrt(activationSecondMoment(kind(layer), q) - means[layer] * means[layer]),
    ),
    deltaNorm,
  };
}
