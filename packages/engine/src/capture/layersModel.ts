import { tf } from "../tf";
import { capture, type CapturedFunction } from "./capture";
import { isOnlyTfjs } from "./ownCode";

// tfjs's own training and prediction of models, captured where nothing but tfjs runs in a step.

type TrainFunction = (data: (tf.Tensor | null)[]) => tf.Scalar[];
type Callbacks = tf.ModelFitArgs["callbacks"];

/** A model, with what tfjs's types keep private. */
interface Model {
  readonly optimizer_: tf.Optimizer;
  /** A new list whenever the model is compiled. */
  readonly collectedTrainableWeights: readonly unknown[];
  readonly lossFunctions: readonly unknown[];
  /** Of a Sequential: the model that does the work. */
  readonly model?: Model;
  makeTrainFunction(): TrainFunction;
  predictLoop(inputs: tf.Tensor | tf.Tensor[], batchSize?: number, verbose?: boolean): tf.Tensor | tf.Tensor[];
  fit(x: unknown, y: unknown, args?: WithCallbacks): Promise<unknown>;
  fitDataset(dataset: unknown, args: WithCallbacks): Promise<unknown>;
  dispose(): unknown;
}

interface WithCallbacks {
  readonly callbacks?: Callbacks;
}

/** A model's captured steps, and what they were captured for. */
interface Steps {
  /** Undefined if other code than tfjs's runs in them. */
  readonly train: CapturedFunction<tf.Scalar[]> | undefined;
  readonly madeFor: readonly unknown[];
  /** The next repeated step is an ordinary one that is compared. */
  auditDue: boolean;
}

const steps = new WeakMap<Model, Steps>();
const predictions = new WeakMap<Model, CapturedFunction<tf.Tensor[]> | "ordinary">();

/** Batches of predictions up to this size are captured: larger ones take their time for arithmetic. */
const mostPredicted = 32;

let replaced = false;

/** Makes tfjs's models capture their steps; called when the engine starts. */
export function captureModels(): void {
  if (replaced) return;
  replaced = true;
  const prototype = tf.LayersModel.prototype as unknown as Model;
  const { makeTrainFunction, predictLoop, dispose } = prototype;
  prototype.makeTrainFunction = function (this: Model) {
    const ordinary = makeTrainFunction.call(this);
    return (data) => train(this, ordinary, data);
  };
  prototype.predictLoop = function (this: Model, inputs, batchSize = mostPredicted, verbose) {
    const list = [inputs].flat();
    const count = list[0]?.shape[0] ?? 0;
    const small = count > 0 && count <= Math.min(batchSize, mostPredicted);
    const predict = small ? predictionOf(this, predictLoop) : "ordinary";
    if (predict === "ordinary") return predictLoop.call(this, inputs, batchSize, verbose);
    const outputs = predict(...list);
    return outputs.length === 1 ? outputs[0] : outputs;
  };
  prototype.dispose = function (this: Model) {
    release(this);
    return dispose.call(this);
  };
  releaseAfterFit(prototype);
}

/** A model's prediction of one small batch, captured if only code of tfjs runs in it. */
function predictionOf(of: Model, predictLoop: Model["predictLoop"]): CapturedFunction<tf.Tensor[]> | "ordinary" {
  const known = predictions.get(of);
  if (known !== undefined) return known;
  const model = of as unknown as tf.LayersModel;
  const predict = (...inputs: tf.Tensor[]) => [predictLoop.call(of, inputs, mostPredicted)].flat();
  const made = isOnlyTfjs(model) ? capture(predict, { model }) : "ordinary";
  predictions.set(of, made);
  return made;
}

/** Releases what `fit` has captured when it ends, and makes it look at its steps after callbacks. */
function releaseAfterFit(prototype: Model): void {
  const { fit, fitDataset } = prototype;
  prototype.fit = async function (this: Model, x, y, args = {}) {
    try {
      return await fit.call(this, x, y, { ...args, callbacks: withAudit(this, args.callbacks) });
    } finally {
      release(this);
    }
  };
  prototype.fitDataset = async function (this: Model, dataset, args) {
    try {
      return await fitDataset.call(this, dataset, { ...args, callbacks: withAudit(this, args.callbacks) });
    } finally {
      release(this);
    }
  };
}

/** The callbacks, and with any of them one more, that has the step after each epoch looked at. */
function withAudit(model: Model, callbacks: Callbacks): Callbacks {
  const list = callbacks === undefined ? [] : [callbacks].flat();
  if (list.length === 0) return callbacks;
  const onEpochEnd = (): void => {
    const known = steps.get(model);
    if (known !== undefined) known.auditDue = true;
  };
  const [first] = list;
  return [...list, first instanceof tf.Callback ? new tf.CustomCallback({ onEpochEnd }) : { onEpochEnd }] as Callbacks;
}

function release(model: Model): void {
  if (model.model !== undefined) release(model.model);
  steps.get(model)?.train?.reset();
  steps.delete(model);
  const predict = predictions.get(model);
  if (predict !== "ordinary") predict?.reset();
  predictions.delete(model);
}

/** One step of a model, with its tensors among `data` as inputs of what is captured. */
function train(model: Model, ordinary: TrainFunction, data: (tf.Tensor | null)[]): tf.Scalar[] {
  if (data.some((value) => value !== null && !(value instanceof tf.Tensor))) return ordinary(data);
  const known = stepsOf(model, ordinary, data);
  if (known.train === undefined) return ordinary(data);
  const tensors = data.filter((value) => value !== null);
  const captured = known.auditDue && known.train.info().some(({ state }) => state === "captured");
  if (!captured) return known.train(...tensors);
  known.auditDue = false;
  return known.train.audit(...tensors).result;
}

function stepsOf(model: Model, ordinary: TrainFunction, data: (tf.Tensor | null)[]): Steps {
  const nulls = data.map((value) => value === null);
  const madeFor = [model.optimizer_, model.lossFunctions, model.collectedTrainableWeights, nulls.join()];
  const known = steps.get(model);
  if (known?.madeFor.every((value, index) => value === madeFor[index])) return known;
  known?.train?.reset();
  const step = (...tensors: tf.Tensor[]): tf.Scalar[] => {
    let next = 0;
    return ordinary(nulls.map((isNull) => (isNull ? null : tensors[next++])));
  };
  const layers = model as unknown as tf.LayersModel;
  const captured = isOnlyTfjs(layers) ? capture(step, { optimizer: model.optimizer_, model: layers }) : undefined;
  const made = { train: captured, madeFor, auditDue: true };
  steps.set(model, made);
  return made;
}
