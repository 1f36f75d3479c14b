import { addressOf, type DataId, type WasmInstance } from "../internals";
import { optimizerKernels, type RateArgument } from "../optimizerSteps";
import { sideModule } from "../sideModule";
import { tf } from "../tf";
import { bytesOf, hold, leaveHome, release, takeHome } from "./data";
import { blockFinder, pack, type Use } from "./packing";
import { allocateBlock, freeBlock, freeRecording, type Block, type Call } from "./recording";
import type { OutputPlace, Run } from "./run";

/** A step as a list of calls over memory of its own. */
export interface Program {
  readonly calls: readonly Call[];
  readonly rates: readonly { readonly args: number[]; readonly argument: RateArgument }[];
  readonly outputs: readonly OutputPlace[];
  readonly single: boolean;
  /** Variables that the step reads or changes. */
  readonly variables: readonly tf.Variable[];
  /** Bytes that the program keeps. */
  readonly bytes: number;
  /** Fills the memory that a step computes in with NaN. */
  poison(): void;
  free(): void;
}

/** Kernels whose outputs may lie where an input lies: they read each number before they write it. */
const inPlace = new Set(["adam", "sgd", "momentumSgd", "rmsprop", "scale", "batchNorm"]);

/**
 * Makes a program of a recorded run: new values go straight to their variables where they can, all else lies packed by the
 * times at which it is used. The run's own memory is filled with NaN, and freed by `discard`.
 *
 * @param inputs - data of the inputs, which whoever calls holds
 */
export function compile(
  run: Run,
  inputs: readonly DataId[],
): { readonly program: Program; readonly discard: () => void } {
  const { recording } = run;
  const { backend, calls, blocks, tensors } = recording;
  const wasm = backend.wasm!;
  const variables = variablesOf(run);
  const known = new Set([...inputs, ...variables.map(({ dataId }) => dataId)]);
  const outside = [...recording.outside].filter((dataId) => !known.has(dataId));
  keepChanges(run);

  const computed = blocks.filter(({ constant }) => constant === undefined);
  const find = blockFinder(computed);
  const packing = pack(usesOf(run, find));
  const memory = allocateBlock(wasm, packing.bytes + 64);
  recording.packed = memory;
  const start = (memory + 63) & ~63;
  const moved = (address: number): number => {
    const block = find(address);
    const offset = block && packing.offsets.get(block);
    return block === undefined || offset === undefined ? address : start + offset + (address - block.address);
  };
  for (const { args, addresses } of calls) for (const place of addresses) args[place] = moved(args[place]);
  for (const [id, { size, address }] of tensors) registerAgain(wasm, id, size, moved(address));
  for (const dataId of outside) hold(backend, dataId);
  for (const variable of variables) takeHome(backend, variable);

  const program: Program = {
    calls,
    rates: calls.flatMap(({ name, args }) => (optimizerKernels[name] ?? []).map((argument) => ({ args, argument }))),
    outputs: run.outputs.map((output) => ({ ...output, address: moved(output.address) })),
    single: run.single,
    variables,
    bytes: packing.bytes + blocks.reduce((sum, { size, constant }) => (constant === undefined ? sum : sum + size), 0),
    poison: () => wasm.HEAPU8.fill(0xff, start, start + packing.bytes),
    free() {
      for (const dataId of outside) release(backend, dataId);
      for (const variable of variables) leaveHome(backend, variable);
      freeRecording(recording);
    },
  };
  for (const { address, size } of computed) wasm.HEAPU8.fill(0xff, address, address + size);
  const discard = (): void => {
    for (const { address } of computed) freeBlock(backend, address);
    // Their addresses may soon belong to somebody else.
    blocks.splice(0, Infinity, ...blocks.filter(({ constant }) => constant !== undefined));
  };
  return { program, discard };
}

function registerAgain(wasm: WasmInstance, id: number, size: number, address: number): void {
  wasm.asm.dispose_data(id);
  wasm.asm.register_tensor(id, size, address);
}

/** Variables whose data the run has read or changed. */
function variablesOf({ recording, changes }: Run): tf.Variable[] {
  const registered = Object.values(tf.engine().registeredVariables);
  return registered.filter((variable) => recording.outside.has(variable.dataId) || changes.has(variable));
}

/** Makes the calls leave the new values in the variables: straight away where possible, else by a copy at the end. */
function keepChanges({ recording, outputs, changes }: Run): void {
  const { backend, calls, blocks } = recording;
  const { copyRows } = sideModule(backend);
  const find = blockFinder(blocks);
  const users = usersByBlock(calls, recording.tensors, find);
  for (const [variable, address] of changes) {
    const home = addressOf(backend, variable);
    const block = find(address);
    const [producer, ...others] = (block && users.get(block)) ?? [];
    const direct =
      block?.address === address &&
      others.length === 0 &&
      inPlace.has(calls[producer]?.name) &&
      outputs.every((output) => find(output.address) !== block) &&
      calls.slice(producer + 1).every((call) => !call.addresses.some((place) => call.args[place] === home)) &&
      calls.slice(producer + 1).every((call) => !call.args.includes(backend.dataIdMap.get(variable.dataId).id));
    if (direct) {
      const { args, addresses } = calls[producer];
      for (const place of addresses) if (args[place] === address) args[place] = home;
    } else {
      const args = [address, home, 1, bytesOf(variable), 0, 0];
      calls.push({ name: "copyRows", run: copyRows as Call["run"], args, addresses: [0, 1] });
    }
  }
}

function usersByBlock(
  calls: readonly Call[],
  tensors: ReadonlyMap<number, { readonly address: number }>,
  find: (address: number) => Block | undefined,
): Map<Block, number[]> {
  const users = new Map<Block, number[]>();
  calls.forEach((call, index) => {
    for (const block of blocksOf(call, tensors, find)) users.set(block, [...(users.get(block) ?? []), index]);
  });
  return users;
}

function usesOf({ recording, outputs }: Run, find: (address: number) => Block | undefined): Use[] {
  const uses = new Map<Block, Use>();
  recording.calls.forEach((call, index) => {
    for (const block of blocksOf(call, recording.tensors, find)) {
      const use = uses.get(block);
      if (use === undefined) uses.set(block, { block, first: index, last: index });
      else use.last = index;
    }
  });
  for (const { address } of outputs) {
    const block = find(address);
    const use = block && uses.get(block);
    if (use) use.last = Infinity;
  }
  return [...uses.values()];
}

/** The blocks that a call reads or writes, each once. */
function blocksOf(
  { args, addresses }: Call,
  tensors: ReadonlyMap<number, { readonly address: number }>,
  find: (address: number) => Block | undefined,
): Set<Block> {
  const found = new Set<Block>();
  args.forEach((arg, place) => {
    const address = addresses.includes(place) ? arg : addresses.length === 0 ? tensors.get(arg)?.address : undefined;
    const block = address === undefined ? undefined : find(address);
    if (block !== undefined) found.add(block);
  });
  return found;
}
