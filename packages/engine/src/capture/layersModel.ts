import { tf } from "../tf";
import { capture, type CapturedFunction } from "./capture";

// tfjs's own training and prediction of models, captured where nothing but tfjs runs in a step.

type TrainFunction = (data: (tf.Tensor | null)[]) => tf.Scalar[];
type Callbacks = tf.ModelFitArgs["callbacks"];

/** A model, with what tfjs's types keep private. */
interface Model {
  readonly optimizer_: tf.Optimizer;
  readonly collectedTrainableWeights: { readonly id: number }[];
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
  readonly train: CapturedFunction<tf.Scalar[]>;
  readonly madeFor: readonly unknown[];
  /** The next repeated step is an ordinary one that is compared. */
  auditDue: boolean;
}

const steps = new WeakMap<Model, Steps>();
const predictions = new WeakMap<Model, CapturedFunction<tf.Tensor[]>>();

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
    return isOnlyTfjs(this as unknown as tf.LayersModel) ? (data) => train(this, ordinary, data) : ordinary;
  };
  prototype.predictLoop = function (this: Model, inputs, batchSize = mostPredicted, verbose) {
    const list = [inputs].flat();
    const count = list[0]?.shape[0] ?? 0;
    const ordinary = (...some: tf.Tensor[]) => [predictLoop.call(this, some, batchSize, verbose)].flat();
    if (count === 0 || count > Math.min(batchSize, mostPredicted) || !isOnlyTfjs(this as unknown as tf.LayersModel)) {
      return predictLoop.call(this, inputs, batchSize, verbose);
    }
    let predict = predictions.get(this);
    if (predict === undefined) predictions.set(this, (predict = capture(ordinary)));
    const outputs = predict(...list);
    return outputs.length === 1 ? outputs[0] : outputs;
  };
  prototype.dispose = function (this: Model) {
    release(this);
    return dispose.call(this);
  };
  releaseAfterFit(prototype);
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
  steps.get(model)?.train.reset();
  steps.delete(model);
  predictions.get(model)?.reset();
  predictions.delete(model);
}

/** One step of a model, with its tensors among `data` as inputs of what is captured. */
function train(model: Model, ordinary: TrainFunction, data: (tf.Tensor | null)[]): tf.Scalar[] {
  if (data.some((value) => value !== null && !(value instanceof tf.Tensor))) return ordinary(data);
  const known = stepsOf(model, ordinary, data);
  const tensors = data.filter((value) => value !== null);
  const captured = known.train.info().some(({ state }) => state === "captured");
  if (!known.auditDue || !captured) return known.train(...tensors);
  known.auditDue = false;
  return known.train.audit(...tensors).result;
}

function stepsOf(model: Model, ordinary: TrainFunction, data: (tf.Tensor | null)[]): Steps {
  const nulls = data.map((value) => value === null);
  const madeFor = [
    model.optimizer_,
    model.lossFunctions,
    model.collectedTrainableWeights.map(({ id }) => id).join(),
    nulls.join(),
  ];
  const known = steps.get(model);
  if (known?.madeFor.every((value, index) => value === madeFor[index])) return known;
  known?.train.reset();
  const step = (...tensors: tf.Tensor[]): tf.Scalar[] => {
    let next = 0;
    return ordinary(nulls.map((isNull) => (isNull ? null : tensors[next++])));
  };
  const made = { train: capture(step, { optimizer: model.optimizer_ }), madeFor, auditDue: true };
  steps.set(model, made);
  return made;
}

/** Classes that tfjs itself brings; others may do anything in a step. */
const ownClasses = new Set<unknown>(
  Object.values(tf.serialization.SerializationMap.getMap().classNameMap).map(([ownClass]) => ownClass),
);

/** Says of a class of layers that it does the same in every call, so that steps of models with it may be captured. */
export function allowCapture(layerClass: new (...args: never[]) => tf.layers.Layer): void {
  ownClasses.add(layerClass);
}

/** Whether only code of tfjs runs in a step of the model: its layers, losses and metrics are tfjs's own. */
export function isOnlyTfjs(model: tf.LayersModel): boolean {
  const { loss, metrics, optimizer } = model as tf.LayersModel & { loss: unknown; metrics: unknown };
  const named = [loss, metrics].every((given) => given === undefined || isNamed(given));
  const parts: unknown[] = [...model.layers, ...((optimizer as unknown) === undefined ? [] : [optimizer])];
  return named && parts.every((part) => isOwn(part, new Set()));
}

/** Whether losses or metrics are given by name, not as functions. */
function isNamed(given: unknown): boolean {
  if (typeof given === "object" && given !== null) return Object.values(given).every(isNamed);
  return typeof given !== "function";
}

/** Whether an object of a model, and all such objects in its fields, are of known classes; initialisers run before. */
function isOwn(part: unknown, seen: Set<unknown>): boolean {
  if (typeof part !== "object" || part === null || seen.has(part)) return true;
  seen.add(part);
  if (Array.isArray(part)) return part.every((one) => isOwn(one, seen));
  if (!(part instanceof tf.serialization.Serializable)) return true;
  if (!ownClasses.has(part.constructor) && !(part instanceof tf.LayersModel)) return false;
  return Object.entries(part).every(([field, value]) => /initializer$/i.test(field) || isOwn(value, seen));
}
