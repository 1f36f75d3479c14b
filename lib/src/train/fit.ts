import { capture, clipByGlobalNorm, isOnlyTfjs, tf } from "@deepen/engine";
import type { Examples } from "../data/examples";
import { countRight } from "./accuracy";
import { type Augmentation, augmenter } from "./augmentation";
import { type Batch, toBatch } from "./batch";
import { batches } from "./batches";
import { bestWeights } from "./bestWeights";
import { breathe } from "./breathe";
import { evaluate } from "./evaluate";
import type { History, Score } from "./history";
import { type Loss, softmaxCrossEntropy } from "./loss";
import { disposeOptimizer, learningRateOf, makeOptimizer, type OptimizerSpec, setLearningRate } from "./optimizer";
import { type Schedule, scheduleFactor } from "./schedule";
import { withGradients } from "./tape";

/** How {@link fit} trains. */
export interface FitOptions {
  /** Steps to take; give either this or `epochs`. */
  readonly steps?: number;
  /** Times to go through the examples. */
  readonly epochs?: number;
  /** Examples a step. */
  readonly batchSize: number;
  /** Plain data, or a tf.Optimizer, which the caller disposes. */
  readonly optimizer: OptimizerSpec | tf.Optimizer;
  /** Decides the order of the examples. */
  readonly seed: number;
  /** Default: mean softmax cross-entropy of logits. */
  readonly loss?: Loss;
  /** What the optimizer's learning rate is multiplied by, step by step; default: nothing. */
  readonly schedule?: Schedule;
  /** Longest gradient: those of all weights together are scaled down to this norm; default: as they are. */
  readonly clipNorm?: number;
  /** Changes the examples of every step, each time otherwise; default: as they are. */
  readonly augment?: Augmentation;
  /**
   * Ends the training after `patience` scores on the validation examples in a row that are no better than the best (by
   * loss); the model then has the weights of the best.
   */
  readonly earlyStopping?: {
    /** Scores to wait for a better one. */
    readonly patience: number;
  };
  /** Examples to score the model on every `every` steps and at the end. */
  readonly validation?: Examples;
  /** Called every `every` steps and at the end. */
  readonly onStep?: (progress: FitProgress) => void | Promise<void>;
  /** Default 10. */
  readonly every?: number;
}

/** How far a training run is. */
export interface FitProgress {
  /** Steps taken, from 1. */
  readonly step: number;
  /** Steps in all. */
  readonly steps: number;
  /** What happened until now. */
  readonly history: History;
}

/**
 * Trains a model in place, by steps over seeded batches: the same seed gives the same weights, to the bit.
 *
 * Gives way to messages every 50 ms. Leaves no tensor behind, also when it is stopped or throws; the weights are then
 * those of the last whole step.
 *
 * @param model - any tf.LayersModel with one input and one output `[N, K]`; it need not be compiled
 * @throws Interrupted if the reader asks to stop
 * @throws RangeError if an option is out of range, or the model does not take the examples
 */
export async function fit(model: tf.LayersModel, examples: Examples, options: FitOptions): Promise<History> {
  const { batchSize, optimizer: chosen, seed, loss = softmaxCrossEntropy, validation, onStep, every = 10 } = options;
  const { schedule, clipNorm, augment, earlyStopping } = options;
  requirePositive("batchSize", batchSize);
  requirePositive("every", every);
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new RangeError(`clipNorm: expected a positive number, got ${clipNorm}`);
  }
  if (earlyStopping !== undefined && validation === undefined) {
    throw new RangeError("earlyStopping: expected validation examples to watch, got none; give { validation }");
  }
  const steps = stepsOf(options, examples.count);
  const history: Growing = { loss: [], accuracy: [], validation: [] };
  const best = earlyStopping && bestWeights(model, earlyStopping.patience);
  const order = batches(examples.count, batchSize, seed);
  const change = augment && augmenter(augment, examples, seed);
  const optimizer = chosen instanceof tf.Optimizer ? chosen : makeOptimizer(chosen);
  const fullRate = schedule && learningRateOf(optimizer);
  const trainStep = stepOf(model, optimizer, loss, clipNorm);
  try {
    for (let step = 1, ended = false; step <= steps && !ended; step++) {
      if (schedule) setLearningRate(optimizer, fullRate! * scheduleFactor(schedule, step, steps));
      const score = takeStep(trainStep, () => toBatch(model, examples, order.next().value, change));
      history.loss.push(score.loss);
      history.accuracy.push(score.accuracy);
      if (step % every === 0 || step === steps) {
        if (validation) {
          const now = { step, ...(await evaluate(model, validation, loss)) };
          history.validation.push(now);
          ended = best?.seen(step, now) ?? false;
        }
        await onStep?.({ step, steps, history });
      }
      await breathe(`step ${step} of ${steps}`);
    }
  } finally {
    trainStep.reset();
    if (optimizer !== chosen) disposeOptimizer(optimizer);
    else if (fullRate !== undefined) setLearningRate(optimizer, fullRate);
  }
  if (best) history.best = best.restore();
  return history;
}

/** A history while it grows. */
interface Growing {
  readonly loss: number[];
  readonly accuracy: number[];
  readonly validation: (Score & { readonly step: number })[];
  best?: number;
}

type TrainStep = (x: tf.Tensor, classes: tf.Tensor) => tf.Tensor[];

/** One training step on a batch, which gives its loss and outputs; a captured one if only code of ours runs in it. */
function stepOf(
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
  loss: Loss,
  clipNorm: number | undefined,
): TrainStep & { readonly reset: () => void } {
  const step: TrainStep = (x, classes) => {
    const weights = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    let outputs: tf.Tensor2D | undefined;
    const forward = (): tf.Scalar => {
      outputs = tf.keep(model.apply(x, { training: true }) as tf.Tensor2D);
      return loss(outputs, classes as tf.Tensor2D);
    };
    try {
      const { value, grads } = withGradients(() => tf.variableGrads(forward, weights));
      optimizer.applyGradients(clipNorm === undefined ? grads : clipped(grads, clipNorm));
      return [value, outputs!];
    } catch (error) {
      outputs?.dispose();
      throw error;
    }
  };
  const repeats = loss === softmaxCrossEntropy && isOnlyTfjs(model);
  return repeats ? capture(step, { optimizer, model }) : Object.assign(step, { reset: () => undefined });
}

function clipped(gradients: tf.NamedTensorMap, most: number): tf.NamedTensorMap {
  const names = Object.keys(gradients);
  const tensors = clipByGlobalNorm(Object.values(gradients), most);
  return Object.fromEntries(names.map((name, index) => [name, tensors[index]]));
}

function takeStep(step: TrainStep, batch: () => Batch): Score {
  return tf.tidy(() => {
    const { x, classes } = batch();
    const [loss, outputs] = step(x, classes);
    const [count, kinds] = classes.shape;
    const right = countRight(outputs.dataSync(), classes.dataSync(), kinds);
    outputs.dispose();
    return { loss: loss.dataSync()[0], accuracy: right / count };
  });
}

function stepsOf({ steps, epochs, batchSize }: FitOptions, count: number): number {
  if ((steps === undefined) === (epochs === undefined)) {
    throw new RangeError(
      `steps, epochs: expected exactly one of the two, got ${steps === undefined ? "none" : "both"}; write ` +
        `{ steps: 200 } or { epochs: 3 }`,
    );
  }
  if (steps !== undefined) return requirePositive("steps", steps);
  return requirePositive("epochs", epochs!) * Math.ceil(count / batchSize);
}

function requirePositive(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name}: expected a positive integer, got ${value}`);
  return value;
}
