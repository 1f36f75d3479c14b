import { addressOf, tfEngine, type DataId, type WasmBackend } from "../internals";
import { tf } from "../tf";
import { bringHome, bytesOf, copyOut, hold, isReachable, release } from "./data";
import { blockFinder } from "./packing";
import { compile, type Program } from "./program";
import { freeRecording } from "./recording";
import { describe, difference, runRecorded, type Outputs, type Run, type StepFunction } from "./run";

type Fields = Readonly<Record<string, unknown>>;

/** A tensor that an optimizer keeps beside its variables, such as its negative learning rate. */
interface OptimizerTensor {
  readonly field: string;
  readonly dataId: DataId;
  readonly address: number;
}

/** An input that holds indices, which must lie below a length. */
interface IndexedInput {
  readonly input: number;
  readonly below: number;
}

interface Captured {
  readonly kind: "captured";
  readonly program: Program;
  readonly description: readonly string[];
  readonly indexed: readonly IndexedInput[];
  /** The optimizer's numbers that are part of the program. */
  readonly numbers: string;
  readonly tensors: readonly OptimizerTensor[];
  /** Steps that the optimizer counts in one step. */
  readonly counts: number;
}

type State =
  | { readonly kind: "new" }
  | { readonly kind: "recorded"; readonly description: readonly string[]; readonly changed: readonly tf.Variable[] }
  | Captured
  | { readonly kind: "ordinary"; readonly reason: string };

/** A step for inputs of certain shapes: recorded twice, checked, then repeated as a list of calls. */
export class Graph {
  private state: State = { kind: "new" };
  private readonly inputs: readonly tf.TensorInfo[];

  /**
   * @param ordinary - the step, in a `tf.tidy`
   * @param like - inputs of the shapes and types that this graph is for
   */
  constructor(
    private readonly backend: WasmBackend,
    private readonly ordinary: StepFunction,
    private readonly optimizer: tf.Optimizer | undefined,
    like: readonly tf.Tensor[],
  ) {
    this.inputs = like.map(({ shape, dtype }) => backend.makeOutput(shape, dtype));
  }

  /** How far it is. */
  get kind(): State["kind"] {
    return this.state.kind;
  }

  /** Why its steps are ordinary ones. */
  get reason(): string | undefined {
    return this.state.kind === "ordinary" ? this.state.reason : undefined;
  }

  /** Calls of a repeated step. */
  get calls(): number {
    return this.state.kind === "captured" ? this.state.program.calls.length : 0;
  }

  /** Bytes that it keeps for repeated steps. */
  get bytes(): number {
    return this.state.kind === "captured" ? this.state.program.bytes : 0;
  }

  /** Takes one step, whichever way. */
  step(inputs: tf.Tensor[]): Outputs {
    if (this.state.kind === "ordinary") return this.ordinary(...inputs);
    if (this.state.kind === "captured" && this.isStale(this.state)) this.forget();
    return this.state.kind === "captured" ? this.repeat(this.state, inputs) : this.recordStep(inputs);
  }

  /** Takes an ordinary step and compares it with the repeated one; a difference makes the graph record anew. */
  audit(inputs: tf.Tensor[]): { readonly result: Outputs; readonly difference: string | undefined } {
    if (this.state.kind === "captured" && this.isStale(this.state)) this.forget();
    const { state } = this;
    if (state.kind !== "captured") return { result: this.step(inputs), difference: "nothing is captured" };
    const run = this.run(inputs);
    const found = run.recording.refusal ?? difference(state.description, describe(run, this.optimizerTensors()));
    freeRecording(run.recording);
    if (found !== undefined) this.forget();
    return { result: run.result, difference: found };
  }

  /** Frees what it keeps; it cannot be used any more. */
  free(): void {
    this.forget();
    this.releaseInputs();
  }

  private releaseInputs(): void {
    for (const { dataId } of this.inputs) release(this.backend, dataId);
  }

  private forget(): void {
    const { state } = this;
    this.state = { kind: "new" };
    if (state.kind === "captured") state.program.free();
  }

  private stayOrdinary(reason: string): void {
    this.state = { kind: "ordinary", reason };
    this.releaseInputs();
  }

  private recordStep(inputs: tf.Tensor[]): Outputs {
    const earlier = this.state.kind === "recorded" ? this.state : undefined;
    const before = new Map(earlier?.changed.map((variable) => [variable, this.valuesOf(variable)]));
    const counted = this.optimizer?.iterations ?? 0;
    const run = this.run(inputs);
    const description = describe(run, this.optimizerTensors());
    const refusal = run.recording.refusal ?? (earlier && difference(earlier.description, description));
    if (refusal !== undefined || earlier === undefined) {
      freeRecording(run.recording);
      if (refusal !== undefined) this.stayOrdinary(refusal);
      else this.state = { kind: "recorded", description, changed: [...run.changes.keys()] };
      return run.result;
    }
    const counts = (this.optimizer?.iterations ?? 0) - counted;
    const captured = this.capture(run, description, before, counts);
    if (typeof captured === "string") this.stayOrdinary(captured);
    else this.state = captured;
    return run.result;
  }

  /** The recorded run as a program that was seen to do the same; or why not. */
  private capture(
    run: Run,
    description: readonly string[],
    before: ReadonlyMap<tf.Variable, Uint8Array>,
    counts: number,
  ): Captured | string {
    const indexed = this.indexedInputs(run);
    const others = [...run.recording.optimizers].filter((one) => one !== this.optimizer).length;
    if (others > 0) {
      freeRecording(run.recording);
      return this.optimizer === undefined
        ? "the step uses an optimizer; give it as { optimizer }"
        : "the step uses another optimizer than the one that was given; capture a step for each";
    }
    if (typeof indexed === "string") {
      freeRecording(run.recording);
      return indexed;
    }
    const { program, discard } = compile(
      run,
      this.inputs.map(({ dataId }) => dataId),
    );
    const after = [...before.keys()].map((variable) => [variable, this.valuesOf(variable)] as const);
    for (const [variable, values] of before) this.putValues(variable, values);
    program.poison();
    for (const { run: call, args } of program.calls) call(...args);
    const outputs = this.outputsOf(program);
    const same =
      after.every(([variable, values]) => equal(this.valuesOf(variable), values)) &&
      [outputs].flat().every((output, index) => equal(this.bytesIn(output), this.bytesIn([run.result].flat()[index])));
    tf.dispose(outputs);
    for (const [variable, values] of after) this.putValues(variable, values);
    discard();
    if (!same) {
      program.free();
      return "repeating the step gave other values than the step itself";
    }
    const tensors = Object.entries(this.optimizerTensors()).map(([field, tensor]) => ({
      field,
      dataId: tensor.dataId,
      address: addressOf(this.backend, tensor),
    }));
    return { kind: "captured", program, description, indexed, counts, tensors, numbers: this.optimizerNumbers() };
  }

  private repeat(state: Captured, inputs: tf.Tensor[]): Outputs {
    const { program, tensors, counts } = state;
    if (!state.indexed.every(({ input, below }) => this.isBelow(inputs[input], below))) return this.ordinary(...inputs);
    const optimizer = this.optimizer as (tf.Optimizer & { readonly learningRate: number }) | undefined;
    for (const { field, dataId, address } of tensors) {
      const tensor = (optimizer as unknown as Fields)[field] as tf.Tensor;
      if (tensor.dataId !== dataId) this.copy(addressOf(this.backend, tensor), address, bytesOf(tensor));
    }
    this.load(inputs);
    if (optimizer) for (const { args, argument } of program.rates) args[argument.place] = argument.read(optimizer);
    for (const { run, args } of program.calls) run(...args);
    for (let step = 0; step < counts; step++) incrementIterations(optimizer);
    return this.outputsOf(program);
  }

  /** Whether the program no longer fits; variables that were given new values get them where the program looks. */
  private isStale({ program, numbers }: Captured): boolean {
    if (numbers !== this.optimizerNumbers()) return true;
    if (!program.variables.every((variable) => isReachable(this.backend, variable))) return true;
    for (const variable of program.variables) bringHome(this.backend, variable);
    return false;
  }

  private run(inputs: tf.Tensor[]): Run {
    this.load(inputs);
    for (const { dataId } of this.inputs) hold(this.backend, dataId);
    const tensors = this.inputs.map((input) => tf.keep(tfEngine().makeTensorFromTensorInfo(input, this.backend)));
    try {
      return runRecorded(this.backend, this.ordinary, tensors);
    } finally {
      tf.dispose(tensors);
    }
  }

  private load(inputs: readonly tf.Tensor[]): void {
    inputs.forEach((input, index) => {
      this.copy(addressOf(this.backend, input), addressOf(this.backend, this.inputs[index]), bytesOf(input));
    });
  }

  private outputsOf({ outputs, single }: Program): Outputs {
    const tensors = outputs.map((output) => copyOut(this.backend, output.address, output));
    return single ? tensors[0] : tensors;
  }

  /** The optimizer's numbers that are part of a program. */
  private optimizerNumbers(): string {
    return Object.entries((this.optimizer ?? {}) as Fields)
      .filter(([, value]) => typeof value !== "object" && typeof value !== "function")
      .filter(([field]) => field !== "iterations_" && !(field === "learningRate" && followsRate(this.optimizer)))
      .map(([field, value]) => `${field} ${String(value)}`)
      .join();
  }

  /** The tensors that the optimizer keeps beside its variables, by their fields. */
  private optimizerTensors(): Readonly<Record<string, tf.Tensor>> {
    const tensors = Object.entries((this.optimizer ?? {}) as Fields).filter(
      (entry): entry is [string, tf.Tensor] => entry[1] instanceof tf.Tensor && !(entry[1] instanceof tf.Variable),
    );
    return Object.fromEntries(tensors);
  }

  /** The inputs that hold indices of the run; or why they cannot be told. */
  private indexedInputs({ recording }: Run): readonly IndexedInput[] | string {
    const find = blockFinder(recording.blocks);
    const places = this.inputs.map((input) => addressOf(this.backend, input));
    const found: IndexedInput[] = [];
    for (const { address, below } of recording.indexChecks) {
      const made = recording.calls.find(({ name, args }) => name === "floatToInt" && args[1] === address);
      const input = places.indexOf(made === undefined ? address : made.args[0]);
      const block = find(address);
      if (input >= 0) found.push({ input, below });
      else if (block !== undefined && block.constant === undefined)
        return "the step makes the indices of a gather itself";
    }
    return found;
  }

  private isBelow(tensor: tf.Tensor, below: number): boolean {
    const values = this.bytesIn(tensor);
    const numbers = tensor.dtype === "int32" ? new Int32Array(values.buffer) : new Float32Array(values.buffer);
    return numbers.every((value) => value > -1 && value < below);
  }

  private valuesOf(variable: tf.Variable): Uint8Array<ArrayBuffer> {
    return this.bytesIn(variable);
  }

  private bytesIn(tensor: tf.TensorInfo): Uint8Array<ArrayBuffer> {
    const address = addressOf(this.backend, tensor);
    return this.backend.wasm!.HEAPU8.slice(address, address + bytesOf(tensor));
  }

  private putValues(variable: tf.Variable, values: Uint8Array): void {
    this.backend.wasm!.HEAPU8.set(values, addressOf(this.backend, variable));
  }

  private copy(from: number, to: number, bytes: number): void {
    this.backend.wasm!.HEAPU8.copyWithin(to, from, from + bytes);
  }
}

/** Whether an optimizer's kernels follow its learning rate; tfjs's other optimizers have it in their constants. */
function followsRate(optimizer: tf.Optimizer | undefined): boolean {
  // Not instanceof: tfjs makes every optimizer an instance of every class of them.
  const classes = [tf.SGDOptimizer, tf.RMSPropOptimizer, tf.AdamOptimizer];
  return classes.some(({ prototype }) => Object.prototype.isPrototypeOf.call(prototype, optimizer ?? {}));
}

function incrementIterations(optimizer: tf.Optimizer | undefined): void {
  (optimizer as unknown as { incrementIterations(): void } | undefined)?.incrementIterations();
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
