import { gaussianMean } from "../math/gaussianMean";
import { type ActivationName, activations } from "./activation";

/** Variances of a wide random net, in the scaling of signal propagation. */
export interface Variances {
  /** σ_w²: the variance of a weight times its fanIn. */
  readonly weightVariance: number;
  /** σ_b²: the variance of a bias, default 0. */
  readonly biasVariance?: number;
}

/**
 * Second moment of an activation, E[φ(z)²] for z ~ N(0, `q`).
 */
export function activationSecondMoment(activation: ActivationName, q: number): number {
  if (activation === "relu") return q / 2; // a kink costs the quadrature much time
  const { value } = activations[activation];
  return gaussianMean((z) => square(value(z)), Math.sqrt(q));
}

/**
 * Mean of an activation, E[φ(z)] for z ~ N(0, `q`).
 */
export function activationMean(activation: ActivationName, q: number): number {
  // A kink in the value itself, not only in its slope, would cost the quadrature its precision.
  if (activation === "relu") return Math.sqrt(q / (2 * Math.PI));
  const { value } = activations[activation];
  return gaussianMean(value, Math.sqrt(q));
}

/**
 * Second moment of a slope, E[φ′(z)²] for z ~ N(0, `q`): what a layer's activation function leaves of a squared delta.
 */
export function slopeSecondMoment(activation: ActivationName, q: number): number {
  if (activation === "relu") return 0.5; // half of all z are above 0
  const { derivative } = activations[activation];
  return gaussianMean((z) => square(derivative(z)), Math.sqrt(q));
}

/**
 * Variance of the next layer's pre-activations, where this layer's have variance `q`: σ_w² E[φ(√q z)²] + σ_b².
 * @see Poole et al. 2016, arXiv:1606.05340, eq. 3
 */
export function varianceMap(activation: ActivationName, variances: Variances, q: number): number {
  return variances.weightVariance * activationSecondMoment(activation, q) + (variances.biasVariance ?? 0);
}

/**
 * The variance q* that pre-activations settle at with depth, when the first layer's is 1: the nearest fixed point of
 * {@link varianceMap} that 1 is driven to; 0 or Infinity where they die out or blow up.
 */
export function fixedPoint(activation: ActivationName, variances: Variances): number {
  const drift = (q: number): number => varianceMap(activation, variances, q) - q;
  const start = drift(1);
  if (Math.abs(start) < 1e-12) return 1;
  const factor = start > 0 ? 2 : 0.5;
  let near = 1;
  let far = factor;
  while (drift(far) > 0 === start > 0) {
    near = far;
    far *= factor;
    if (far > 1e9) return Infinity;
    if (far < 1e-9) return 0;
  }
  for (let halving = 0; halving < 100; halving++) {
    const middle = (near + far) / 2;
    if (drift(middle) > 0 === start > 0) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}

/**
 * χ₁ = σ_w² E[φ′(√q* z)²]: the factor by which squared deltas change per layer, deep inside a wide random net. Below 1
 * they vanish (order), above 1 they explode (chaos); 1 is the edge of chaos.
 * @see Schoenholz et al. 2017, arXiv:1611.01232, eq. 6
 */
export function chi1(activation: ActivationName, variances: Variances): number {
  const q = fixedPoint(activation, variances);
  // ReLU's and the line's slopes do not depend on q, so that they have a χ₁ also where q* is not finite.
  return variances.weightVariance * slopeSecondMoment(activation, Number.isFinite(q) ? q : 1);
}

function square(x: number): number {
  return x * x;
}
