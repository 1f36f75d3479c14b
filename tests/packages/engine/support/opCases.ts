import { tf } from "../../../../packages/engine/src/node";
import { values } from "./reference";

/** What an op of one variable `[4, 6]` gives; its gradient is taken at the same place. */
export type OpCase = (v: tf.Tensor) => tf.Tensor;

const constant = (shape: number[], seed: number): tf.Tensor =>
  tf.tensor(values(tf.util.sizeFromShape(shape), seed), shape);
const integers = (numbers: number[]): tf.Tensor1D => tf.tensor1d(numbers, "int32");
const positive = (v: tf.Tensor): tf.Tensor => v.abs().add(1);
const image = (v: tf.Tensor): tf.Tensor4D => v.reshape<tf.Tensor4D>([1, 2, 2, 6]);

const products: Readonly<Record<string, OpCase>> = {
  "einsum of matrices": (v) => tf.einsum("ij,jk->ik", v, constant([6, 5], 9)),
  "einsum of batches": (v) => tf.einsum("bij,bjk->bik", v.reshape([2, 2, 6]), constant([2, 6, 5], 9)),
  "matMul, first transposed": (v) => tf.matMul(v, constant([4, 3], 4), true),
  "matMul, second transposed": (v) => tf.matMul(v, constant([3, 6], 4), false, true),
  "matMul of batches": (v) => tf.matMul(v.reshape([2, 2, 6]), constant([2, 6, 3], 4)),
  "matMul that broadcasts": (v) => tf.matMul(v.reshape([2, 2, 6]), constant([1, 6, 3], 4)),
  "matMul of one-hot rows": (v) => tf.matMul(tf.oneHot(integers([0, 1, 2, 3]), 4).toFloat(), v),
  dot: (v) => tf.dot(v as tf.Tensor2D, constant([6, 2], 4)),
};

const indexing: Readonly<Record<string, OpCase>> = {
  gather: (v) => tf.gather(v, integers([0, 1, 1, 3])),
  "gather of columns": (v) => tf.gather(v, integers([5, 0, 5]), 1),
  unsortedSegmentSum: (v) => tf.unsortedSegmentSum(v, integers([0, 1, 1, 0]), 2),
  stack: (v) => tf.stack([v, v]),
  "stack along the last axis": (v) => tf.stack([v, v.mul(2)], 2),
  unstack: (v) => tf.unstack(v)[1],
  split: (v) => tf.split(v, 2, 1)[0],
  "split in unequal parts": (v) => tf.split(v, [1, 2, 3], 1)[2],
  concat: (v) => tf.concat([v, v], 0),
  "concat of columns": (v) => tf.concat([v, v.mul(3)], 1),
  slice: (v) => tf.slice(v, [1, 0], [2, 3]),
  tile: (v) => tf.tile(v, [2, 3]),
  pad: (v) =>
    tf.pad(v, [
      [1, 1],
      [0, 2],
    ]),
  reverse: (v) => tf.reverse(v, 1),
  transpose: (v) => tf.transpose(v),
  "transpose of three axes": (v) => tf.transpose(v.reshape([2, 2, 6]), [2, 0, 1]),
  reshape: (v) => v.reshape([3, 8]),
  expandDims: (v) => tf.expandDims(v, 1),
  broadcastTo: (v) => tf.broadcastTo(v.reshape([4, 1, 6]), [4, 3, 6]),
  spaceToBatchND: (v) =>
    tf.spaceToBatchND(
      image(v),
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
  batchToSpaceND: (v) =>
    tf.batchToSpaceND(
      v.reshape([4, 1, 1, 6]),
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
};

const reductions: Readonly<Record<string, OpCase>> = {
  sum: (v) => tf.sum(v),
  "sum of rows": (v) => tf.sum(v, 1),
  "sum of columns": (v) => tf.sum(v, 0),
  "mean of columns": (v) => tf.mean(v, 0),
  "mean of rows, kept": (v) => tf.mean(v, 1, true),
  max: (v) => tf.max(v, 1),
  min: (v) => tf.min(v, 1),
  prod: (v) => tf.prod(v, 1),
  norm: (v) => tf.norm(v),
  variance: (v) => tf.moments(v, 0).variance,
  "variance of rows": (v) => tf.moments(v, 1, true).variance,
  logSumExp: (v) => tf.logSumExp(v, 1),
  cumsum: (v) => tf.cumsum(v, 1),
};

const elementwise: Readonly<Record<string, OpCase>> = {
  "add that broadcasts a row": (v) => v.add(constant([6], 5)),
  "add that broadcasts the variable": (v) => constant([2, 4, 6], 5).add(v),
  "sub that broadcasts a column": (v) => constant([4, 1], 5).sub(v),
  "mul that broadcasts the variable": (v) => constant([2, 4, 6], 5).mul(v),
  div: (v) => constant([4, 6], 5).div(positive(v)),
  "div that broadcasts a row": (v) => v.div(constant([6], 5).add(2)),
  pow: (v) => tf.pow(v.abs(), 2.5),
  square: (v) => tf.square(v),
  sqrt: (v) => tf.sqrt(positive(v)),
  rsqrt: (v) => tf.rsqrt(positive(v)),
  reciprocal: (v) => tf.reciprocal(positive(v)),
  log: (v) => tf.log(positive(v)),
  log1p: (v) => tf.log1p(v.abs()),
  exp: (v) => tf.exp(v),
  expm1: (v) => tf.expm1(v),
  erf: (v) => tf.erf(v),
  sin: (v) => tf.sin(v),
  cos: (v) => tf.cos(v),
  atan2: (v) => tf.atan2(v, v.add(2)),
  neg: (v) => tf.neg(v),
  abs: (v) => tf.abs(v),
  maximum: (v) => tf.maximum(v, 0.1),
  minimum: (v) => tf.minimum(v, 0.1),
  squaredDifference: (v) => tf.squaredDifference(v, 0.3),
  where: (v) => tf.where(constant([4, 6], 5).greater(0), v, v.mul(2)),
  clipByValue: (v) => tf.clipByValue(v, -0.5, 0.5),
  "mul by argMax": (v) => v.mul(tf.argMax(v, 1).toFloat().reshape([4, 1])),
};

const activations: Readonly<Record<string, OpCase>> = {
  relu: (v) => tf.relu(v),
  relu6: (v) => tf.relu6(v.mul(8)),
  elu: (v) => tf.elu(v),
  selu: (v) => tf.selu(v),
  leakyRelu: (v) => tf.leakyRelu(v),
  prelu: (v) => tf.prelu(v, constant([6], 2)),
  sigmoid: (v) => tf.sigmoid(v),
  logSigmoid: (v) => tf.logSigmoid(v),
  softplus: (v) => tf.softplus(v),
  tanh: (v) => tf.tanh(v),
  softmax: (v) => tf.softmax(v),
  logSoftmax: (v) => tf.logSoftmax(v),
  step: (v) => tf.step(v).mul(v),
};

const lossesAndMore: Readonly<Record<string, OpCase>> = {
  softmaxCrossEntropy: (v) => tf.losses.softmaxCrossEntropy(tf.oneHot(integers([0, 1, 2, 3]), 6), v as tf.Tensor2D),
  sigmoidCrossEntropy: (v) => tf.losses.sigmoidCrossEntropy(tf.ones([4, 6]), v as tf.Tensor2D),
  huberLoss: (v) => tf.losses.huberLoss(tf.zeros([4, 6]), v as tf.Tensor2D),
  meanSquaredError: (v) => tf.losses.meanSquaredError(tf.zeros([4, 6]), v as tf.Tensor2D),
  "dropout with a seed": (v) => tf.dropout(v, 0.3, undefined, 7),
  batchNorm: (v) => tf.batchNorm(v as tf.Tensor2D, tf.zeros([6]), tf.ones([6]), tf.zeros([6]), tf.ones([6])),
  localResponseNormalization: (v) => tf.localResponseNormalization(image(v)),
  resizeBilinear: (v) => tf.image.resizeBilinear(image(v), [4, 4]),
  resizeNearestNeighbor: (v) => tf.image.resizeNearestNeighbor(image(v), [4, 4]),
};

/** Every op with a gradient on tfjs's cpu backend that nets are made of. */
export const opCases: Readonly<Record<string, OpCase>> = {
  ...products,
  ...indexing,
  ...reductions,
  ...elementwise,
  ...activations,
  ...lossesAndMore,
};

/** Ops through which tfjs takes no gradient, on any backend. */
export const opsWithoutGradient: Readonly<Record<string, OpCase>> = {
  gatherND: (v) =>
    tf.gatherND(
      v,
      tf.tensor2d(
        [
          [0, 1],
          [2, 2],
        ],
        [2, 2],
        "int32",
      ),
    ),
  divNoNan: (v) => tf.divNoNan(v, v.add(3)),
  topk: (v) => tf.topk(v, 2).values,
  stridedSlice: (v) => tf.stridedSlice(v, [0, 0], [4, 6], [2, 2]),
  depthToSpace: (v) => tf.depthToSpace(v.reshape<tf.Tensor4D>([1, 1, 1, 24]), 2),
  scatterND: (v) => tf.scatterND(tf.tensor2d([[0], [2], [3], [5]], [4, 1], "int32"), v, [8, 6]),
};
