import type { DataId, RawFunction, WasmBackend, WasmInstance } from "../internals";
import { allocate } from "../memory";
import { sideModule, standInForSideModule } from "../sideModule";
import { tf } from "../tf";
import { addressParameters, type SideModule } from "../wasm.generated";

/** One call of a compiled function, to be repeated. */
export interface Call {
  readonly name: string;
  readonly run: RawFunction;
  readonly args: number[];
  /** Places among `args` that hold addresses; a function of tfjs's own takes numbers of tensors instead. */
  readonly addresses: readonly number[];
}

/** Memory that the step was given. */
export interface Block {
  readonly address: number;
  readonly size: number;
  /** What JavaScript wrote into it, as a hash: it is a constant of the step. */
  readonly constant: string | undefined;
}

/** A place in the memory that an index was read from, and the length of the axis that it must lie within. */
export interface IndexCheck {
  readonly address: number;
  readonly below: number;
}

/** All that one run of a step did. */
export interface Recording {
  readonly backend: WasmBackend;
  readonly calls: Call[];
  readonly blocks: Block[];
  /** Tensors by their numbers in tfjs's binary. */
  readonly tensors: Map<number, { readonly size: number; readonly address: number }>;
  /** Data from before the step that it used. */
  readonly outside: Set<DataId>;
  /** Data that was made in the step. */
  readonly made: DataId[];
  readonly indexChecks: IndexCheck[];
  /** Optimizers that took a step in it. */
  readonly optimizers: Set<tf.Optimizer>;
  /** Addresses and numbers of tensors that tfjs has given back, and that are kept nevertheless. */
  readonly givenBack: { readonly addresses: Set<number>; readonly tensors: Set<number> };
  /** Bytes of all blocks. */
  bytes: number;
  /** The memory that its program works in, once it has one. */
  packed: number | undefined;
  /** First number of its tensors. */
  readonly firstTensor: number;
  /** Why this run cannot be repeated. */
  refusal: string | undefined;
}

/** Tensors of recordings are numbered from here; tfjs numbers its own from 1. */
const firstNumber = 0x10000000;
const lastNumber = 0x7fffffff;
let nextNumber = firstNumber;

/** What a step may use in all while it is recorded, for nothing is used twice then, in bytes. */
const mostBytes = 2 ** 29;

let current: Recording | undefined;
let reading = 0;

/** Recordings that have not been freed. */
const kept = new Set<Recording>();

/** The number that the backend would have given next when the recording began. */
let numberBefore = 0;

/** Addresses and tensors of recordings, which tfjs must not free. */
const ownAddresses = new Set<number>();
const ownTensors = new Set<number>();

/** Contents of array arguments, such as shapes, by backend; kept for good, for they are few and small. */
const arrays = new WeakMap<WasmInstance, Map<string, number>>();

/** The recording that runs now. */
export function currentRecording(): Recording | undefined {
  return current;
}

/** Runs `step` as always and writes down what it does. */
export function record<T>(backend: WasmBackend, step: () => T): { readonly recording: Recording; readonly result: T } {
  prepare(backend);
  const recording: Recording = {
    backend,
    calls: [],
    blocks: [],
    tensors: new Map(),
    outside: new Set(),
    made: [],
    indexChecks: [],
    optimizers: new Set(),
    givenBack: { addresses: new Set(), tensors: new Set() },
    bytes: 0,
    packed: undefined,
    firstTensor: nextNumber,
    refusal: undefined,
  };
  const module = writingDown(sideModule(backend), recording);
  const { dataIdMap } = backend;
  const { get } = dataIdMap;
  // From here on a kill finds what it has to end.
  numberBefore = backend.dataIdNextNumber;
  kept.add(recording);
  current = recording;
  backend.dataIdNextNumber = nextNumber;
  dataIdMap.get = (dataId) => {
    const data = get.call(dataIdMap, dataId);
    if (data.id < firstNumber) recording.outside.add(dataId);
    return data;
  };
  standInForSideModule(module);
  let whole = false;
  try {
    const result = step();
    whole = true;
    return { recording, result };
  } finally {
    end(recording);
    if (nextNumber > lastNumber) refuse(recording, "all numbers of tensors are used up");
    if (!whole) freeRecording(recording);
  }
}

/** Ends the recording that was cut off and frees all that there are: a cell was killed. What tensors have stays theirs. */
export function abandonRecordings(): void {
  reading = 0;
  if (current !== undefined) end(current);
  for (const recording of kept) freeRecording(recording);
}

function end({ backend }: Recording): void {
  standInForSideModule(undefined);
  Reflect.deleteProperty(backend.dataIdMap, "get");
  nextNumber = Math.max(nextNumber, backend.dataIdNextNumber);
  backend.dataIdNextNumber = numberBefore;
  current = undefined;
}

/** True for as many tensors as a recording may need. */
export function canRecord(): boolean {
  return nextNumber < lastNumber - 0x400000;
}

/** Says why the run cannot be repeated; the first reason counts. From then on memory is given back as always. */
export function refuse(recording: Recording | undefined, why: string): void {
  if (recording === undefined || recording.refusal !== undefined) return;
  recording.refusal = why;
  const { backend, givenBack } = recording;
  for (const address of givenBack.addresses) freeBlock(backend, address);
  for (const id of givenBack.tensors) if (ownTensors.delete(id)) backend.wasm?.asm.dispose_data(id);
}

/** Lets `read` look at values: what it does with them is checked at each repetition. */
export function allowReading<T>(read: () => T): T {
  reading++;
  try {
    return read();
  } finally {
    reading--;
  }
}

/** Gives the memory of a recording back, but for what still has an owner outside it. */
export function freeRecording(recording: Recording): void {
  const { backend, blocks, tensors, made, packed } = recording;
  const { wasm, dataIdMap } = backend;
  kept.delete(recording);
  if (packed !== undefined) freeBlock(backend, packed);
  const alive = new Set(
    made.filter((dataId) => dataIdMap.has(dataId)).map((dataId) => dataIdMap.get(dataId).memoryOffset),
  );
  for (const { address } of blocks) freeBlock(backend, address, alive.has(address));
  for (const [id, { address }] of tensors) {
    if (ownTensors.delete(id) && !alive.has(address)) wasm?.asm.dispose_data(id);
  }
}

/** Frees one block of a recording; with `alive`, only from then on tfjs may. */
export function freeBlock({ wasm }: WasmBackend, address: number, alive = false): void {
  if (ownAddresses.delete(address) && !alive) wasm?.asm.free(address);
}

/** Memory that tfjs's `_free` leaves alone. */
export function allocateBlock(wasm: WasmInstance, bytes: number): number {
  const address = allocate(wasm, bytes);
  ownAddresses.add(address);
  return address;
}

const prepared = new WeakSet<WasmInstance>();

/** Makes a backend write down what it is asked for while a recording runs; once for each instance of tfjs's binary. */
function prepare(backend: WasmBackend): void {
  const { wasm } = backend;
  if (wasm === null || prepared.has(wasm)) return;
  prepared.add(wasm);
  watchMemory(backend, wasm);
  watchValues(backend);
  const { cwrap } = wasm;
  // It stays: tfjs sets its kernels up anew whenever the backend is chosen.
  wasm.cwrap = (name, returns, types) => recordedFunction(wasm, cwrap, name, returns, types);
  for (const { setupFunc } of tf.getKernelsForBackend("wasm")) setupFunc?.(backend);
}

function watchMemory(backend: WasmBackend, wasm: WasmInstance): void {
  const { free } = wasm.asm;
  let constant: string | undefined;
  wasm._malloc = (bytes) => {
    // Whole cache lines, so that blocks that are packed later stay aligned.
    const size = Math.ceil(Math.max(bytes, 16) / 64) * 64;
    if (current !== undefined && (current.bytes += size) > mostBytes) {
      refuse(current, `recording the step needs more than ${String(mostBytes / 2 ** 20)} MB`);
    }
    if (current === undefined || current.refusal !== undefined) return allocate(wasm, bytes);
    const address = allocateBlock(wasm, size);
    current.blocks.push({ address, size, constant });
    return address;
  };
  wasm._free = (address) => {
    if (!ownAddresses.has(address >>> 0)) free(address);
    else if (current?.refusal === undefined) current?.givenBack.addresses.add(address >>> 0);
    else freeBlock(backend, address >>> 0);
  };
  const { registerTensor, disposeData } = wasm.tfjs;
  wasm.tfjs.registerTensor = (id, size, address) => {
    registerTensor(id, size, address);
    if (current === undefined || current.refusal !== undefined) return;
    current.tensors.set(id, { size, address });
    ownTensors.add(id);
  };
  wasm.tfjs.disposeData = (id) => {
    if (!ownTensors.has(id)) disposeData(id);
    else if (current?.refusal === undefined) current?.givenBack.tensors.add(id);
    else if (ownTensors.delete(id)) disposeData(id);
  };
  const { move } = backend;
  backend.move = (dataId, values, shape, dtype, refCount) => {
    constant = undefined;
    if (current !== undefined) {
      current.made.push(dataId);
      if (dtype === "string") refuse(current, "a tensor of strings is made in the step");
      else if (values !== null) constant = hash(values);
    }
    move.call(backend, dataId, values, shape, dtype, refCount);
    constant = undefined;
  };
}

function watchValues(backend: WasmBackend): void {
  const { readSync, typedArrayFromHeap, makeOutput } = backend;
  backend.readSync = (dataId, start, end) => {
    if (reading === 0) refuse(current, "the step reads values (dataSync, data, or an operation that does)");
    return readSync.call(backend, dataId, start, end);
  };
  backend.typedArrayFromHeap = (tensor) => {
    if (reading === 0) refuse(current, "the step uses an operation that tfjs computes in JavaScript");
    return typedArrayFromHeap.call(backend, tensor);
  };
  backend.makeOutput = (shape, dtype, address, values) => {
    if (address != null) refuse(current, "the step uses an operation whose output has no size beforehand");
    return makeOutput.call(backend, shape, dtype, address, values);
  };
}

/** A function of tfjs's binary that writes its calls down, with arrays as addresses of copies that stay. */
function recordedFunction(
  wasm: WasmInstance,
  cwrap: WasmInstance["cwrap"],
  name: string,
  returns: string | null,
  types: readonly string[],
): (...args: unknown[]) => unknown {
  const wrapped = cwrap(name, returns, types);
  const run = wasm.asm[name];
  return (...args) => {
    const result = wrapped(...args);
    if (current !== undefined) {
      if (returns !== null) refuse(current, `the step uses ${name}, whose output has no size beforehand`);
      current.calls.push({ name, run, args: args.map((arg) => plainArgument(wasm, arg)), addresses: [] });
    }
    return result;
  };
}

function plainArgument(wasm: WasmInstance, arg: unknown): number {
  if (arg instanceof Uint8Array) return addressOfArray(wasm, arg);
  if (typeof arg === "number" || typeof arg === "boolean") return Number(arg);
  if (arg != null) refuse(current, `an operation takes a ${typeof arg}`);
  return 0;
}

function addressOfArray(wasm: WasmInstance, bytes: Uint8Array): number {
  let known = arrays.get(wasm);
  if (known === undefined) arrays.set(wasm, (known = new Map<string, number>()));
  const key = bytes.join();
  let address = known.get(key);
  if (address === undefined) {
    address = (wasm.asm.malloc(Math.max(16, bytes.length)) as number) >>> 0;
    wasm.HEAPU8.set(bytes, address);
    known.set(key, address);
  }
  return address;
}

function writingDown(module: SideModule, { calls }: Recording): SideModule {
  const entries = Object.entries(addressParameters).map(([name, addresses]) => {
    const run = module[name as keyof SideModule] as RawFunction;
    const recorded = (...args: (number | boolean)[]): unknown => {
      const numbers = args.map(Number);
      // Functions that only reckon sizes need not be repeated.
      if (addresses.length > 0) calls.push({ name, run, args: numbers, addresses });
      return run(...numbers);
    };
    return [name, recorded];
  });
  return Object.fromEntries(entries) as SideModule;
}

function hash(values: tf.TypedArray): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let state = 0x811c9dc5;
  for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193);
  return `${String(state >>> 0)}:${String(bytes.length)}`;
}
