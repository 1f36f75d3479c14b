import { tfEngine, type WasmBackend } from "../internals";
import { isCompiled } from "../sideModule";
import { tf } from "../tf";
import { forgetHomes } from "./data";
import { Graph } from "./graph";
import { areUnchanged, settingsOf, type Settings } from "./ownCode";
import { abandonRecordings, canRecord, currentRecording } from "./recording";
import type { Outputs, StepFunction } from "./run";

/** What {@link capture} may be told. */
export interface CaptureOptions {
  /** The optimizer that the step uses. Its learning rate may change between steps, and its other numbers too. */
  readonly optimizer?: tf.Optimizer;
  /**
   * The model whose layers the step uses. When one of their settings changes (a rate of dropout, `trainable`), steps are
   * recorded anew. Nothing is captured if a layer is not tfjs's own, nor allowed by `allowCapture`.
   */
  readonly model?: tf.LayersModel;
}

/** What has become of the steps for inputs of certain shapes. */
export interface CaptureInfo {
  /** Types and shapes of the inputs, e.g. "float32[100,40] float32[100,10]". */
  readonly inputs: string;
  /** `recording`: not yet repeated; `captured`: repeated as a list of calls; `ordinary`: run as always. */
  readonly state: "recording" | "captured" | "ordinary";
  /** Why the steps are ordinary ones. */
  readonly reason?: string;
  /** Calls of a repeated step. */
  readonly calls: number;
  /** Bytes of memory kept for it. */
  readonly bytes: number;
}

/** A function of tensors that is recorded and then repeated. */
export interface CapturedFunction<O extends Outputs> {
  (...inputs: tf.Tensor[]): O;
  /** How it stands, for each set of input shapes. */
  info(): readonly CaptureInfo[];
  /**
   * Takes an ordinary step and compares it with the repeated one. A difference (a number in JavaScript that has changed
   * since) ends the repeating: the next steps are recorded anew.
   */
  audit(...inputs: tf.Tensor[]): {
    /** What the ordinary step gave. */
    readonly result: O;
    /** What differs; undefined if nothing does. */
    readonly difference: string | undefined;
  };
  /** Frees the memory that is kept; the next steps are recorded anew. */
  reset(): void;
}

/** Shapes that one function is captured for; more take ordinary steps. */
const mostShapes = 4;

let off: string | undefined;

/** Turns capturing off, for a reason: all steps are ordinary ones from then on. */
export function turnCaptureOff(reason: string): void {
  off ??= reason;
}

/** Why nothing is captured; undefined if steps are. */
export function whyCaptureIsOff(): string | undefined {
  return off;
}

/** All functions that keep memory, so that a kill can free them. */
const keeping = new Set<{ reset(): void }>();

/** Forgets all that is captured, and what was cut off on the way to it: a cell was killed. */
export function resetCaptures(): void {
  for (const captured of keeping) captured.reset();
  abandonRecordings();
  forgetHomes();
}

/**
 * Makes a training step, or any function of tensors, fast: its first run is ordinary, the next two are ordinary ones that
 * are also written down; from then on the same compiled functions are called, with the same numbers, in memory that is laid
 * out once. Results are equal to the bit.
 *
 * The step must do the same each time: only values of its inputs, of variables and of the optimizer may change. What does
 * not (reads values, makes random numbers in JavaScript, keeps a tensor) is noticed while it is written down and stays
 * ordinary; `info` says why. One thing cannot be noticed: a number in JavaScript that changes later. `audit` finds it.
 *
 * @param step - takes tensors and returns one or several; it runs in a `tf.tidy`
 */
export function capture<O extends Outputs>(
  step: (...inputs: tf.Tensor[]) => O,
  { optimizer, model }: CaptureOptions = {},
): CapturedFunction<O> {
  const known = new Map<string, Graph>();
  let backend: WasmBackend | undefined;
  let settings: Settings | undefined;
  let foreign = false;
  let warm = false;
  const ordinary = (...inputs: tf.Tensor[]): O => tf.tidy(() => step(...inputs));
  const followSettings = (): void => {
    if (model === undefined || foreign || (settings !== undefined && areUnchanged(settings))) return;
    captured.reset();
    settings = settingsOf(model);
    foreign = settings === undefined;
  };
  const graphFor = (inputs: tf.Tensor[]): Graph | undefined => {
    if (!mayRecord() || inputs.some(({ dtype }) => dtype === "string" || dtype === "complex64")) return undefined;
    const running = tf.backend() as unknown as WasmBackend;
    if (running !== backend) captured.reset();
    backend = running;
    followSettings();
    if (foreign) return undefined;
    const key = inputs.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join(" ");
    let graph = known.get(key);
    if (graph === undefined && known.size < mostShapes) {
      known.set(key, (graph = new Graph(backend, ordinary as unknown as StepFunction, optimizer, inputs)));
      keeping.add(captured);
    }
    return graph;
  };
  const captured = (...inputs: tf.Tensor[]): O => {
    const graph = warm ? graphFor(inputs) : undefined;
    warm = true;
    return graph === undefined ? ordinary(...inputs) : (graph.step(inputs) as O);
  };
  captured.info = (): CaptureInfo[] => {
    const reason = off ?? (foreign ? "a layer of the model is not tfjs's own; see allowCapture" : undefined);
    if (reason !== undefined) return [{ inputs: "all", state: "ordinary", reason, calls: 0, bytes: 0 }];
    return [...known].map(([inputs, graph]) => ({
      inputs,
      state: graph.kind === "captured" || graph.kind === "ordinary" ? graph.kind : "recording",
      ...(graph.reason === undefined ? {} : { reason: graph.reason }),
      calls: graph.calls,
      bytes: graph.bytes,
    }));
  };
  captured.audit = (...inputs: tf.Tensor[]): { result: O; difference: string | undefined } => {
    const graph = graphFor(inputs);
    if (graph === undefined) return { result: ordinary(...inputs), difference: "nothing is captured" };
    const wasCaptured = graph.kind === "captured";
    const audited = graph.audit(inputs) as { result: O; difference: string | undefined };
    // What has changed for inputs of one shape has changed for all.
    if (wasCaptured && audited.difference !== undefined) captured.reset();
    return audited;
  };
  captured.reset = (): void => {
    for (const graph of known.values()) graph.free();
    known.clear();
    settings = undefined;
    foreign = false;
    keeping.delete(captured);
  };
  return captured;
}

/** Whether a step may be recorded or repeated here and now. */
function mayRecord(): boolean {
  const { activeTape, profiling } = tfEngine().state;
  return (
    off === undefined &&
    tf.getBackend() === "wasm" &&
    isCompiled() &&
    activeTape == null &&
    !profiling &&
    currentRecording() === undefined &&
    canRecord()
  );
}
