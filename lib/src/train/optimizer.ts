import { tf } from "@deepen/engine";

/** A way to take steps, as plain data. */
export type OptimizerSpec =
  | { readonly kind: "sgd"; readonly learningRate: number; /** Default 0. */ readonly momentum?: number }
  | { readonly kind: "adam"; readonly learningRate: number };

/**
 * A tfjs optimizer from plain data; the caller frees it with {@link disposeOptimizer}.
 * @throws RangeError if a number is out of range or the kind unknown
 */
export function makeOptimizer(spec: OptimizerSpec): tf.Optimizer {
  const { kind, learningRate } = spec;
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    throw new RangeError(`optimizer.learningRate: expected a positive number, got ${learningRate}`);
  }
  if (kind === "adam") return tf.train.adam(learningRate);
  if (kind !== "sgd") {
    throw new RangeError(`optimizer.kind: expected "sgd", "adam" or a tf.Optimizer, got ${JSON.stringify(kind)}`);
  }
  const { momentum = 0 } = spec;
  if (!(momentum >= 0 && momentum < 1)) {
    throw new RangeError(`optimizer.momentum: expected a number from 0 to below 1, got ${momentum}`);
  }
  return momentum === 0 ? tf.train.sgd(learningRate) : tf.train.momentum(learningRate, momentum);
}

/** Frees an optimizer whole: tfjs's own dispose forgets the scalars that sgd and momentum keep. */
export function disposeOptimizer(optimizer: tf.Optimizer): void {
  const kept = Object.values(optimizer).filter((value) => value instanceof tf.Tensor);
  optimizer.dispose();
  for (const tensor of kept) if (!tensor.isDisposed) tensor.dispose();
}
