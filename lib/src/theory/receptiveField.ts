import { requireSizes } from "../math/sizes";

/** Convolutions one after another; options of `nn.convNet` fit. */
export interface ConvolutionStack {
  /** Weight layers L, output included: L − 1 convolutions. */
  readonly depth: number;
  /** Taps k of every kernel along one axis, default 3. */
  readonly kernelSize?: number;
  /** Strides s of the convolutions, from the first on; those that are not named have 1. */
  readonly strides?: readonly number[];
}

/**
 * How many input positions one output position of each convolution sees along an axis: r₀ = 1,
 * r_l = r_{l−1} + (k − 1) s₁ s₂ … s_{l−1}.
 *
 * Skip connections add shorter paths and change nothing. Where r exceeds the input, the rest is padding.
 * @returns r of the first convolution to the last, `[L − 1]`
 * @see Araujo, Norris & Sim 2019, Computing receptive fields of convolutional neural networks, doi:10.23915/distill.00021
 * @throws RangeError if a size is no positive integer
 */
export function receptiveField({ depth, kernelSize = 3, strides = [] }: ConvolutionStack): number[] {
  requireSizes({ depth, kernelSize });
  requireSizes(Object.fromEntries(strides.map((stride, index) => [`strides[${index}]`, stride])));
  let size = 1;
  let step = 1;
  return Array.from({ length: depth - 1 }, (_, layer) => {
    size += (kernelSize - 1) * step;
    step *= strides[layer] ?? 1;
    return size;
  });
}
