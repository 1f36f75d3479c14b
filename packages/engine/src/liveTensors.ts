import { storageOf, tfEngine, type Backend, type Data, type DataId, type DataStorage } from "./internals";
import { tf } from "./tf";

// tfjs knows how many tensors there are, but not which. To put its books right after a cell was killed in the middle of
// an operation, the engine keeps the list: a push for each tensor made, and now and then the disposed ones thrown out.

/** Every tensor made and not yet disposed, but for variables (tfjs registers those), and some that were disposed. */
let tensors: tf.Tensor[] = [];
let compactAt = 1024;

/** Data made and not yet given to a tensor: what runs now has made it. And some that was given, or disposed, since. */
let looseIds: DataId[] = [];
let looseStorages: DataStorage[] = [];
const looseLimit = 256;

/** The assignment that runs now, or the last one. */
const assignment: { variable?: tf.Variable; value?: tf.Tensor } = {};

/** Tensors that were there before the engine was loaded; nothing else is known of them. */
const unseen = { tensors: 0, dataBuffers: 0, bytes: 0 };

let watching = false;

/** Starts keeping the list; called when the engine is loaded, so that it is complete. */
export function watchTensors(): void {
  if (watching) return;
  watching = true;
  const engine = tfEngine();
  const variables = Object.values(engine.state.registeredVariables);
  unseen.tensors = engine.state.numTensors - variables.length;
  unseen.dataBuffers = engine.state.numDataBuffers - variables.length;
  unseen.bytes = engine.state.numBytes - variables.reduce((sum, variable) => sum + bytesOf(variable), 0);

  const track = engine.trackTensor.bind(engine);
  engine.trackTensor = (tensor, backend) => {
    if (!isVariable(tensor)) {
      if (looseIds[looseIds.length - 1] === tensor.dataId) {
        looseIds.pop();
        looseStorages.pop();
      }
      tensors.push(tensor);
      if (tensors.length >= compactAt) compact();
    }
    track(tensor, backend);
  };

  const storage = tf.DataStorage.prototype as unknown as DataStorage;
  const set = storage.set;
  storage.set = function (this: DataStorage, dataId: DataId, data: Data): void {
    looseIds.push(dataId);
    looseStorages.push(this);
    if (looseIds.length > looseLimit) compactLoose();
    set.call(this, dataId, data);
  };

  const { assign } = tf.Variable.prototype;
  tf.Variable.prototype.assign = function (this: tf.Variable, value: tf.Tensor): void {
    assignment.variable = this;
    assignment.value = value;
    assign.call(this, value);
  };
}

/**
 * Disposes every tensor and variable numbered `first` or later, and makes tfjs's books say what is left, whatever
 * operation was cut off in the middle.
 *
 * A tensor whose disposal was cut off is either whole again or gone. Data that a variable from before uses stays, even
 * if it was made later: assigning to a variable makes it share the data of the value.
 */
export function disposeTensorsSince(first: number): void {
  completeAssignment();
  const { state } = tfEngine();
  const kept: tf.Tensor[] = [];
  const references = new Map<DataId, number>();
  const released: { readonly dataId: DataId; readonly storage: DataStorage | undefined }[] = looseIds.map(
    (dataId, index) => ({ dataId, storage: looseStorages[index] }),
  );
  for (const tensor of [...tensors, ...Object.values(state.registeredVariables)]) {
    if (tensor.isDisposed) continue;
    if (tensor.id < first && hasData(tensor.dataId)) {
      kept.push(tensor);
      references.set(tensor.dataId, (references.get(tensor.dataId) ?? 0) + 1);
    } else {
      released.push({ dataId: tensor.dataId, storage: undefined });
      (tensor as unknown as { isDisposedInternal: boolean }).isDisposedInternal = true;
      if (isVariable(tensor)) Reflect.deleteProperty(state.registeredVariables, tensor.name);
    }
  }
  for (const { dataId, storage } of released) {
    if (!references.has(dataId)) release(dataId, storage);
  }
  // Complex tensors of the cpu backend hold references of their own to the data of their two parts.
  if (unseen.tensors === 0 && kept.every((tensor) => tensor.dtype !== "complex64")) countReferences(references);
  state.numTensors = unseen.tensors + kept.length;
  state.numStringTensors = kept.filter((tensor) => tensor.dtype === "string").length;
  state.numDataBuffers = unseen.dataBuffers + references.size;
  state.numBytes = unseen.bytes + kept.reduce((sum, tensor) => sum + bytesOf(tensor), 0);
  tensors = kept.filter((tensor) => !isVariable(tensor));
  looseIds = [];
  looseStorages = [];
}

/** Makes the backends' counts of references and of data what they are: `references` are all there is. */
function countReferences(references: ReadonlyMap<DataId, number>): void {
  const { registry, state } = tfEngine();
  for (const backend of Object.values(registry)) {
    const storage = backend === undefined ? undefined : storageOf(backend);
    if (storage === undefined) continue;
    const own = [...references].filter(([dataId]) => state.tensorInfo.get(dataId)?.backend === backend);
    for (const [dataId, count] of own) storage.get(dataId).refCount = count;
    storage.dataIdsCount = own.length;
  }
}

/** A variable that has lost its old value gets the new one; one that has not keeps the old one. */
function completeAssignment(): void {
  const { variable, value } = assignment;
  if (variable === undefined || value === undefined) return;
  if (!variable.isDisposed && !hasData(variable.dataId) && hasData(value.dataId)) variable.dataId = value.dataId;
  assignment.variable = undefined;
  assignment.value = undefined;
}

function release(dataId: DataId, madeIn: DataStorage | undefined): void {
  const { tensorInfo } = tfEngine().state;
  const backend: Backend | undefined = tensorInfo.get(dataId)?.backend ?? madeIn?.backend;
  const storage = backend === undefined ? undefined : storageOf(backend);
  if (backend !== undefined && storage?.has(dataId)) {
    // Without a reference left, its disposal had begun and its memory may be free already: never free it twice.
    if (storage.get(dataId).refCount > 0) backend.disposeData(dataId, true);
    else storage.delete(dataId);
  }
  tensorInfo.delete(dataId);
}

function dataOf(dataId: DataId): Data | undefined {
  const info = tfEngine().state.tensorInfo.get(dataId);
  const storage = info === undefined ? undefined : storageOf(info.backend);
  return storage?.has(dataId) ? storage.get(dataId) : undefined;
}

function hasData(dataId: DataId): boolean {
  return (dataOf(dataId)?.refCount ?? 0) > 0;
}

function bytesOf(tensor: tf.Tensor): number {
  if (tensor.dtype === "complex64") return 0;
  if (tensor.dtype === "string") return tfEngine().state.tensorInfo.get(tensor.dataId)?.bytes ?? 0;
  return tensor.size * tf.util.bytesPerElement(tensor.dtype);
}

function isVariable(tensor: tf.Tensor): tensor is tf.Variable {
  return (tensor as Partial<tf.Variable>).assign !== undefined;
}

function compact(): void {
  tensors = tensors.filter((tensor) => !tensor.isDisposed);
  compactAt = Math.max(1024, 2 * tensors.length);
}

function compactLoose(): void {
  const { tensorInfo } = tfEngine().state;
  const still = looseIds.map((dataId, index) => looseStorages[index].has(dataId) && !tensorInfo.has(dataId));
  const last = looseIds.length - 1;
  still[last] = true; // just made, not yet in the table
  const ids = looseIds.filter((_, index) => still[index]);
  const storages = looseStorages.filter((_, index) => still[index]);
  looseIds = ids;
  looseStorages = storages;
}
