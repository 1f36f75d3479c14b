import { compiledUpdates } from "./optimizerSteps";
import { tf } from "./tf";

/** Numbers of {@link adamw} with usual values. */
export interface AdamWOptions {
  /** Part of a weight that a step at a learning rate of 1 would take away, default 0.01. */
  readonly weightDecay?: number;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
}

/** Adam with decoupled weight decay; made by {@link adamw}. */
class AdamWOptimizer extends tf.AdamOptimizer {
  static override get className(): string {
    return "AdamW";
  }

  constructor(
    learningRate: number,
    readonly weightDecay: number,
    beta1: number,
    beta2: number,
    epsilon: number,
  ) {
    super(learningRate, beta1, beta2, epsilon);
  }

  override applyGradients(gradients: Parameters<tf.AdamOptimizer["applyGradients"]>[0]): void {
    if (compiledUpdates(gradients) === undefined) this.decay(gradients);
    super.applyGradients(gradients);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), weightDecay: this.weightDecay };
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    const { learningRate, weightDecay, beta1, beta2, epsilon } = config;
    return new cls(learningRate, weightDecay, beta1, beta2, epsilon);
  }

  private decay(gradients: Parameters<tf.AdamOptimizer["applyGradients"]>[0]): void {
    const pairs = Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor] as const)
      : Object.entries(gradients);
    tf.tidy(() => {
      for (const [name, gradient] of pairs as [string, tf.Tensor | null][]) {
        if (gradient === null) continue;
        const variable = tf.engine().registeredVariables[name];
        variable.assign(variable.mul(1 - this.learningRate * this.weightDecay));
      }
    });
  }
}
tf.serialization.registerClass(AdamWOptimizer);

/**
 * An optimizer that steps as Adam and takes `learningRate · weightDecay` of each weight away, whatever its gradient.
 *
 * Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2. All trained weights decay, biases too.
 */
export function adamw(learningRate: number, options: AdamWOptions = {}): tf.AdamOptimizer {
  const { weightDecay = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
  return new AdamWOptimizer(learningRate, weightDecay, beta1, beta2, epsilon);
}
