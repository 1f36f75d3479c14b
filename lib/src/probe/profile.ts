/**
 * What a batch and its error signal do in each weight layer of a net: one number a layer, first to last, the output
 * included. Plain data.
 */
export interface Profile {
  /** Names of the weight layers. */
  readonly layers: readonly string[];
  /** Mean of the layer's activation over examples and units. */
  readonly activationMean: readonly number[];
  /** Standard deviation of the layer's activation over examples and units together (of these values: ddof 0). */
  readonly activationStd: readonly number[];
  /** Frobenius norm, over examples and units, of ∂loss/∂z with z the layer's pre-activation W h + b. */
  readonly deltaNorm: readonly number[];
  /** Frobenius norm of ∂loss/∂W, biases left out. */
  readonly weightGradientNorm: readonly number[];
  /** Fraction (0 to 1) of the layer's units (channels of a convolution) that are exactly 0 on every example. */
  readonly deadFraction: readonly number[];
}
