import { tf } from "@deepen/engine";
import type { Examples } from "../data/examples";
import { toBatch } from "../train/batch";
import { softmaxCrossEntropy } from "../train/loss";
import { withGradients } from "../train/tape";
import { withStatisticsOf } from "./batchStatistics";
import { isSum, mlpLayers } from "./mlpLayers";

/**
 * The share of the gradient that comes through paths of each length, in a residual net of `nn.mlp`.
 *
 * On its way back, the gradient of the loss by what the first branch receives takes or passes by each of n branches: it is a
 * sum over 2^n paths. All are counted, not a sample: the sums over paths of k branches, g_0 … g_n, are carried back
 * together. As vectors (over examples and units) they add up to the gradient g, and the share of length k is the part of
 * g_k that points along g, ⟨g_k, g⟩ / ⟨g, g⟩. So shares add up to 1, and one can be below 0. The way forward is that of the
 * whole net; batch normalisation takes the statistics of these examples, held fixed.
 *
 * @param model - a net of `nn.mlp` with skips, of depth 3 or more
 * @param examples - all are one batch
 * @returns n + 1 shares, of paths through 0 to n branches
 * @throws RangeError if the model is no such net or does not take these examples
 * @see Veit, Wilber & Belongie 2016, arXiv:1605.06431, section 5, who sample paths and add up the norms
 */
export function pathShares(model: tf.LayersModel, examples: Examples): number[] {
  const { depth, partsOf } = mlpLayers(model);
  const branches = Array.from({ length: Math.max(0, depth - 2) }, (_, place) => partsOf(place + 2));
  if (branches.length === 0 || !branches.every((parts) => parts.some(isSum))) {
    throw new RangeError("model: expected a net of nn.mlp with skips and at least one branch");
  }
  const run = (parts: readonly tf.layers.Layer[], x: tf.Tensor): tf.Tensor =>
    parts.filter((part) => !isSum(part)).reduce((h, part) => part.apply(h) as tf.Tensor, x);
  const shares = tf.tidy(() => {
    const { x, classes } = toBatch(model, examples);
    return withStatisticsOf(model, x, () =>
      withGradients(() => {
        const received: tf.Tensor[] = [];
        let h = run(partsOf(1), x);
        for (const branch of branches) {
          received.push(h);
          h = h.add(run(branch, h));
        }
        const loss = (last: tf.Tensor): tf.Scalar =>
          softmaxCrossEntropy(run(partsOf(depth), last) as tf.Tensor2D, classes);
        // [lengths, N, H]: the sums over paths of 0, 1, 2 … branches.
        let sums = tf.grad(loss)(h).expandDims(0);
        for (const branch of [...branches.keys()].reverse()) {
          const lengths = sums.shape[0];
          const through = tf.grad((input: tf.Tensor) => run(branches[branch], input));
          const taken = through(received[branch].tile([lengths, 1]), sums.reshape([-1, sums.shape[2]!]));
          const none = tf.zerosLike(sums.slice(0, 1));
          // Who passes the branch by keeps his length, who takes it has one more.
          sums = tf.concat([sums, none]).add(tf.concat([none, taken.reshape(sums.shape)]));
        }
        const gradient = sums.sum(0);
        const along = sums.mul(gradient).sum([1, 2]).div(gradient.square().sum());
        return along.dataSync();
      }),
    );
  });
  return Array.from(shares);
}
