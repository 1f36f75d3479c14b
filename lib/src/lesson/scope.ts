import { tf } from "@deepen/engine";

/** A run that waits for something, with tfjs's own object for its scope. */
interface Run {
  readonly scope: object;
  ended: boolean;
}

/** Runs under way, oldest first; ended ones stay while another that overlaps them is still under way. */
let runs: Run[] = [];
let variablesBefore: ReadonlySet<string> = new Set();

/**
 * Runs `run` in a tensor scope: tensors and variables (weights of models, too) that it makes are freed when it ends, well
 * or badly. Where runs overlap, because somebody did not await one, all is freed when the last of them ends: scopes are a
 * stack, and the end of one run would free what another still needs.
 *
 * @param what - who asks, for the error's text
 * @throws TypeError if the result holds a tensor or a model: its memory would be gone
 */
export async function scoped<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  const current = begin(what);
  try {
    // A run that does not wait is over before anything else can begin.
    const started = run();
    return checked(what, isThenable(started) ? await started : started);
  } finally {
    end(current);
  }
}

/** True for promises, also for those of a cell's realm. */
export function isThenable<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function begin(what: string): Run {
  const engine = tf.engine();
  // A cell that was ended in the middle leaves no scope on the stack, but its runs here.
  runs = runs.filter(({ scope }) => engine.state.scopeStack.some((open) => open === scope));
  if (runs.length === 0) variablesBefore = new Set(Object.keys(engine.state.registeredVariables));
  engine.startScope(what);
  const current = { scope: engine.state.activeScope, ended: false };
  runs.push(current);
  return current;
}

function end(current: Run): void {
  current.ended = true;
  if (!runs.every(({ ended }) => ended)) return;
  const engine = tf.engine();
  for (const [name, variable] of Object.entries(engine.state.registeredVariables)) {
    if (!variablesBefore.has(name)) variable.dispose();
  }
  for (const { scope } of runs.reverse()) {
    if (engine.state.activeScope === scope) engine.endScope();
  }
  runs = [];
}

function checked<T>(what: string, result: T): T {
  const held = tensorIn(result, 3);
  if (held === undefined) return result;
  throw new TypeError(
    `${what}: expected plain numbers as result, got ${held}: its memory is freed when the run ends, ` +
      "so return what you measured (e.g. await tensor.data())",
  );
}

function tensorIn(value: unknown, depth: number): string | undefined {
  if (value instanceof tf.Tensor) return "a tf.Tensor";
  if (value instanceof tf.LayersModel) return "a tf.LayersModel";
  if (depth === 0 || typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return undefined;
  for (const part of Object.values(value).slice(0, 64)) {
    const held = tensorIn(part, depth - 1);
    if (held !== undefined) return held;
  }
  return undefined;
}
