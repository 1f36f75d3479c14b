import { rng } from "../math/rng";

/**
 * Positions of examples, batch after batch, without end: every epoch visits each example once, in an order of its own;
 * the last batch of an epoch may be smaller.
 *
 * @param count - examples N
 * @param batchSize - examples a batch
 * @param seed - integer; the same seed gives the same batches
 */
export function* batches(count: number, batchSize: number, seed: number): Generator<Int32Array, never> {
  const random = rng(seed);
  for (let epoch = 0; ; epoch++) {
    const order = random.child(`epoch/${epoch}`).permutation(count);
    for (let first = 0; first < count; first += batchSize) yield order.subarray(first, first + batchSize);
  }
}
