import { addressOf, tfEngine, type WasmBackend } from "../internals";
import { optimizerKernels } from "../optimizerSteps";
import { tf } from "../tf";
import { assignData, bringHome, bytesOf, copyOut, hold, release } from "./data";
import { blockFinder } from "./packing";
import { record, refuse, type Recording } from "./recording";

/** What a step returns. */
export type Outputs = tf.Tensor | tf.Tensor[];

/** A training step, or any other function of tensors. */
export type StepFunction = (...inputs: tf.Tensor[]) => Outputs;

/** Where an output of the step lies. */
export interface OutputPlace {
  readonly address: number;
  readonly shape: number[];
  readonly dtype: tf.DataType;
}

/** One recorded run of a step. */
export interface Run {
  readonly recording: Recording;
  readonly outputs: readonly OutputPlace[];
  /** True if the step returns one tensor, not a list. */
  readonly single: boolean;
  /** Where the step has put the new values of each variable that it changed. */
  readonly changes: ReadonlyMap<tf.Variable, number>;
  /** What the step returned. */
  readonly result: Outputs;
}

/**
 * Takes an ordinary step and writes it down. Afterwards each variable has the data that it had before, with the new
 * values in it, so that the next run finds everything where this one found it.
 */
export function runRecorded(backend: WasmBackend, step: StepFunction, inputs: tf.Tensor[]): Run {
  const variables = Object.values(tfEngine().state.registeredVariables).filter(({ dtype }) => dtype !== "string");
  // Looking a variable's data up brings it here from another backend.
  for (const { dataId } of variables) backend.dataIdMap.get(dataId);
  for (const variable of variables) bringHome(backend, variable);
  const before = new Map(variables.map((variable) => [variable, variable.dataId]));
  for (const dataId of before.values()) hold(backend, dataId);
  const firstMade = tfEngine().nextTensorId();
  const isReturnedAsIs = (tensor: tf.Tensor): boolean => tensor.id < firstMade && !inputs.includes(tensor);
  try {
    const { recording, result } = record(backend, () => step(...inputs));
    const list = [result].flat();
    if (list.some(isReturnedAsIs)) refuse(recording, "the step returns a tensor that was there before it");
    const outputs = list.map((tensor) => ({
      address: addressOf(backend, tensor),
      shape: tensor.shape,
      dtype: tensor.dtype,
    }));
    const copies = outputs.map((output, index) =>
      isReturnedAsIs(list[index]) ? list[index] : copyOut(backend, output.address, output),
    );
    const changes = takeBack(backend, before, recording);
    tf.dispose(list.filter((tensor) => !isReturnedAsIs(tensor)));
    const alive = recording.made.filter((dataId) => backend.dataIdMap.has(dataId)).length;
    if (alive > 0) refuse(recording, `${String(alive)} tensor(s) made in the step outlive it`);
    const gone = [...recording.outside].filter((dataId) => !backend.dataIdMap.has(dataId)).length;
    if (gone > 0) refuse(recording, `${String(gone)} tensor(s) from before the step are disposed in it`);
    return {
      recording,
      outputs,
      single: !Array.isArray(result),
      changes,
      result: Array.isArray(result) ? copies : copies[0],
    };
  } finally {
    for (const dataId of before.values()) release(backend, dataId);
  }
}

/** Copies the new values of each variable into the data that it had before, and says where they were. */
function takeBack(
  backend: WasmBackend,
  before: ReadonlyMap<tf.Variable, object>,
  recording: Recording,
): Map<tf.Variable, number> {
  const changes = new Map<tf.Variable, number>();
  for (const [variable, home] of before) {
    if (variable.isDisposed) refuse(recording, "a variable is disposed in the step");
    else if (variable.dataId !== home) changes.set(variable, addressOf(backend, variable));
  }
  const registered = Object.values(tfEngine().state.registeredVariables);
  if (registered.some((variable) => variable.dtype !== "string" && !before.has(variable)))
    refuse(recording, "a variable is made in the step");
  for (const [variable, address] of changes) {
    const home = before.get(variable)!;
    const to = backend.dataIdMap.get(home).memoryOffset;
    backend.wasm?.HEAPU8.copyWithin(to, address, address + bytesOf(variable));
    assignData(variable, home);
  }
  return changes;
}

/** The first difference between what two runs did, in words; undefined if there is none. */
export function difference(before: readonly string[], after: readonly string[]): string | undefined {
  if (before.length !== after.length) {
    return `${String(before.length)} operations in one step, ${String(after.length)} in another`;
  }
  const place = before.findIndex((line, index) => line !== after[index]);
  return place < 0 ? undefined : `operation ${String(place)} was ${before[place]}, then ${after[place]}`;
}

/**
 * All that a run did, a line each: places in its own memory are told apart by their order, variables and the optimizer's
 * tensors by their names.
 */
export function describe(
  { recording, outputs, changes }: Run,
  optimizerTensors: Readonly<Record<string, tf.Tensor>>,
): readonly string[] {
  const { backend, blocks, calls, tensors, firstTensor } = recording;
  const names = namesOf(backend, optimizerTensors);
  const places = new Map(blocks.map((block, index) => [block, index]));
  const find = blockFinder(blocks);
  const place = (address: number): string => {
    const block = find(address);
    if (block !== undefined) return `#${String(places.get(block))}+${String(address - block.address)}`;
    return names.addresses.get(address) ?? String(address);
  };
  const argument = (arg: number): string => {
    if (tensors.has(arg)) return `tensor ${String(arg - firstTensor)}`;
    return names.ids.get(arg) ?? String(arg);
  };
  return [
    ...calls.map(({ name, args, addresses }) => {
      const rates = optimizerKernels[name] ?? [];
      const words = args.map((arg, index) => {
        if (rates.some((rate) => rate.place === index)) return "rate";
        if (addresses.length === 0) return argument(arg);
        return addresses.includes(index) ? place(arg) : String(arg);
      });
      return `${name}(${words.join(", ")})`;
    }),
    ...blocks.map(({ size, constant }) => `memory of ${String(size)} bytes, ${constant ?? "computed"}`),
    ...outputs.map(({ address, shape, dtype }) => `output ${dtype} [${shape.join()}] at ${place(address)}`),
    ...[...changes].map(([{ name }, address]) => `${name} at ${place(address)}`),
  ];
}

/** Names of variables and of the optimizer's tensors, by their addresses and by their numbers in tfjs's binary. */
function namesOf(
  backend: WasmBackend,
  optimizerTensors: Readonly<Record<string, tf.Tensor>>,
): Readonly<Record<"addresses" | "ids", ReadonlyMap<number, string>>> {
  const named = Object.entries({ ...tfEngine().state.registeredVariables, ...optimizerTensors });
  const datas = named
    .filter(([, { dataId }]) => backend.dataIdMap.has(dataId))
    .map(([name, { dataId }]) => ({ name, ...backend.dataIdMap.get(dataId) }));
  return {
    addresses: new Map(datas.map(({ name, memoryOffset }) => [memoryOffset, name])),
    ids: new Map(datas.map(({ name, id }) => [id, name])),
  };
}
