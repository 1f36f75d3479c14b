/** What a training run went through; plain data. */
export interface History {
  /** Loss of each step's batch, before the step: mean over the batch, in nats for the default loss. */
  readonly loss: readonly number[];
  /** Fraction (0 to 1) of each step's batch that was classified rightly, before the step. */
  readonly accuracy: readonly number[];
  /** Scores on the validation examples; empty where none were given. */
  readonly validation: readonly (Score & {
    /** Steps taken before, from 1. */
    readonly step: number;
  })[];
  /** With early stopping: the step whose weights the model has now. */
  readonly best?: number;
}

/** How well a model does on some examples. */
export interface Score {
  /** Mean over the examples, in nats for the default loss. */
  readonly loss: number;
  /** Fraction (0 to 1) that is classified rightly. */
  readonly accuracy: number;
}
