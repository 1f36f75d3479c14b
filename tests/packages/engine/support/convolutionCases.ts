import fc from "fast-check";
import { tf } from "../../../../packages/engine/src/node";
import type { Sizes } from "./convolution";
import { values } from "./reference";

const one = fc.constant<[number, number]>([1, 1]);
const pair = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
const channels = fc.constantFrom(1, 2, 3, 4, 5, 8, 9, 12, 17);
const side = fc.integer({ min: 1, max: 4 });

type Pad = "same" | "valid" | number | [[0, 0], [number, number], [number, number], [0, 0]];

const border = fc.integer({ min: 0, max: 3 });
const explicit = fc.tuple(border, border, border, border).map(([top, bottom, left, right]): Pad => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
]);

/**
 * Convolutions of small images that fit: tfjs allows strides or dilations, and rounds sizes down. With a number as
 * padding it reckons the size as if the filter were square, so that windows may hang over the edge, or none be left.
 */
export const convolutions = fc
  .record({
    batch: fc.constantFrom(1, 1, 2, 3),
    filter: fc.tuple(side, side),
    channels,
    outputs: channels,
    extra: fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })),
    stretch: fc.oneof(fc.record({ strides: pair, dilations: one }), fc.record({ strides: one, dilations: pair })),
    pad: fc.oneof(fc.constantFrom<Pad>("same", "valid", 0, 1, 2), explicit),
    seed: fc.integer({ min: 1, max: 1e6 }),
  })
  .map(({ filter, extra, stretch, ...rest }) => {
    const [height, width] = [0, 1].map((axis) => (filter[axis] - 1) * stretch.dilations[axis] + 1 + extra[axis]);
    return { ...rest, ...stretch, filter, height, width };
  })
  .filter((convolution) => {
    const { outHeight, outWidth } = informationOf(convolution);
    return outHeight > 0 && outWidth > 0;
  });

export interface Convolution {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outputs: number;
  readonly filter: readonly [number, number];
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: Pad;
  readonly seed: number;
}

function informationOf(convolution: Convolution) {
  const { batch, height, width, channels: c, outputs, filter, strides, dilations, pad } = convolution;
  return tf.backend_util.computeConv2DInfo(
    [batch, height, width, c],
    [...filter, c, outputs],
    strides,
    dilations,
    pad,
    "floor",
  );
}

/** A convolution's shapes, attributes and numbers, for the kernels and for the reference. */
export function prepare(convolution: Convolution) {
  return withValues(convolution, informationOf(convolution));
}

/** Shapes and attributes as tfjs's `information` has them, with numbers of the convolution's seed. */
export function withValues(
  { filter, strides, dilations, pad, seed }: Pick<Convolution, "filter" | "strides" | "dilations" | "pad" | "seed">,
  information: ReturnType<typeof informationOf>,
) {
  const { inShape, filterShape, outShape } = information;
  const sizes: Sizes = {
    batch: information.batchSize,
    height: information.inHeight,
    width: information.inWidth,
    channels: information.inChannels,
    outHeight: information.outHeight,
    outWidth: information.outWidth,
    outputs: information.outChannels,
    filterHeight: filter[0],
    filterWidth: filter[1],
    strides,
    dilations,
    top: information.padInfo.top,
    left: information.padInfo.left,
  };
  const size = tf.util.sizeFromShape;
  return {
    inShape,
    filterShape,
    outShape,
    sizes,
    x: values(size(inShape), seed),
    w: values(size(filterShape), seed + 1),
    dy: values(size(outShape), seed + 2),
    attrs: {
      strides,
      dilations,
      pad,
      dataFormat: "NHWC",
      dimRoundingMode: typeof pad === "string" ? undefined : "floor",
    },
  };
}

/** Forward and both gradients, by the kernels themselves: tfjs's gradient functions refuse dilations. */
export function run({ inShape, filterShape, outShape, x, w, dy, attrs }: ReturnType<typeof prepare>) {
  const [xs, ws, dys] = [tf.tensor(x, inShape), tf.tensor(w, filterShape), tf.tensor(dy, outShape)];
  const kernel = (name: string, inputs: tf.NamedTensorMap, more: object) =>
    tf.engine().runKernel(name, inputs, { ...attrs, ...more } as unknown as tf.NamedAttrMap) as tf.Tensor;
  return {
    y: kernel("Conv2D", { x: xs, filter: ws }, {}),
    dx: kernel("Conv2DBackpropInput", { dy: dys, filter: ws }, { inputShape: inShape }),
    dfilter: kernel("Conv2DBackpropFilter", { x: xs, dy: dys }, { filterShape }),
  };
}

/** Bound of a float32 sum of `terms` products below 1, each addition of which errs by half a unit in the last place. */
export const roundingBound = (terms: number) => terms * terms * 2 ** -24 + 1e-12;
