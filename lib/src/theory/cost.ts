import { requireSizes } from "../math/sizes";
import { type Cost, costOf, type WeightLayer } from "./weightLayer";

export type { Cost } from "./weightLayer";

/** What the cost of a fully connected net depends on; options of `nn.mlp` fit. */
export interface MlpShape {
  /** Weight layers L, output included. */
  readonly depth: number;
  /** Hidden units H. */
  readonly width: number;
  /** Input features D, default 784. */
  readonly inputs?: number;
  /** Outputs K, default 10. */
  readonly classes?: number;
  /** Batch normalisation of the hidden layers, default "none". */
  readonly norm?: "none" | "batch";
}

/**
 * Cost of a fully connected net: (D + 1) H + (L − 2)(H + 1) H + (H + 1) K parameters without normalisation.
 *
 * With one example a multiply-accumulate per weight, so parameters and operations are nearly the same number.
 * @throws RangeError if a size is no positive integer
 */
export function mlpCost({ depth, width, inputs = 784, classes = 10, norm = "none" }: MlpShape): Cost {
  requireSizes({ depth, width, inputs, classes });
  const hidden = Array.from({ length: depth - 1 }, (_, layer): WeightLayer => {
    const fanIn = layer === 0 ? inputs : width;
    return { positions: 1, fanIn, units: width, bias: true, normalized: norm === "batch" ? width : 0 };
  });
  return costOf([...hidden, classifier(depth === 1 ? inputs : width, classes)]);
}

/** What the cost of a net of equal convolutions depends on; options of `nn.convNet` fit. */
export interface ConvNetShape {
  /** `[length, C]` of a sequence or `[height, width, C]` of an image. */
  readonly inputShape: readonly number[];
  /** Weight layers L, output included. */
  readonly depth: number;
  /** Channels of every convolution. */
  readonly channels: number;
  /** Outputs K, default 10. */
  readonly classes?: number;
  /** Default 3. */
  readonly kernelSize?: number;
  /** Strides of the convolutions, from the first on; those that are not named have 1. */
  readonly strides?: readonly number[];
  /** Batch normalisation in place of biases, default "none". */
  readonly norm?: "none" | "batch";
}

/**
 * Cost of equal convolutions with padding "same", a mean over positions and a dense layer.
 *
 * A weight is used at every position: operations are many times the parameters.
 * @throws RangeError if a size is no positive integer
 */
export function convNetCost(shape: ConvNetShape): Cost {
  const { inputShape, depth, channels, classes = 10, kernelSize = 3, strides = [], norm = "none" } = shape;
  requireSizes({ depth, channels, classes, kernelSize });
  const input = inputOf(inputShape);
  const layers: WeightLayer[] = [];
  let { sides, channels: before } = input;
  for (let layer = 1; layer < depth; layer++) {
    sides = strided(sides, strides[layer - 1] ?? 1);
    layers.push(convolution({ sides, kernelSize, before, channels, norm }));
    before = channels;
  }
  return costOf([...layers, classifier(before, classes)]);
}

/** What the cost of a residual net depends on; options of `nn.resNet` fit. */
export interface ResNetShape {
  /** `[length, C]` of a sequence or `[height, width, C]` of an image. */
  readonly inputShape: readonly number[];
  /** Weight layers: 6n + 2. */
  readonly depth: number;
  /** Channels of the first of three stages. */
  readonly channels: number;
  /** Outputs K, default 10. */
  readonly classes?: number;
  /** Default true. */
  readonly skip?: boolean;
  /** "A": shortcuts between stages have no weights (default); "B": they are 1 × 1 convolutions. */
  readonly shortcut?: "A" | "B";
  /** Batch normalisation in place of biases, default "batch". */
  readonly norm?: "none" | "batch";
}

/**
 * Cost of a residual net as for CIFAR-10; the same whether normalisation stands before or after the convolutions.
 *
 * @see He, Zhang, Ren & Sun 2015, arXiv:1512.03385, section 4.2 and table 6
 * @throws RangeError if depth is not 6n + 2 or a size is no positive integer
 */
export function resNetCost(shape: ResNetShape): Cost {
  const { inputShape, depth, channels, classes = 10, skip = true, shortcut = "A", norm = "batch" } = shape;
  requireSizes({ depth, channels, classes });
  const blocks = (depth - 2) / 6;
  if (!Number.isInteger(blocks) || blocks < 1) throw new RangeError(`depth: expected 6n + 2, got ${depth}`);
  let { sides, channels: before } = inputOf(inputShape);
  const layers = [convolution({ sides, kernelSize: 3, before, channels, norm })];
  before = channels;
  for (let layer = 0; layer < 6 * blocks; layer++) {
    const units = channels << Math.floor(layer / (2 * blocks));
    if (units > before) {
      sides = strided(sides, 2);
      if (skip && shortcut === "B") layers.push(projection(sides, before, units));
    }
    layers.push(convolution({ sides, kernelSize: 3, before, channels: units, norm }));
    before = units;
  }
  return costOf([...layers, classifier(before, classes)]);
}

interface Convolution {
  /** Lengths of the output, by spatial axis. */
  readonly sides: readonly number[];
  readonly kernelSize: number;
  /** Channels of its input. */
  readonly before: number;
  readonly channels: number;
  readonly norm: "none" | "batch";
}

function convolution({ sides, kernelSize, before, channels, norm }: Convolution): WeightLayer {
  return {
    positions: product(sides),
    fanIn: product(sides.map(() => kernelSize)) * before,
    units: channels,
    bias: norm === "none",
    normalized: norm === "batch" ? channels : 0,
  };
}

/** A shortcut of kind B: a 1 × 1 convolution with nothing else. */
function projection(sides: readonly number[], before: number, units: number): WeightLayer {
  return { positions: product(sides), fanIn: before, units, bias: false, normalized: 0 };
}

function classifier(fanIn: number, classes: number): WeightLayer {
  return { positions: 1, fanIn, units: classes, bias: true, normalized: 0 };
}

function inputOf(inputShape: readonly number[]): { sides: readonly number[]; channels: number } {
  if (inputShape.length !== 2 && inputShape.length !== 3) {
    throw new RangeError(
      `inputShape: expected [length, channels] or [height, width, channels], got [${inputShape.join(", ")}]`,
    );
  }
  requireSizes(Object.fromEntries(inputShape.map((size, axis) => [`inputShape[${axis}]`, size])));
  return { sides: inputShape.slice(0, -1), channels: inputShape[inputShape.length - 1] };
}

function strided(sides: readonly number[], stride: number): readonly number[] {
  return sides.map((side) => Math.ceil(side / stride));
}

function product(factors: readonly number[]): number {
  return factors.reduce((result, factor) => result * factor, 1);
}
