import { adamw, tf } from "@deepen/engine";

/** A way to take steps, as plain data. */
export type OptimizerSpec =
  | {
      /** Gradient descent. */
      readonly kind: "sgd";
      /** Above 0. */
      readonly learningRate: number;
      /** Share of the last step that goes on in the next; default 0. */
      readonly momentum?: number;
    }
  | {
      /** Adam with tfjs's constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-7. */
      readonly kind: "adam";
      /** Above 0. */
      readonly learningRate: number;
    }
  | {
      /** Adam with decoupled weight decay: a step at a rate of 1 would take `weightDecay` of each weight away. */
      readonly kind: "adamw";
      /** Above 0. */
      readonly learningRate: number;
      /** From 0. */
      readonly weightDecay: number;
    };

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
  if (kind === "adamw") {
    const { weightDecay } = spec;
    if (!(weightDecay >= 0 && Number.isFinite(weightDecay))) {
      throw new RangeError(`optimizer.weightDecay: expected a number from 0, got ${weightDecay}`);
    }
    return adamw(learningRate, { weightDecay });
  }
  if (kind !== "sgd") {
    throw new RangeError(
      `optimizer.kind: expected "sgd", "adam", "adamw" or a tf.Optimizer, got ${JSON.stringify(kind)}`,
    );
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

/** Sets the learning rate of the steps to come. */
export function setLearningRate(optimizer: tf.Optimizer, learningRate: number): void {
  const known = optimizer as tf.Optimizer & { learningRate?: number; setLearningRate?: (rate: number) => void };
  // Plain gradient descent and momentum keep the rate as a tensor too.
  if (known.setLearningRate) known.setLearningRate(learningRate);
  else known.learningRate = learningRate;
}

/**
 * The learning rate of the next step.
 * @throws RangeError if the optimizer has none
 */
export function learningRateOf(optimizer: tf.Optimizer): number {
  const { learningRate } = optimizer as tf.Optimizer & { learningRate?: unknown };
  if (typeof learningRate !== "number") {
    throw new RangeError("optimizer: expected one with a learning rate, for the schedule to multiply, got none");
  }
  return learningRate;
}
