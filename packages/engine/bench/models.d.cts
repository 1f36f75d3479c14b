import type * as tensorflow from "@tensorflow/tfjs";

/** A model with its weights and its batch. */
export interface Training {
  /** Absent where the model is made of core operations. */
  readonly model?: tensorflow.LayersModel;
  readonly optimizer?: tensorflow.Optimizer;
  /** Trainable weights by name, in the order in which they are made. */
  readonly weights: Readonly<Record<string, tensorflow.Variable>>;
  readonly x: tensorflow.Tensor;
  readonly y: tensorflow.Tensor;
  /** The loss of the batch, in training. */
  loss(): tensorflow.Scalar;
  /** Trains once on the batch; gives the loss before. */
  step(): Promise<number> | number;
}

export const models: Readonly<
  Record<string, { readonly batch: number; make(tf: typeof tensorflow, batch: number): Training }>
>;
