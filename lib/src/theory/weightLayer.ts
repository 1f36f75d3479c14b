/** One layer of weights, fully connected or convolutional, as far as its cost goes. */
export interface WeightLayer {
  /** Positions of its output at which the weights are applied; 1 if it is fully connected. */
  readonly positions: number;
  /** Numbers that one output is computed from: input features, or taps of the kernel times input channels. */
  readonly fanIn: number;
  /** Output features or channels. */
  readonly units: number;
  readonly bias: boolean;
  /** Channels that are normalised before or after it, 0 without normalisation; each has two parameters. */
  readonly normalized: number;
}

/** What a net costs. */
export interface Cost {
  /** Numbers that training changes: weights, biases, and the two of each normalised channel. */
  readonly parameters: number;
  /**
   * Multiply-accumulates of one example's way forward, in the weight layers alone. Papers that count an addition and a
   * multiplication as two operations give twice as many; the way back costs about twice the way forward.
   */
  readonly macs: number;
  /** Numbers that one example leaves in memory for the way back: the outputs of all weight layers. 4 bytes each. */
  readonly activations: number;
}

/** The cost of layers together. */
export function costOf(layers: readonly WeightLayer[]): Cost {
  const total = { parameters: 0, macs: 0, activations: 0 };
  for (const { positions, fanIn, units, bias, normalized } of layers) {
    total.parameters += fanIn * units + (bias ? units : 0) + 2 * normalized;
    total.macs += positions * fanIn * units;
    total.activations += positions * units;
  }
  return total;
}
